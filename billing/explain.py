"""For support: the facts of an account, the decision and why, as plain text."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from billing.access import Access, Facts, Holder, alerts, decide
from billing.customers import customer_of
from billing.operators import acts_of
from billing.service import facts_for


def explain(session: Session, holder: Holder, now: datetime, *, livemode: bool = False) -> str:
    """Facts, decision and the why, one a line."""
    account_id, facts = holder.account_id, facts_for(session, holder, livemode=livemode)
    decided = decide(facts, now)
    lines = [
        f"account {account_id} at {_at(now)} ({'live' if livemode else 'test'} mode)",
        f"customer: {customer_of(session, account_id) or 'none'}",
        *_facts(facts),
        *_decision(decided),
        *(f"ALERT {alert}" for alert in alerts(facts)),
        *(f"act: {_at(act.at)} {act.what} by {act.who}: {act.why}" for act in acts_of(session, account_id)),
    ]
    return "\n".join(lines)


def _at(moment: datetime | None, never: str = "no") -> str:
    """``2026-11-24 09:30:00 UTC``, to the second as the rules count."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else never


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _decision(decided: Access) -> Iterator[str]:
    yield f"decision: {decided.state} ({_at(decided.valid_until, 'no clock ends it')})"
    yield f"why: {decided.reason}"


def _facts(facts: Facts) -> Iterator[str]:
    yield f"mailbox proved: {_at(facts.email_verified_at)}; deleted: {_at(facts.deleted_at)}"
    if facts.leaves_at is not None:
        yield f"deletion asked for: to go on {_at(facts.leaves_at)}"
    if facts.trial is not None:
        yield f"trial: {_at(facts.trial.starts_at)} to {_at(facts.trial.ends_at)}"
    else:
        yield "trial: none"
    for sub in facts.subscriptions:
        yield (
            f"subscription {sub.subscription_id}: {sub.status}, period ends {_at(sub.period_end)}, cancel at {_at(sub.cancel_at)}"
            f" (at period end: {_yes(sub.cancel_at_period_end)}), ended {_at(sub.ended_at)}, first failed {_at(sub.first_failed_at)},"
            f" price known: {_yes(sub.price_known)}, live: {_yes(sub.livemode)}"
        )
    for comp in facts.comps:
        yield f"comp: {_at(comp.starts_at)} to {_at(comp.until, 'for good')}: {comp.reason}"
    for hold in facts.holds:
        yield f"hold ({hold.kind}): from {_at(hold.starts_at)}, released {_at(hold.released_at)}"
    for refund in facts.refunds:
        yield f"refund of {refund.subscription_id}: {'full' if refund.full else 'partial'}, {_at(refund.at)}"
