"""Vectors are made for what changed and for nothing else; neighbours are those that numpy finds."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import create_engine, delete, func, make_url, select, text
from sqlalchemy.orm import Session

from lift.job_handlers import handlers
from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.kernel.job_runner import Handler, Outside
from lift.kernel.jobs import Job, JobRow
from lift.questions import vectors
from lift.questions.models import Question, QuestionVector
from lift.questions.neighbours import LEAST, MOST, similar, similar_to_text
from lift.runner.steps import load, migrate
from lift.scoring.encoder import WIDTH, shared_encoder
from lift.wiring import Services
from tests.factories import a_question

Array = NDArray[np.float32]


class Reader:
    """Makes a vector of a text's length, and remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, content: str) -> Array:
        self.read.append(content)
        vector = np.zeros(WIDTH, dtype=np.float32)
        vector[len(content) % WIDTH] = 1
        return vector


@pytest.fixture
def needs_pgvector(session: Session) -> None:
    if session.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is None:
        pytest.skip("this PostgreSQL has no pgvector")


def fill_all(session: Session, reader: vectors.Encode, now: datetime) -> int:
    """The job and those that it promises, one after the other; how many there were."""
    session.execute(delete(JobRow))
    vectors.ask(session, now)
    ran = 0
    while (job := session.execute(select(JobRow).where(JobRow.done_at.is_(None))).scalar_one_or_none()) is not None:
        vectors.fill(session, reader, now, job.payload["after"])
        job.done_at = now
        session.flush()
        ran += 1
    return ran


def live(session: Session) -> int:
    return session.execute(select(func.count()).where(Question.retired_at.is_(None))).scalar_one()


def test_every_question_is_read_once_in_jobs_of_a_second(session: Session, now: datetime) -> None:
    reader = Reader()
    ran = fill_all(session, reader, now)
    assert len(reader.read) == len(set(reader.read)) == live(session)
    assert ran == live(session) // vectors.BATCH + 1
    assert session.execute(select(func.count()).select_from(QuestionVector)).scalar_one() == live(session)


def test_only_what_changed_is_read_again(session: Session, now: datetime) -> None:
    fill_all(session, Reader(), now)
    question, other = session.execute(select(Question).order_by(Question.id).limit(2)).scalars()
    question.prompt += " Why?"
    other.context = "The context is not part of what a question means."
    other.minutes += 1
    session.flush()
    reader = Reader()
    assert fill_all(session, reader, now) == 1
    assert reader.read == [f"{question.prompt}\n{question.key_points}"]
    assert fill_all(session, reader, now) == 1
    assert len(reader.read) == 1


def test_a_question_that_is_retired_loses_its_vector(session: Session, now: datetime) -> None:
    fill_all(session, Reader(), now)
    question = a_question(session)
    question.retired_at = now
    session.flush()
    fill_all(session, Reader(), now)
    assert session.get(QuestionVector, question.id) is None


def test_a_load_promises_vectors_and_a_worker_makes_them(
    services: Services, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lift.catalog.loader import load_content

    load_content(session, now, force=True)
    payload = session.execute(select(JobRow.payload).where(JobRow.job == Job.EMBED_QUESTIONS)).scalar_one()
    monkeypatch.setattr(vectors, "BATCH", 2)
    handler = handlers(services)[Job.EMBED_QUESTIONS]
    assert not isinstance(handler, Outside)
    as_handler: Handler = handler
    as_handler(session, payload, now)
    made = session.execute(select(QuestionVector)).scalars().all()
    assert len(made) == 2
    assert all(np.linalg.norm(row.numbers) == pytest.approx(1, abs=1e-5) for row in made)


def test_the_neighbours_are_those_that_numpy_finds(session: Session, now: datetime, needs_pgvector: None) -> None:
    kept: dict[str, Array] = {}

    def read(content: str) -> Array:
        known = vectors.shipped().get(vectors.digest_of(content))
        kept[content] = shared_encoder().encode(content).sentence if known is None else known
        return kept[content]

    fill_all(session, read, now)
    questions = session.execute(select(Question).where(Question.retired_at.is_(None))).scalars().all()
    matrix = np.stack([kept[f"{q.prompt}\n{q.key_points}"] for q in questions])
    cosines = matrix @ matrix.T
    found = 0
    for place, question in enumerate(questions):
        wanted = {
            questions[other].slug: float(cosines[place, other])
            for other in np.argsort(-cosines[place])
            if other != place and cosines[place, other] >= LEAST
        }
        neighbours = similar(session, question.id)
        assert [near.question.slug for near in neighbours] == list(wanted)[:MOST], question.slug
        for near in neighbours:
            assert near.likeness == pytest.approx(wanted[near.question.slug], abs=1e-3)
        found += len(neighbours)
    assert found > len(questions) / 2
    text_like_it = similar_to_text(session, matrix[0].tolist(), least=0.99)
    assert [near.question.slug for near in text_like_it] == [questions[0].slug]


def test_a_retired_question_is_nobodys_neighbour_even_before_its_vector_goes(
    session: Session, now: datetime, needs_pgvector: None
) -> None:
    fill_all(session, Reader(), now)
    first, second = session.execute(select(Question).order_by(Question.id).limit(2)).scalars()
    session.get_one(QuestionVector, second.id).numbers = session.get_one(QuestionVector, first.id).numbers
    session.flush()
    assert second.slug in {near.question.slug for near in similar_to_text(session, vector_of(session, first), most=24)}
    second.retired_at = now
    session.flush()
    assert second.slug not in {
        near.question.slug for near in similar_to_text(session, vector_of(session, first), most=24)
    }


def vector_of(session: Session, question: Question) -> list[float]:
    return session.get_one(QuestionVector, question.id).numbers


def test_a_question_without_a_vector_has_no_neighbours(session: Session) -> None:
    assert similar(session, a_question(session).id) == []


@pytest.fixture
def bare_database(server_url: str) -> Iterator[str]:
    """A database of a server that does not let us have pgvector."""
    name = f"lift_bare_{uuid.uuid4().hex[:8]}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_without_pgvector_everything_works_and_nothing_is_similar(bare_database: str, now: datetime) -> None:
    migrate(bare_database)
    load(bare_database)
    engine = make_engine(bare_database)
    with unit_of_work(make_session_factory(engine)) as session:
        if session.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is not None:
            pytest.skip("this role may have pgvector whenever it likes")
        reader = Reader()
        fill_all(session, reader, now)
        assert len(reader.read) == live(session)
        question = a_question(session)
        assert similar(session, question.id) == []
        assert similar_to_text(session, vector_of(session, question)) == []
    engine.dispose()


def test_each_promise_is_one_of_its_own(session: Session, now: datetime) -> None:
    """A job that runs may have passed by the question that has just changed."""
    session.execute(delete(JobRow))
    vectors.ask(session, now)
    vectors.ask(session, now)
    assert len(session.execute(select(JobRow)).all()) == 2


def test_shipped_vectors_are_those_that_the_encoder_gives(session: Session, now: datetime) -> None:
    read: list[str] = []

    def encode(content: str) -> NDArray[np.float32]:
        read.append(content)
        return shared_encoder().encode(content).sentence

    after: str | None = None
    found = vectors.BATCH
    while found == vectors.BATCH:
        found = vectors.fill(session, encode, now, after, vectors.shipped())
        after = str(
            session.execute(
                select(QuestionVector.question_id).order_by(QuestionVector.question_id.desc()).limit(1)
            ).scalar_one()
        )
    questions = session.execute(select(func.count()).select_from(QuestionVector)).scalar_one()
    # What was edited since the file was written is read here, and nothing is wrong.
    assert len(read) <= questions / 10, "run ./lift content vectors"
    row = session.execute(
        select(Question, QuestionVector.numbers)
        .join(QuestionVector, QuestionVector.question_id == Question.id)
        .where(Question.slug == "idempotency-keys-01")
    ).one()
    fresh = shared_encoder().encode(f"{row.Question.prompt}\n{row.Question.key_points}").sentence
    assert float(np.array(row.numbers) @ fresh) > 0.999
