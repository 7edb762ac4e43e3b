"""Use cases of the copilot: the only writer of what was asked. Nothing is given that was not asked for."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.copilot.facts import facts_of
from lift.copilot.hints import RUNGS
from lift.copilot.improve import problem_with
from lift.copilot.models import HINT, OUTLINE, POINT, SENTENCE, CopilotAsk
from lift.copilot.notes import may_be_worded, note_for
from lift.copilot.queries import asked
from lift.copilot.wordings import PATIENCE, digest
from lift.interviews.queries import has_submitted
from lift.interviews.text import cleaned
from lift.kernel.errors import Conflict, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.kernel.job_runner import Work
from lift.kernel.jobs import Job, enqueue
from lift.questions import queries as questions
from lift.questions.models import Question
from lift.scoring.llm.phraser import Phraser

UNIQUE = ("account_id", "question_id", "kind", "number")


def is_open(session: Session, account_id: UUID, question: Question) -> bool:
    """Whether the person may see points, follow-ups and model answer: they answered, or asked for them."""
    return has_submitted(session, account_id, question.id) or asked(session, account_id, question.id).opened


def take_hint(
    session: Session, account_id: UUID, question: Question, rung: int, now: datetime, *, with_model: bool
) -> None:
    """Give the hint of ``rung`` when it is the next one; a click that comes twice takes one."""
    taken = len(asked(session, account_id, question.id).hints)
    if rung == taken + 1 <= RUNGS:
        _note(session, account_id, question.id, HINT, rung, now, with_model=with_model)


def open_outline(session: Session, account_id: UUID, question: Question, now: datetime) -> None:
    """Show points, follow-ups and model answer from now on."""
    _note(session, account_id, question.id, OUTLINE, 0, now, with_model=False)


def explain_point(
    session: Session, account_id: UUID, question: Question, number: int, now: datetime, *, with_model: bool
) -> None:
    """Explain one point from now on. ``NotFound`` for a point that is not there, ``Conflict`` for one not to be seen yet."""
    if not 0 <= number < len(question.signals):
        raise NotFound("This question has no such point.")
    if not is_open(session, account_id, question):
        raise Conflict("Answer the question first, or open the model answer: then its points can be explained.")
    _note(session, account_id, question.id, POINT, number, now, with_model=with_model)


def improve_sentence(
    session: Session, account_id: UUID, question: Question, sentence: str, now: datetime, *, with_model: bool
) -> None:
    """Keep ``sentence`` in place of the one before and advise on it. ``Invalid`` where nothing can be said of it."""
    text = cleaned(sentence).strip()
    if (problem := problem_with(text)) is not None:
        raise Invalid(problem)
    _note(session, account_id, question.id, SENTENCE, 0, now, with_model=with_model, sentence=text)


def _note(
    session: Session,
    account_id: UUID,
    question_id: UUID,
    kind: str,
    number: int,
    now: datetime,
    *,
    with_model: bool,
    sentence: str | None = None,
) -> None:
    """Note what was asked, once, and promise the model's wording; another sentence takes the place of the one before."""
    model_asked = with_model and may_be_worded(kind, number)
    values = {
        "asked_at": now,
        "sentence": sentence,
        "model_asked": model_asked,
        "wording": None,
        "worded_from": None,
        "why_not": None,
    }
    statement = insert(CopilotAsk).values(
        id=uuid7(), account_id=account_id, question_id=question_id, kind=kind, number=number, **values
    )
    if sentence is None:
        noted = statement.on_conflict_do_nothing(index_elements=UNIQUE)
    else:
        noted = statement.on_conflict_do_update(index_elements=UNIQUE, set_=values)
    ask_id = session.execute(noted.returning(CopilotAsk.id)).scalar_one_or_none()
    if ask_id is not None and model_asked:
        payload = {"ask_id": str(ask_id), "asked_at": now.isoformat()}
        enqueue(session, Job.WORD_HELP, f"ask:{ask_id}:{now.isoformat()}", payload, now, give_up_at=now + PATIENCE)


def put_into_words(
    work: Work,
    ask_id: UUID,
    asked_at: datetime,
    phraser_for: Callable[[Work, UUID, datetime], Phraser | None],
    now: datetime,
) -> None:
    """Have a model word one thing that was asked; no transaction is open meanwhile. What was asked anew since is left."""
    same = (CopilotAsk.id == ask_id, CopilotAsk.asked_at == asked_at)
    with work() as session:
        ask = session.execute(select(CopilotAsk).where(*same)).scalar_one_or_none()
        if ask is None or ask.wording is not None or ask.why_not is not None:
            return
        question = questions.by_id(session, ask.question_id)
        if ask.kind == POINT and ask.number >= len(question.signals):
            return
        opened = is_open(session, ask.account_id, question)
        note = note_for(facts_of(session, question), ask.kind, ask.number, ask.sentence or "", is_open=opened)
        account_id = ask.account_id
    phraser = phraser_for(work, account_id, now)
    if phraser is None:
        return
    wording, why_not = phraser.phrase(note)
    with work() as session:
        session.execute(
            update(CopilotAsk).where(*same).values(wording=wording, worded_from=digest(note.text), why_not=why_not)
        )
