"""For support: the facts of an account, the decision and why, as plain text."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from billing.access import Access, Facts, alerts, decide
from billing.customers import customer_of
from billing.operators import acts_of
from billing.service import facts_for


def explain(
    session: Session,
    account_id: UUID,
    *,
    email_verified_at: datetime | None,
    deleted_at: datetime | None,
    now: datetime,
    leaves_at: datetime | None = None,
    livemode: bool = False,
) -> str:
    """Facts, decision and the why, one a line."""
    facts = facts_for(
        session,
        account_id,
        email_verified_at=email_verified_at,
        deleted_at=deleted_at,
        leaves_at=leaves_at,
        livemode=livemode,
    )
    decided = decide(facts, now)
    lines = [
        f"account {account_id} at {now.isoformat()} ({'live' if livemode else 'test'} mode)",
        f"customer: {customer_of(session, account_id) or 'none'}",
        *_facts(facts),
        *_decision(decided),
        *(f"ALERT {alert}" for alert in alerts(facts)),
        *(f"act: {act.at.isoformat()} {act.what} by {act.who}: {act.why}" for act in acts_of(session, account_id)),
    ]
    return "\n".join(lines)


def _decision(decided: Access) -> Iterator[str]:
    until = decided.valid_until.isoformat() if decided.valid_until else "no clock ends it"
    yield f"decision: {decided.state} ({until})"
    yield f"why: {decided.reason}"


def _facts(facts: Facts) -> Iterator[str]:
    yield f"mailbox proved: {facts.email_verified_at or 'no'}; deleted: {facts.deleted_at or 'no'}"
    if facts.leaves_at is not None:
        yield f"deletion asked for: on {facts.leaves_at.isoformat()}"
    if facts.trial is not None:
        yield f"trial: {facts.trial.starts_at.isoformat()} to {facts.trial.ends_at.isoformat()}"
    else:
        yield "trial: none"
    for sub in facts.subscriptions:
        yield (
            f"subscription {sub.subscription_id}: {sub.status}, period ends {sub.period_end}, cancel at {sub.cancel_at}"
            f" (at period end: {sub.cancel_at_period_end}), ended {sub.ended_at}, first failed {sub.first_failed_at},"
            f" price known: {sub.price_known}, live: {sub.livemode}"
        )
    for comp in facts.comps:
        yield f"comp: {comp.starts_at.isoformat()} to {comp.until or 'for good'}: {comp.reason}"
    for hold in facts.holds:
        yield f"hold ({hold.kind}): from {hold.starts_at.isoformat()}, released {hold.released_at or 'no'}"
    for refund in facts.refunds:
        yield f"refund of {refund.subscription_id}: {'full' if refund.full else 'partial'}, {refund.at.isoformat()}"
