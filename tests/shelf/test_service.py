"""Lists of one's own, and what one has seen."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.interviews import service as interviews
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.questions.models import Question
from lift.shelf import queries, service
from lift.shelf.models import SeenQuestion
from tests.factories import a_question, an_account


@pytest.fixture
def ada(session: Session, now: datetime) -> UUID:
    return an_account(session, now).id


@pytest.fixture
def mine(session: Session, ada: UUID, now: datetime) -> UUID:
    return service.make_list(session, ada, "To review", now)


def names(session: Session, account_id: UUID) -> list[tuple[str, int]]:
    return [(item.name, item.questions) for item in queries.lists(session, account_id)]


def test_lists_stand_by_name_with_their_numbers(session: Session, ada: UUID, mine: UUID, now: datetime) -> None:
    service.make_list(session, ada, "  a \u0000 first\u202e list ", now)
    service.add(session, mine, a_question(session).id, now)
    service.add(session, mine, a_question(session).id, now)
    assert names(session, ada) == [("a first list", 0), ("To review", 1)]


@pytest.mark.parametrize("name", ["", "  ", "\u200b\n", "x" * (service.LONGEST_NAME + 1)])
def test_a_name_that_says_nothing_or_too_much_is_refused(session: Session, ada: UUID, now: datetime, name: str) -> None:
    with pytest.raises(Invalid):
        service.make_list(session, ada, name, now)


def test_a_name_is_taken_once_whatever_its_capitals_and_others_may_have_it_too(
    session: Session, ada: UUID, mine: UUID, now: datetime
) -> None:
    with pytest.raises(Conflict):
        service.make_list(session, ada, "TO REVIEW", now)
    other = service.make_list(session, ada, "Other", now)
    with pytest.raises(Conflict):
        service.rename_list(session, ada, other, "to review")
    service.rename_list(session, ada, mine, "TO REVIEW")
    assert ("TO REVIEW", 0) in names(session, ada)
    grace = an_account(session, now, "grace@example.org").id
    assert service.make_list(session, grace, "To review", now)


def test_a_person_has_so_many_lists_and_no_more(session: Session, ada: UUID, now: datetime) -> None:
    for number in range(service.MOST_LISTS):
        service.make_list(session, ada, f"List {number}", now)
    with pytest.raises(Conflict):
        service.make_list(session, ada, "One more", now)


def test_a_full_list_takes_nothing_more_but_what_is_in_it(
    session: Session, mine: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = session.execute(select(Question.id).order_by(Question.slug).limit(3)).scalars()
    monkeypatch.setattr(service, "MOST_SAVED", 2)
    for question in (first, second, second):
        service.add(session, mine, question, now)
    with pytest.raises(Conflict):
        service.add(session, mine, third, now)
    assert set(queries.question_ids(session, mine)) == {first, second}


def test_a_question_is_in_exactly_the_lists_that_are_named(
    session: Session, ada: UUID, mine: UUID, now: datetime
) -> None:
    question = a_question(session).id
    other = service.make_list(session, ada, "Other", now)
    service.keep_in(session, ada, question, [mine], now)
    assert queries.holding(session, ada, question) == {mine}
    service.keep_in(session, ada, question, [other, uuid7()], now)
    assert queries.holding(session, ada, question) == {other}
    service.keep_in(session, ada, question, [], now)
    assert queries.holding(session, ada, question) == set()


def test_nobody_else_can_read_rename_fill_or_delete_a_list(
    session: Session, ada: UUID, mine: UUID, now: datetime
) -> None:
    grace = an_account(session, now, "grace@example.org").id
    question = a_question(session).id
    for act in (
        lambda: queries.own_list(session, grace, mine),
        lambda: service.rename_list(session, grace, mine, "Hers"),
        lambda: service.take_out(session, grace, mine, question),
        lambda: service.delete_list(session, grace, mine),
    ):
        with pytest.raises(NotFound):
            act()
    service.keep_in(session, grace, question, [mine], now)
    assert names(session, ada) == [("To review", 0)]


def test_a_deleted_list_takes_its_contents_along_and_no_question(
    session: Session, ada: UUID, mine: UUID, now: datetime
) -> None:
    question = a_question(session)
    service.add(session, mine, question.id, now)
    assert service.delete_list(session, ada, mine) == "To review"
    assert names(session, ada) == []
    assert a_question(session, question.slug) is question


def test_a_question_is_seen_once_and_beginning_to_answer_it_is_to_see_it(
    session: Session, ada: UUID, now: datetime
) -> None:
    question = a_question(session)
    interviews.begin(session, ada, question, now)
    service.mark_seen(session, ada, question.id, now + timedelta(days=1))
    assert session.execute(select(SeenQuestion.question_id, SeenQuestion.seen_at)).all() == [(question.id, now)]
