"""The bank's table, what is counted of it and what is like what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base
from lift.kernel.ids import uuid7

SLUG = String(80)
SLUGS = ARRAY(String(80))

# Written as PostgreSQL prints it, so that a comparison of models and migrations sees no difference.
SEARCH = (
    "((setweight(to_tsvector('english'::regconfig, prompt), 'A'::\"char\")"
    " || setweight(to_tsvector('english'::regconfig, key_points), 'B'::\"char\"))"
    " || setweight(to_tsvector('english'::regconfig, COALESCE(context, ''::text)), 'C'::\"char\"))"
)

LIVE = text("retired_at IS NULL")
RECENT = "COALESCE(last_reported, '0001-01-01'::date)"
"""The month in which a question was reported last, as it is sorted by: never reported is longest ago."""
TOLD = (
    "ARRAY['topic:'::text || topic_slug::text, 'subtopic:'::text || subtopic_slug::text,"
    " 'round:'::text || round_kind::text, 'kind:'::text || kind::text, 'provenance:'::text || provenance::text]"
)
"""The facets of one value a question, each value with its facet's name, so that one index has them beside the others."""


class Question(Base):
    """A question with its rubric. A question that left the content is retired, never deleted."""

    __tablename__ = "questions"
    __table_args__ = (
        # Words and facets in one: where they meet is found within the index, and little else of the bank is touched.
        Index(
            "ix_questions_live_facets",
            *("search", "companies", "orgs", "levels", "competencies"),
            literal_column(TOLD).label("told"),
            postgresql_using="gin",
            postgresql_where=LIVE,
        ),
        Index(
            "ix_questions_prompt_trigrams", "prompt", postgresql_using="gin", postgresql_ops={"prompt": "gin_trgm_ops"}
        ),
        Index("ix_questions_live_topic", "topic_slug", "subtopic_slug", postgresql_where=LIVE),
        # The order in which the search walks, of all and of the values of a facet that has few.
        Index("ix_questions_live_recent", text(RECENT), "id", postgresql_where=LIVE),
        *(
            Index(f"ix_questions_live_{column}", column, text(RECENT), "id", postgresql_where=LIVE)
            for column in ("subtopic_slug", "provenance", "kind", "round_kind", "minutes")
        ),
        CheckConstraint("minutes BETWEEN 1 AND 90", name="minutes"),
        CheckConstraint("provenance IN ('editorial', 'reported', 'corroborated', 'verified')", name="provenance"),
        CheckConstraint("origin IN ('content', 'desk')", name="origin"),
        CheckConstraint("reports >= 0", name="reports"),
        CheckConstraint("provenance_was IN ('reported', 'corroborated', 'verified')", name="provenance_was"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    slug: Mapped[str] = mapped_column(SLUG, unique=True)
    prompt: Mapped[str] = mapped_column(Text)
    context: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(ForeignKey("question_kinds.slug"))
    round_kind: Mapped[str] = mapped_column(ForeignKey("round_kinds.slug"))
    minutes: Mapped[int] = mapped_column(Integer)
    levels: Mapped[list[str]] = mapped_column(SLUGS)
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topics.slug"))
    subtopic_slug: Mapped[str] = mapped_column(ForeignKey("subtopics.slug"))
    competencies: Mapped[list[str]] = mapped_column(SLUGS)
    companies: Mapped[list[str]] = mapped_column(SLUGS)
    """Empty means any company."""
    orgs: Mapped[list[str]] = mapped_column(SLUGS)
    signals: Mapped[list[Any]]
    followups: Mapped[list[Any]]
    pitfalls: Mapped[list[Any]]
    by_level: Mapped[dict[str, Any]]
    outline: Mapped[list[Any]]
    provenance: Mapped[str] = mapped_column(String(20))
    """What a pure function of (reports, now) last said; kept here for the search."""
    reports: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    """Reports that count now: of the last 24 months."""
    last_reported: Mapped[date | None]
    """First day of the month in which the newest report saw it; None of a question nobody reported. Where no report
    counts any more (``reports`` is 0) it says until when it was reported."""
    provenance_was: Mapped[str | None] = mapped_column(String(20))
    """The higher provenance that it once had, before reports grew older than 24 months; None where it has not sunk."""
    origin: Mapped[str] = mapped_column(String(10), server_default="content", default="content")
    """``content``: its text is that of the files, and a load may change or retire it. ``desk``: a reviewer wrote or
    edited it, and a load leaves it alone."""
    rubric_version: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the signals, so that an assessment says which rubric it read."""
    key_points: Mapped[str] = mapped_column(Text)
    """Signals and names of competencies, for the search."""
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH, persisted=True), deferred=True)
    retired_at: Mapped[datetime | None]


class QuestionVector(Base):
    """What a question means, as the encoder's numbers: written by a job some time after the question.

    The numbers are plain ``real``, so that a PostgreSQL without pgvector keeps them too; the index is over their
    halves. The migration makes it where pgvector is installed.
    """

    __tablename__ = "question_vectors"
    __table_args__ = (
        Index(
            "ix_question_vectors_near",
            literal_column("(numbers::halfvec(384))").label("halves"),
            postgresql_using="hnsw",
            postgresql_ops={"halves": "halfvec_cosine_ops"},
        ),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
    """Of the text that was read; another one means that the vector is out of date."""
    numbers: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    """384 of them, of length one."""
    made_at: Mapped[datetime]


class LoopRow(Base):
    """The roll-up of one company × role page."""

    __tablename__ = "loop_counts"

    company_slug: Mapped[str] = mapped_column(SLUG, ForeignKey("companies.slug", ondelete="CASCADE"), primary_key=True)
    role_slug: Mapped[str] = mapped_column(SLUG, ForeignKey("roles.slug", ondelete="CASCADE"), primary_key=True)
    own: Mapped[int] = mapped_column(Integer)
    """Questions that name the company."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of counts and samples: a page that was drawn from equal ones need not be drawn again."""
    counts: Mapped[dict[str, Any]]
    """Facet → value → number of questions."""
    samples: Mapped[list[Any]]
    """Questions to show, each as the fields of ``Sample``, in the order of showing."""
    counted_at: Mapped[datetime]


class SubjectRow(Base):
    """The roll-up of the page of one company, topic or competency."""

    __tablename__ = "subject_counts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    """``company``, ``topic`` or ``competency``: the table that ``slug`` is of."""
    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of counts and samples."""
    counts: Mapped[dict[str, Any]]
    """Facet → value → number of questions."""
    samples: Mapped[list[Any]]
    """Questions to show, each as the fields of ``Sample``, in the order of showing."""
    counted_at: Mapped[datetime]


class FacetRow(Base):
    """The roll-up of all questions that have one value of a facet; with neither facet nor value, of the whole bank."""

    __tablename__ = "facet_counts"

    facet: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(SLUG, primary_key=True)
    """A slug, a number of minutes, or the first day of a month."""
    total: Mapped[int] = mapped_column(BigInteger)
    counts: Mapped[dict[str, Any]]
    """Other facet → value → number of questions."""
    counted_at: Mapped[datetime]
