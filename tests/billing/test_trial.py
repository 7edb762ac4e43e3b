"""One trial for an account and for a mailbox, of exactly 168 hours."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from billing import trial
from billing.access import Holder, State
from billing.models import TrialGrant
from billing.service import access_for
from billing.trial import canonical_email


def test_a_trial_lasts_168_hours_to_the_second(session: Session, now: datetime) -> None:
    granted = trial.grant(session, uuid4(), b"mailbox", now)
    assert granted is not None
    assert granted.ends_at - granted.starts_at == timedelta(hours=168)


def test_asking_again_gives_the_same_trial_back(session: Session, now: datetime) -> None:
    account = uuid4()
    first = trial.grant(session, account, b"mailbox", now)
    again = trial.grant(session, account, b"another mailbox", now + timedelta(days=30))
    assert first is not None
    assert again is not None
    assert (again.id, again.ends_at) == (first.id, first.ends_at)
    assert session.execute(select(func.count()).select_from(TrialGrant)).scalar_one() == 1


def test_a_mailbox_that_had_its_trial_is_refused_a_second(session: Session, now: datetime) -> None:
    trial.grant(session, uuid4(), b"mailbox", now)
    second = uuid4()
    assert trial.grant(session, second, b"mailbox", now + timedelta(days=400)) is None
    assert trial.grant_of(session, second) is None


def test_the_table_itself_refuses_a_trial_of_another_length(session: Session, now: datetime) -> None:
    session.add(TrialGrant(account_id=uuid4(), email_hmac=b"x", starts_at=now, ends_at=now + timedelta(hours=169)))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "spelling",
    [
        "ada.lovelace@gmail.com",
        "AdaLovelace@Gmail.com",
        "a.d.a.lovelace+lift@googlemail.com",
        " adalovelace@gmail.com ",
        "adalovelace+a+b@gmail.com",
        "ａdalovelace@gmail.com",
        "adalovelace@gmail.com.",
    ],
)
def test_all_spellings_of_a_gmail_box_are_one(spelling: str) -> None:
    assert canonical_email(spelling) == "adalovelace@gmail.com"


def test_dots_count_where_the_provider_counts_them() -> None:
    assert canonical_email("Ada.L+x@Example.org") == "ada.l@example.org"


def test_a_domain_is_compared_in_its_ascii_form() -> None:
    assert canonical_email("a@BÜCHER.example") == canonical_email("a@xn--bcher-kva.example")


@pytest.mark.parametrize("broken", ["", "@", "a@", "@b.org", "nothing", "a@b..org", "a@-\u0378.org"])
def test_what_is_no_address_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        canonical_email(broken)


@given(st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z]{1,10}\.(com|org)", fullmatch=True))
def test_the_canonical_spelling_of_a_canonical_spelling_is_itself(address: str) -> None:
    once = canonical_email(address)
    if not once.startswith("+"):
        assert canonical_email(once) == once


def test_access_costs_one_query_and_a_visitor_none(session: Session, now: datetime) -> None:
    account = uuid4()
    trial.grant(session, account, b"mailbox", now)
    session.expunge_all()
    asked: list[str] = []
    connection = session.connection()

    @event.listens_for(connection, "before_cursor_execute")
    def _count(*args: object) -> None:
        asked.append(str(args[2]))

    visitor = access_for(session, None, now)
    assert (visitor.state, asked) == (State.ANONYMOUS, [])
    decided = access_for(session, Holder(account, now), now)
    assert (decided.state, len(asked)) == (State.TRIALING, 1)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_trial_ends_at_the_same_second_in_every_zone(session: Session, now: datetime, zone: str) -> None:
    session.execute(text("SELECT set_config('timezone', :zone, true)"), {"zone": zone})
    account = uuid4()
    trial.grant(session, account, b"mailbox", now)
    end = now + timedelta(hours=168)
    for moment, state in ((end - timedelta(seconds=1), State.TRIALING), (end, State.TRIAL_EXPIRED)):
        session.expunge_all()
        decided = access_for(session, Holder(account, now), moment)
        assert decided.state is state
