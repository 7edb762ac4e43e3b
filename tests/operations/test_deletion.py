"""Leaving: asked for, undone, done; afterwards no row of any table names the person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.orm import Session

from billing import operators, trial
from billing.desk import TryAgain
from billing.models import Audit, Snapshot, TrialGrant
from billing.models import Base as BillingBase
from lift.accounts import service as accounts
from lift.accounts import sessions
from lift.accounts.models import Account
from lift.accounts.tokens import Purpose, issue
from lift.copilot import service as copilot
from lift.interviews.models import QuotaEntry
from lift.kernel.clock import FixedClock
from lift.kernel.ids import keyed_hash, uuid7
from lift.notifications.models import MailMessage
from lift.notifications.service import notify, send_mail
from lift.operations import deletion
from lift.operations.retention import tidy
from lift.payments.rounds import ask_for
from lift.problems import service as problems
from lift.shelf import service as shelf
from lift.submissions import drafts
from lift.submissions.models import Report, ReportEvent
from lift.tables import metadata
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.factories import a_question, a_submitted_answer
from tests.submissions.reporting import Reporters
from tests.web.practice_room import Candidate, HearsTheFirst, Workers
from tests.web.test_billing import buy, deliver

EMAIL = "Ada.Leaves@example.org"


@pytest.fixture
def ada(app: Any, session: Session, services: Services, provider: FakeGateway, clock: FixedClock) -> Candidate:
    """Somebody with a row in every table that can hold one."""
    now = clock.now()
    made = Candidate(app, session, now, EMAIL)
    account = made.account
    key = services.settings.trial_key.get_secret_value()
    mailbox = keyed_hash(key, "trial-mailbox", trial.canonical_email(EMAIL))
    session.execute(select(TrialGrant)).scalar_one().email_hmac = mailbox
    a_submitted_answer(session, account, a_question(session), "An answer.", now)
    shelf.add(session, shelf.make_list(session, account.id, "Mine", now), a_question(session).id, now)
    question = a_question(session)
    copilot.improve_sentence(session, account.id, question, f"{EMAIL} writes a sentence.", now, with_model=True)
    problems.report(session, account.id, question, "other", f"Write to {EMAIL}.", now)
    notify(session, account_id=account.id, kind="k", effect_key="n", text="t", href=None, now=now)
    Reporters(session, now).send(a_question(session), by=account)
    drafts.save(session, account.id, {"words": "A draft."}, now)
    session.add(QuotaEntry(id=uuid7(), account_id=account.id, effect_key="q", kind="turn", amount=1, at=now))
    issue(session, account.id, Purpose.RESET, now)
    sessions.start(session, None, now, "a browser", claimed_email=EMAIL.lower())
    send_mail(session, None, EMAIL, "reset_unknown", "stranger", {"sign_up": "/"}, now)
    operators.grant_comp(
        session, account.id, until=None, who="boss@example.org", why=f"{EMAIL.upper()} asked", act_key="1", now=now
    )
    other = uuid7()
    operators.hold(session, other, kind="admin", who=EMAIL, why="ran the place", act_key="2", now=now)
    operators.grant_comp(session, other, until=None, who=EMAIL, why="a friend", act_key="3", now=now)
    ask_for(session, account.id, "now", now)
    session.commit()
    services.scorer = HearsTheFirst()
    made.get(f"/billing/return?session_id={buy(made, provider)}")
    deliver(services, provider, now)
    Workers(services, clock).work()
    return made


def cells(session: Session) -> Iterator[tuple[str, str]]:
    """Every value of every table, as text."""
    every: tuple[MetaData, ...] = (metadata, BillingBase.metadata)
    for table in (one for data in every for one in data.sorted_tables):
        for row in session.execute(table.select()).mappings():
            for column, value in row.items():
                yield f"{table.fullname}.{column}", str(value)


def naming(session: Session, account_id: UUID) -> set[str]:
    """The columns that still tell who it was."""
    found = cells(session)
    return {where for where, text in found if str(account_id) in text or EMAIL.lower() in text.lower()}


def ask(services: Services, ada: Candidate) -> None:
    assert deletion.request(services.desk, services.settings, ada.account.id, services.clock.now())


def purge(services: Services) -> dict[str, int]:
    return deletion.purge_due(services.desk, services.clock.now())


def test_on_the_day_every_row_of_the_person_goes_but_what_was_agreed(
    services: Services, ada: Candidate, provider: FakeGateway, clock: FixedClock, session: Session
) -> None:
    account_id = ada.account.id
    assert {where.rpartition(".")[0] for where in naming(session, account_id)} >= {
        "accounts", "answers", "copilot_asks", "question_problems", "saved_lists", "seen_questions", "notices",
        "mail_messages", "web_sessions", "account_tokens", "quota_entries", "jobs", "reports",
        "report_drafts",
        "billing.customers", "billing.subscription_snapshots", "billing.comps", "billing.effects", "billing.audit",
        "billing.trial_grants", "billing.checkout_reservations",
    }  # fmt: skip
    ask(services, ada)
    clock.advance(timedelta(days=14) - timedelta(seconds=1))
    assert purge(services) == {"deleted": 0, "failed": 0}
    clock.advance(timedelta(seconds=1))
    assert purge(services) == {"deleted": 1, "failed": 0}
    assert naming(session, account_id) == {"mail_messages.to_address"}
    assert session.execute(select(Report.id).union(select(ReportEvent.id))).first() is None
    question = a_question(session)
    session.refresh(question)
    assert (question.provenance, question.reports) == ("editorial", 0)
    Workers(services, clock).work()
    deliver(services, provider, clock.now())
    clock.advance(timedelta(days=1, seconds=1))
    tidy(session, clock.now())
    assert naming(session, account_id) == set()
    assert all(sub.shown.status == "canceled" for sub in provider.subs.values())


def test_what_stays_is_the_trial_and_the_trail_under_a_pseudonym(
    services: Services, ada: Candidate, clock: FixedClock, session: Session
) -> None:
    deletion.purge(services.desk, ada.account.id, clock.now(), who="command line", why="a letter")
    (grant,) = session.execute(select(TrialGrant)).scalars()
    trail = session.execute(select(Audit).where(Audit.account_id == grant.account_id)).scalars()
    assert sorted((act.what, act.who, act.why) for act in trail) == [
        ("account_deleted", "command line", "a letter"),
        ("comp_granted", "boss@example.org", "(removed) asked"),
    ]
    assert "(removed)" in set(session.execute(select(Audit.who)).scalars())


def test_a_provider_that_does_not_answer_stops_it_and_the_next_round_tries_again(
    services: Services, ada: Candidate, provider: FakeGateway, clock: FixedClock, session: Session
) -> None:
    ask(services, ada)
    clock.advance(timedelta(days=14))
    provider.fail.add("*")
    assert purge(services) == {"deleted": 0, "failed": 1}
    assert session.execute(select(Snapshot.sub_id)).first() is not None
    assert ada.get("/home").status_code == 303
    provider.fail.clear()
    clock.advance(timedelta(minutes=15))
    assert purge(services) == {"deleted": 1, "failed": 0}
    assert session.execute(select(Account)).first() is None


def test_asking_while_the_provider_is_away_leaves_the_account_as_it_was(
    services: Services, ada: Candidate, provider: FakeGateway, session: Session
) -> None:
    provider.fail.add("*")
    with pytest.raises(TryAgain):
        ask(services, ada)
    assert session.execute(select(Account.leaves_at)).scalar_one() is None


def test_it_can_be_undone_until_the_day_and_each_mail_is_sent_once(
    services: Services, ada: Candidate, clock: FixedClock, session: Session
) -> None:
    def undo() -> bool:
        return deletion.undo(services.desk, services.settings, ada.account.id, clock.now())

    ask(services, ada)
    assert not deletion.request(services.desk, services.settings, ada.account.id, clock.now())
    assert session.execute(select(Snapshot.cancel_at_period_end)).scalar_one()
    assert undo()
    assert not undo()
    session.expire_all()
    assert not session.execute(select(Snapshot.cancel_at_period_end)).scalar_one()
    ask(services, ada)
    clock.advance(timedelta(days=14))
    assert not undo()
    kinds = sorted(session.execute(select(MailMessage.kind).where(MailMessage.kind.like("deletion%"))).scalars())
    assert kinds == ["deletion_asked", "deletion_asked", "deletion_undone"]


def test_whoever_comes_back_afterwards_has_no_second_trial(
    services: Services, ada: Candidate, clock: FixedClock, session: Session
) -> None:
    deletion.purge(services.desk, ada.account.id, clock.now(), who="w", why="y")
    accounts.sign_up(
        session, services.settings, "ada.leaves+again@example.org", "a long enough secret", clock.now(), ""
    )
    text = session.execute(select(MailMessage.body_text).where(MailMessage.kind == "verify")).scalar_one()
    token = text.partition("/verify/")[2].split()[0]
    link = accounts.verification_link(session, token, clock.now())
    done = accounts.verify(session, services.settings, link, token, clock.now())
    assert done is accounts.Confirmed.NO_TRIAL
