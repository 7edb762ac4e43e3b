"""What billing does on a schedule, and what its jobs do in a worker's hands."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from billing.access import State
from billing.checkout import Buyer, start_checkout
from billing.models import EventRow, Snapshot, TrialGrant
from billing.service import access_for
from lift.accounts.models import Account
from lift.accounts.people import holder_of
from lift.job_handlers import handlers
from lift.kernel.clock import FixedClock
from lift.kernel.errors import Unavailable
from lift.kernel.job_runner import JobRunner
from lift.kernel.jobs import Job, JobRow
from lift.notifications.models import MailMessage
from lift.payments.events import promise
from lift.payments.rounds import ask_for_all, reconcile_account, remind
from lift.wiring import Services
from tests.billing.fake_gateway import FakeGateway
from tests.factories import an_account


@pytest.fixture
def ada(session: Session, now: datetime) -> Account:
    """Somebody whose trial begins now."""
    made = an_account(session, now)
    ends_at = now + timedelta(hours=168)
    session.add(TrialGrant(id=uuid4(), account_id=made.id, email_hmac=b"ada", starts_at=now, ends_at=ends_at))
    session.commit()
    return made


def buy(services: Services, provider: FakeGateway, account: Account) -> None:
    buyer = Buyer(account.id, account.email, "https://lift.example/r?s={CHECKOUT_SESSION_ID}", "https://lift.example")
    url = start_checkout(services.desk, buyer, "lift_monthly_usd", services.clock.now())
    provider.complete(url.rpartition("/")[2])


def state(session: Session, account: Account, now: datetime) -> State:
    return access_for(session, holder_of(account), now).state


def open_jobs(session: Session, job: Job) -> list[JobRow]:
    statement = select(JobRow).where(JobRow.job == job, JobRow.done_at.is_(None))
    return list(session.execute(statement.execution_options(populate_existing=True)).scalars())


def runner(services: Services) -> JobRunner:
    return JobRunner(services.session_factory, services.clock, handlers(services), timedelta(seconds=20))


def test_each_reminder_of_the_trial_is_sent_once_in_its_time(
    services: Services, provider: FakeGateway, session: Session, ada: Account, clock: FixedClock
) -> None:
    sent = []
    for _ in range(8 * 24 * 2):
        clock.advance(timedelta(minutes=30))
        with services.desk.uow() as opened:
            if remind(opened, services.mail, clock.now(), livemode=False):
                sent.append(clock.now() - ada.created_at)
    assert sent == [timedelta(days=4), timedelta(days=6), timedelta(days=7)]
    kinds = session.execute(select(MailMessage.kind).order_by(MailMessage.created_at)).scalars().all()
    assert kinds == ["trial_3_days", "trial_1_day", "trial_ended"]


def test_whoever_has_subscribed_is_reminded_of_nothing(
    services: Services, provider: FakeGateway, session: Session, ada: Account, clock: FixedClock
) -> None:
    buy(services, provider, ada)
    reconcile_account(services.desk, ada.id, clock.now())
    with services.desk.uow() as opened:
        assert remind(opened, services.mail, clock.now() + timedelta(days=5), livemode=False) == 0


def test_an_event_is_worked_by_its_job_without_its_payload_being_believed(
    services: Services, provider: FakeGateway, session: Session, ada: Account, now: datetime
) -> None:
    buy(services, provider, ada)
    sub = next(iter(provider.subs.values())).shown
    with services.desk.uow() as opened:
        row = {"id": "evt_x", "type": "customer.subscription.deleted", "subject": f"sub:{sub.id}", "created": now}
        opened.add(
            EventRow(**row, livemode=False, api_version="", payload={}, received_at=now, state="pending", attempts=0)
        )
        promise(now)(opened, "billing_event", "event:evt_x", {"event_id": "evt_x"})
    (job,) = open_jobs(session, Job.BILLING_EVENT)
    assert runner(services).run(job.id) is not None
    assert state(session, ada, now) is State.CONVERTED_TRIAL
    assert open_jobs(session, Job.BILLING_EVENT) == []


def test_an_event_waits_while_the_provider_is_away(
    services: Services, provider: FakeGateway, session: Session, ada: Account, clock: FixedClock
) -> None:
    now = clock.now()
    with services.desk.uow() as opened:
        row = {"id": "evt_y", "type": "invoice.paid", "subject": "sub:sub_1", "created": now, "received_at": now}
        opened.add(EventRow(**row, livemode=False, api_version="", payload={}, state="pending", attempts=0))
        promise(now)(opened, "billing_event", "event:evt_y", {"event_id": "evt_y"})
    provider.fail.add("*")
    (job,) = open_jobs(session, Job.BILLING_EVENT)
    assert runner(services).run(job.id) is None
    provider.fail.clear()
    clock.advance(timedelta(seconds=3))
    assert runner(services).run(job.id) is not None


def test_events_that_were_lost_are_made_up_for_within_the_hour(
    services: Services, provider: FakeGateway, session: Session, ada: Account, now: datetime
) -> None:
    buy(services, provider, ada)
    provider.events.clear()
    assert state(session, ada, now) is State.TRIALING
    for expected in (1, 0):
        with services.desk.uow() as opened:
            assert ask_for_all(opened, now) == expected
    (job,) = open_jobs(session, Job.BILLING_SYNC)
    assert runner(services).run(job.id) is not None
    assert state(session, ada, now) is State.CONVERTED_TRIAL
    with services.desk.uow() as opened:
        assert ask_for_all(opened, now + timedelta(hours=1)) == 1
    assert reconcile_account(services.desk, ada.id, now).drifts == []


def test_a_comparison_is_tried_again_when_the_provider_does_not_answer(
    services: Services, provider: FakeGateway, session: Session, ada: Account, now: datetime
) -> None:
    buy(services, provider, ada)
    provider.fail.add("*")
    with pytest.raises(Unavailable):
        reconcile_account(services.desk, ada.id, now)
    assert session.execute(select(Snapshot)).first() is None
