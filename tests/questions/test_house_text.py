"""One question as text: what is wrong is said with its line, and nothing that is typed breaks it."""

import re
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog.files import read_catalog
from lift.kernel.errors import Conflict, NotFound
from lift.questions import desk
from lift.questions.house_text import LONGEST, check, next_id, text_of, text_of_question
from lift.questions.models import Question
from tests.factories import a_question
from tests.questions.sheets import PROMPT, a_row

CATALOG = read_catalog()
WHO = "rita@example.org"
SOUND = text_of(a_row())


def said(session: Session, text: str, slug: str | None = None) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in check(session, text, CATALOG, slug=slug).faults]


def test_every_shipped_question_is_sound_as_its_own_text(session: Session) -> None:
    for question in session.execute(select(Question).limit(25)).scalars():
        assert said(session, text_of_question(question), question.slug) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "one question is expected: lines of “key: value”"),
        ("just words", 1, "one question is expected: lines of “key: value”"),
        (f"- {SOUND[:20]}", 1, "one question is expected, without the dash of a list before its id"),
        ("id: [", 2, "not readable as YAML: did not find expected node content"),
        ("a: &x 1\nb: *x", 1, "anchors and aliases (& and *) are not read here"),
        ("id: a\nid: b", 2, "the key 'id' is given twice"),
        ("x" * (LONGEST + 1), 1, f"this has more than {LONGEST:,} characters"),
        (SOUND + "colour: red\n", SOUND.count("\n") + 1, "colour: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(session: Session, text: str, line: int, message: str) -> None:
    assert (line, message) in said(session, text)


def test_signs_within_a_text_are_only_signs(session: Session) -> None:
    text = text_of(a_row(context="*bold* & more: *all, &c"))
    assert said(session, text) == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)
@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_it(session: Session, text: str) -> None:
    assert check(session, text, CATALOG).question is None
    check(session, f"{SOUND}context: |\n  {text}", CATALOG)


@pytest.mark.parametrize("text", ["[" * 5_000, "{a: " * 4_000, "\x00", "a: \x07", "\ud800", "? " * 5_000, "- " * 9_000])
def test_no_depth_and_no_control_character_breaks_it(session: Session, text: str) -> None:
    assert check(session, text, CATALOG).question is None


def test_an_id_that_is_taken_is_refused_with_one_that_is_free(session: Session) -> None:
    ((_, message),) = said(session, text_of(a_row(id="idempotency-keys-01")))
    assert message == f"idempotency-keys-01 is in the bank already; {next_id(session, 'idempotency-keys')} is free"
    assert next_id(session, "no-such-competency") == "no-such-competency-01"


def test_the_id_of_a_question_stays(session: Session, now: datetime) -> None:
    known = a_question(session, "idempotency-keys-01")
    assert (1, "the id of a question stays: idempotency-keys-01") in said(session, SOUND, known.slug)


def test_an_edit_is_the_desks_and_what_stood_there_comes_back(session: Session, now: datetime) -> None:
    question = a_question(session, "idempotency-keys-01")
    before = text_of_question(question)
    old = question.prompt
    done = desk.edit(session, question, re.sub(r"minutes: \d+", "minutes: 59", before), CATALOG, who=WHO, now=now)
    assert done.question is not None
    done = desk.edit(session, question, text_of(a_row(id=question.slug)), CATALOG, who=WHO, now=now)
    assert (done.faults, question.prompt, question.origin) == ([], PROMPT, "desk")
    latest, first = desk.history(session, question.id)
    assert (latest.how, first.before["prompt"]) == ("edit", old)
    desk.restore(session, first, CATALOG, who=WHO, now=now)
    assert text_of_question(question) == before
    assert [each.how for each in desk.history(session, question.id)] == ["restore", "edit", "edit"]


def test_what_fits_no_more_is_not_restored(session: Session, now: datetime) -> None:
    question = a_question(session, "idempotency-keys-01")
    desk.keep(session, question, who=WHO, how="edit", now=now)
    (revision,) = desk.history(session, question.id)
    revision.before = revision.before | {"signals": []}
    with pytest.raises(Conflict):
        desk.restore(session, revision, CATALOG, who=WHO, now=now)
    with pytest.raises(NotFound):
        desk.revision(session, question.id)
