"""Mails and notices, each once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from lift.accounts.models import Account
from lift.accounts.tokens import LIVES, Purpose
from lift.job_handlers import handlers
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.kernel.errors import Unavailable
from lift.kernel.ids import uuid7
from lift.kernel.job_runner import Outside, Work
from lift.kernel.jobs import Job, JobRow
from lift.notifications import letters, queries, service
from lift.notifications.models import MailMessage, Notice
from lift.providers.mail import Letter
from lift.wiring import Services
from tests.factories import an_account

LINK = "http://127.0.0.1:8000/verify/abc"


def working(session: Session) -> Work:
    """Units of work within the test's transaction."""

    @contextmanager
    def work() -> Iterator[Session]:
        yield session
        session.flush()

    return work


class Outbox:
    """A mailer that keeps what it was given, or refuses."""

    def __init__(self, *, keeps_mailbox: bool = False, away: bool = False) -> None:
        self.keeps_mailbox = keeps_mailbox
        self.away = away
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        if self.away:
            raise Unavailable("away")
        self.sent.append(letter)


def promised(session: Session, now: datetime, key: str = "verify:1") -> UUID | None:
    account = an_account(session, now, f"{uuid7()}@example.org")
    return service.send_mail(session, account.id, "ada@example.org", "verify", key, {"link": LINK}, now)


def hand_over(session: Session, message_id: UUID, outbox: Outbox, now: datetime) -> None:
    """As the runner of jobs does it."""
    noted = service.deliver(working(session), message_id, outbox, now)
    if noted is not None:
        noted(session)


def test_a_mail_is_promised_once_for_its_key(session: Session, now: datetime) -> None:
    assert promised(session, now) is not None
    assert promised(session, now) is None
    assert session.execute(select(func.count()).select_from(MailMessage)).scalar_one() == 1
    assert session.execute(select(func.count()).where(JobRow.job == Job.SEND_MAIL)).scalar_one() == 1


def test_a_mail_is_handed_over_once_however_often_the_task_runs(session: Session, now: datetime) -> None:
    message_id, outbox = promised(session, now), Outbox()
    assert message_id is not None
    for _ in range(3):
        hand_over(session, message_id, outbox, now)
    assert [letter.id for letter in outbox.sent] == [message_id]
    assert LINK in outbox.sent[0].text


def test_what_left_the_host_keeps_no_link_behind(session: Session, now: datetime) -> None:
    for keeps, body in ((False, ""), (True, LINK)):
        message_id = promised(session, now, f"verify:{keeps}")
        assert message_id is not None
        hand_over(session, message_id, Outbox(keeps_mailbox=keeps), now)
        session.expire_all()
        assert body in queries.mail(session, message_id).body_text
        assert bool(queries.mail(session, message_id).body_html) is keeps


def test_a_mail_server_that_is_away_leaves_the_mail_to_be_sent(session: Session, now: datetime) -> None:
    message_id, outbox = promised(session, now), Outbox()
    assert message_id is not None
    with pytest.raises(Unavailable):
        hand_over(session, message_id, Outbox(away=True), now)
    hand_over(session, message_id, outbox, now)
    assert len(outbox.sent) == 1


def test_a_mail_that_is_gone_is_no_error(session: Session, now: datetime) -> None:
    hand_over(session, uuid7(), Outbox(), now)


def test_the_job_delivers_the_mail(services: Services, session: Session, now: datetime) -> None:
    message_id = promised(session, now)
    assert message_id is not None
    session.commit()
    handler = handlers(services)[Job.SEND_MAIL]
    assert isinstance(handler, Outside)
    noted = handler.act(partial(unit_of_work, services.session_factory), {"message_id": str(message_id)}, now)
    assert noted is not None
    assert queries.mail(session, message_id).sent_at is None
    noted(session)
    session.expire_all()
    assert queries.mail(session, message_id).sent_at == now


class Looking(Outbox):
    """Looks while it sends whether another connection may change the mail's row."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine

    def send(self, letter: Letter) -> None:
        super().send(letter)
        with self.engine.connect() as other:
            waiting = text("SELECT 1 FROM mail_messages WHERE id = :id FOR UPDATE NOWAIT")
            assert other.execute(waiting, {"id": letter.id}).scalar_one() == 1


def test_no_row_is_locked_while_the_mail_server_is_talked_to(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    work = partial(unit_of_work, make_session_factory(engine))
    with work() as session:
        account = an_account(session, now, f"{uuid7()}@example.org")
        message_id = service.send_mail(session, account.id, account.email, "verify", "looking", {"link": LINK}, now)
    assert message_id is not None
    noted = service.deliver(work, message_id, Looking(engine), now)
    assert noted is not None
    with work() as session:
        noted(session)
        assert queries.mail(session, message_id).sent_at == now
        session.execute(delete(JobRow))
        session.delete(session.get_one(Account, account.id))
    engine.dispose()


def test_a_mail_is_tried_as_long_as_its_link_lives(session: Session, now: datetime) -> None:
    for purpose, lives in LIVES.items():
        assert letters.USEFUL_FOR[purpose] == lives
    account = an_account(session, now)
    context = {"link": LINK}
    service.send_mail(session, account.id, "ada@example.org", "reset", "reset:1", context, now)
    job = session.execute(select(JobRow).where(JobRow.job == Job.SEND_MAIL)).scalar_one()
    assert job.give_up_at == now + LIVES[Purpose.RESET]


DAY = timedelta(days=1)


def forget(session: Session, now: datetime) -> int:
    return service.forget(session, now, kept_for=30 * DAY, strangers_kept_for=DAY)


def test_old_mails_are_forgotten_and_those_to_strangers_before(session: Session, now: datetime) -> None:
    ours = promised(session, now)
    service.send_mail(session, None, "eve@example.org", "reset_unknown", "unknown:1", {"sign_up": LINK}, now)
    assert forget(session, now + DAY) == 0
    assert forget(session, now + DAY * 1.01) == 1
    assert session.execute(select(MailMessage.id)).scalars().all() == [ours]
    assert forget(session, now + 30 * DAY) == 0
    assert forget(session, now + 30.01 * DAY) == 1


def test_a_mail_that_was_never_sent_loses_its_text_when_its_link_is_dead(session: Session, now: datetime) -> None:
    message_id = promised(session, now)
    assert message_id is not None
    for later, kept in ((DAY, True), (DAY * 1.01, False)):
        forget(session, now + later)
        session.expire_all()
        assert (LINK in queries.mail(session, message_id).body_text) is kept
        assert bool(queries.mail(session, message_id).body_html) is kept


def test_a_notice_is_put_up_once(session: Session, now: datetime) -> None:
    account = an_account(session, now)

    def put_up() -> bool:
        return service.notify(
            session, account_id=account.id, kind="k", effect_key="assessed:1", text="Read.", href=None, now=now
        )

    assert [put_up(), put_up()] == [True, False]
    assert session.execute(select(func.count()).select_from(Notice)).scalar_one() == 1
    assert queries.unread_count(session, account.id) == 1
    service.mark_all_read(session, account.id, now)
    assert queries.unread_count(session, account.id) == 0


CONTEXT = {
    **dict.fromkeys(
        ("link", "log_in", "forgot", "sign_up", "billing", "pricing", "url", "undo", "account", "report"),
        LINK,
    ),
    "amount": "29.00 USD",
    "number": "LIFT-1",
    "question": "How do leases work?",
    "reasons": ["The reports agree."],
    "until": "3 Dec 2026, 10:30 CET",
    "removed": False,
    "answer": "It is ours.",
    "plan": "Monthly",
    **dict.fromkeys(("ends_at", "resumes_at", "first_charge_at", "leaves_at"), "3 Dec 2026, 10:30 CET"),
}


@pytest.mark.parametrize("kind", list(letters.SUBJECTS))
def test_every_kind_of_mail_can_be_written_in_both_forms(kind: str) -> None:
    subject, text, html = letters.write(kind, CONTEXT)
    # The last mail of all, and what is mailed to somebody who needs no account: there is nothing to lead to.
    leads_somewhere = kind not in ("account_deleted", "takedown_received", "takedown_answered")
    assert (LINK in text) is leads_somewhere
    assert (f'href="{LINK}"' in html) is leads_somewhere
    assert subject in html
    assert "{{" not in text + html
    assert "http" not in text.replace(LINK, "")


def test_a_mail_without_what_it_needs_is_not_written() -> None:
    with pytest.raises(Exception, match="link"):
        letters.write("verify", {})


def test_html_in_a_value_is_text(session: Session) -> None:
    html = letters.write("verify", {"link": '"><script>'})[2]
    assert "<script>" not in html
