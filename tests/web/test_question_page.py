"""A question's page: what is folded until it is asked for, hints, explanations, sentences, and one's own attempts."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lift.copilot.models import CopilotAsk
from lift.kernel.clock import FixedClock
from lift.kernel.jobs import Job
from lift.questions.models import Question
from lift.web.pages import copilot as pages
from lift.wiring import Services
from tests.factories import a_question
from tests.web.practice_room import Candidate, HearsTheFirst, Workers, words_of

SLUG = "idempotency-keys-01"
PAGE = f"/questions/{SLUG}"
SENTENCE = "I think we insert the key under a unique constraint, so exactly one request wins."


@pytest.fixture
def ada(app: Flask, session: Session, clock: FixedClock) -> Candidate:
    return Candidate(app, session, clock.now())


@pytest.fixture
def question(session: Session) -> Question:
    return a_question(session, SLUG)


@pytest.fixture
def workers(services: Services, clock: FixedClock) -> Workers:
    services.scorer = HearsTheFirst()  # type: ignore[assignment]  # stands in for the embedded one
    return Workers(services, clock)


def rows(session: Session) -> list[CopilotAsk]:
    session.expire_all()
    return list(session.execute(select(CopilotAsk).order_by(CopilotAsk.asked_at, CopilotAsk.number)).scalars())


def answers(ada: Candidate, workers: Workers, text: str = "An answer of mine, in full.") -> str:
    debrief = ada.submits(ada.starts(SLUG), text)
    workers.work()
    return debrief


def test_nothing_that_would_spoil_it_is_on_the_page_before(ada: Candidate, question: Question) -> None:
    page = words_of(ada.get(PAGE).text)
    assert "Answering first is of more use" in page
    for text in [*(s["text"] for s in question.signals), *question.outline, *question.pitfalls]:
        assert text not in page
    assert not [f["ask"] for f in question.followups if f["ask"] in page]


def test_it_opens_on_demand_and_stays_open(ada: Candidate, question: Question, session: Session) -> None:
    reply = ada.post(f"{PAGE}/outline")
    assert (reply.status_code, reply.location) == (303, f"{PAGE}#answers")
    ada.post(f"{PAGE}/outline")
    assert len(rows(session)) == 1
    page = words_of(ada.get(PAGE).text)
    for text in [*(s["text"] for s in question.signals), *question.outline, *question.pitfalls]:
        assert text in page
    assert all(f["ask"] in page for f in question.followups)


def test_after_an_answer_all_of_it_stands_open(ada: Candidate, workers: Workers, session: Session) -> None:
    answers(ada, workers)
    page = words_of(ada.get(PAGE).text)
    assert "A model answer, in short" in page
    assert "Try first" not in page
    assert rows(session) == []


def test_hints_come_one_by_one_and_never_more_than_asked(ada: Candidate, session: Session) -> None:
    assert "Hint 1:" not in words_of(ada.get(PAGE).text)
    reply = ada.post(f"{PAGE}/hints", rung=1)
    assert (reply.status_code, reply.location) == (303, f"{PAGE}#hint-1")
    page = words_of(ada.get(PAGE).text)
    assert "Hint 1:" in page
    assert "Hint 2:" not in page
    ada.post(f"{PAGE}/hints", rung=1)  # the same click again
    ada.post(f"{PAGE}/hints", rung=3)  # not the next one
    assert [row.number for row in rows(session)] == [1]
    for rung in (2, 3, 4):
        ada.post(f"{PAGE}/hints", rung=rung)
    page = words_of(ada.get(PAGE).text)
    assert "These were all the hints" in page
    assert [row.number for row in rows(session)] == [1, 2, 3, 4]


@pytest.mark.parametrize("rung", ["", "0", "5", "two", "9" * 40, "-1", "1.5"])
def test_a_rung_that_is_none_gives_no_hint(ada: Candidate, session: Session, rung: str) -> None:
    assert ada.post(f"{PAGE}/hints", rung=rung).status_code == 422
    assert rows(session) == []


def test_hints_are_ones_own(ada: Candidate, app: Flask, session: Session, clock: FixedClock) -> None:
    eve = Candidate(app, session, clock.now(), "eve@example.org")
    ada.post(f"{PAGE}/hints", rung=1)
    eve.post(f"{PAGE}/outline")
    assert "Hint 1:" not in words_of(eve.get(PAGE).text)
    assert "Try first" in words_of(ada.get(PAGE).text)


def test_an_attempt_says_with_how_many_hints_it_was_given(
    ada: Candidate, workers: Workers, clock: FixedClock, question: Question
) -> None:
    ada.post(f"{PAGE}/hints", rung=1)
    ada.post(f"{PAGE}/hints", rung=2)
    clock.advance(timedelta(minutes=1))
    form = ada.starts(SLUG)
    assert "Its debrief will say “with 2 hints”" in words_of(ada.get(form).text)
    assert "its debrief will say “with 2 hints”" in words_of(ada.get(PAGE).text)
    debrief = ada.submits(form, "An answer of mine, in full.")
    workers.work()
    clock.advance(timedelta(minutes=1))
    ada.post(f"{PAGE}/hints", rung=3)  # afterwards: it was no help to that answer
    page = ada.get(debrief).text
    assert "with 2 hints" in words_of(page)
    assert f'href="{PAGE}"' in page
    assert "with 2 hints" in words_of(ada.get(PAGE).text)


def test_an_answer_without_hints_says_nothing_of_them(ada: Candidate, workers: Workers) -> None:
    debrief = answers(ada, workers)
    for page in (debrief, PAGE):
        assert "hints”" not in words_of(ada.get(page).text).replace("say “with 2 hints”", "")
        assert "· with" not in words_of(ada.get(page).text)


def test_attempts_stand_newest_first_with_the_difference_to_the_one_before(
    ada: Candidate, workers: Workers, clock: FixedClock
) -> None:
    assert "None yet." in words_of(ada.get(PAGE).text)
    first = answers(ada, workers)
    clock.advance(timedelta(hours=1))
    second = answers(ada, workers)
    html = ada.get(PAGE).text
    assert html.index(second) < html.index(first)
    page = words_of(html)
    assert page.count("A mixed answer") == 2
    assert page.count("Every point stands as in the try before.") == 1


def test_an_answer_being_written_is_offered_to_go_on_with(ada: Candidate) -> None:
    ada.starts(SLUG)
    page = words_of(ada.get(PAGE).text)
    assert "Go on with your answer" in page
    assert "None yet." in page


def test_a_point_is_explained_only_where_it_may_be_seen(ada: Candidate, session: Session, question: Question) -> None:
    assert ada.post(f"{PAGE}/points/0").status_code == 409
    assert rows(session) == []
    ada.post(f"{PAGE}/outline")
    reply = ada.post(f"{PAGE}/points/0")
    assert (reply.status_code, reply.location) == (303, f"{PAGE}#point-1")
    page = words_of(ada.get(PAGE).text)
    assert "It is a must: an answer that leaves it out does not clear Mid" in page
    assert page.count("Explain this point") == len(question.signals) - 1
    assert ada.post(f"{PAGE}/points/{len(question.signals)}").status_code == 404
    assert ada.post(f"{PAGE}/points/{'9' * 30}").status_code == 404


def test_a_question_that_lost_a_point_is_shown_all_the_same(
    ada: Candidate, session: Session, question: Question
) -> None:
    ada.post(f"{PAGE}/outline")
    ada.post(f"{PAGE}/points/{len(question.signals) - 1}")
    fewer = (
        update(Question).where(Question.slug == SLUG).values(signals=question.signals[:-1], outline=[], followups=[])
    )
    session.execute(fewer)
    session.commit()
    for rung in (1, 2, 3, 4):
        ada.post(f"{PAGE}/hints", rung=rung)
    assert ada.get(PAGE).status_code == 200


def test_a_sentence_is_improved_and_the_newest_one_kept(ada: Candidate, session: Session) -> None:
    reply = ada.post(f"{PAGE}/sentence", sentence=SENTENCE)
    assert (reply.status_code, reply.location) == (303, f"{PAGE}#improve")
    page = words_of(ada.get(PAGE).text)
    assert "It says" in page
    assert "Hedges: “I think”" in page
    ada.post(f"{PAGE}/sentence", sentence="When it crashes we ask the card processor what it knows.")
    (row,) = rows(session)
    assert row.sentence == "When it crashes we ask the card processor what it knows."
    assert "unique constraint" not in words_of(ada.get(PAGE).text)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [("", "Paste a sentence of yours first."), ("It is.", "too little in this"), ("key " * 200, "at most 600")],
)
def test_a_sentence_that_is_none_comes_back_with_the_reason(
    ada: Candidate, session: Session, sentence: str, why: str
) -> None:
    reply = ada.post(f"{PAGE}/sentence", sentence=sentence)
    assert reply.status_code == 422
    assert why in words_of(reply.text)
    assert sentence.strip() in reply.text
    assert rows(session) == []


def test_sentences_are_limited_and_the_form_says_how_long_to_wait(
    ada: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SENTENCES", pages.Limit(1, timedelta(hours=1)))
    assert ada.post(f"{PAGE}/sentence", sentence=SENTENCE).status_code == 303
    reply = ada.post(f"{PAGE}/sentence", sentence=SENTENCE)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "3600")
    assert "Wait 60 minutes" in words_of(reply.text)
    assert SENTENCE in reply.text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sentence=st.text(max_size=700))
def test_whatever_is_pasted_is_answered_or_turned_away(ada: Candidate, sentence: str) -> None:
    reply = ada.post(f"{PAGE}/sentence", sentence=sentence)
    assert reply.status_code in (303, 422, 429)
    assert ada.get(PAGE).status_code == 200


def test_markup_in_a_sentence_stays_text(ada: Candidate) -> None:
    ada.post(f"{PAGE}/sentence", sentence="We insert <b>the</b> <script>key</script> under a unique constraint & win.")
    page = ada.get(PAGE).text
    assert "&lt;script&gt;key" in page
    assert "<script>key" not in page


def test_without_a_model_nothing_is_promised_to_one(ada: Candidate, workers: Workers, session: Session) -> None:
    ada.post(f"{PAGE}/hints", rung=1)
    ada.post(f"{PAGE}/outline")
    ada.post(f"{PAGE}/points/0")
    ada.post(f"{PAGE}/sentence", sentence=SENTENCE)
    assert workers.promised(Job.WORD_HELP) == []
    assert not any(row.model_asked for row in rows(session))
    assert "language model" not in words_of(ada.get(PAGE).text)


@pytest.mark.parametrize("part", ["hints", "outline", "points/0", "sentence", "problems"])
def test_no_such_question_is_said(ada: Candidate, part: str) -> None:
    fields: dict[str, Any] = {"rung": 1, "sentence": SENTENCE, "problem": "fact", "details": "The date is wrong."}
    assert ada.post(f"/questions/no-such-question/{part}", **fields).status_code == 404
    assert ada.post(f"/questions/a%00b/{part}", **fields).status_code == 404


def test_competencies_lead_to_their_pages(ada: Candidate) -> None:
    page = ada.get(PAGE).text
    assert 'href="/question-bank/competencies/idempotency-keys"' in page
    assert ada.get("/question-bank/competencies/idempotency-keys").status_code == 200


def test_one_companys_question_speaks_of_levels_in_its_words(ada: Candidate) -> None:
    page = words_of(ada.get("/questions/distributed-transactions-01").text)
    assert "Senior SE" in page
