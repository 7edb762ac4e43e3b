"""Tables of the catalogue: slugs are the natural keys; described sections are JSONB with their basis."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lift.kernel.db import Base

SLUG = String(80)
SLUGS = ARRAY(String(80))
TEXTS = ARRAY(Text)


class ContentVersion(Base):
    """What was loaded last: an unchanged digest is skipped, and cached pages carry it in their key."""

    __tablename__ = "content_versions"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]


class CommonLevel(Base):
    """A step that all companies' ladders are compared by."""

    __tablename__ = "common_levels"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    calibration: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(Integer)


class QuestionKind(Base):
    """Explain, compare, design, debug …"""

    __tablename__ = "question_kinds"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    definition: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)


class Company(Base):
    """A company with the sections of its page."""

    __tablename__ = "companies"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(TEXTS)
    summary: Mapped[str] = mapped_column(Text)
    short_ladder: Mapped[list[str]] = mapped_column(TEXTS)
    emphasis: Mapped[list[str]] = mapped_column(SLUGS)
    position: Mapped[int] = mapped_column(Integer)
    platform_primitives: Mapped[dict[str, Any]]
    behavioural_frame: Mapped[dict[str, Any]]
    level_separators: Mapped[dict[str, Any]]
    stack: Mapped[dict[str, Any]]
    basis: Mapped[dict[str, Any]]
    """Confidence, basis and checked of the sections that are tables: ladder, orgs, loop."""


class Org(Base):
    """A team or division of a company."""

    __tablename__ = "orgs"

    company_slug: Mapped[str] = mapped_column(ForeignKey("companies.slug"), primary_key=True)
    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    work: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)


class LadderLevel(Base):
    """A step of a company's own ladder."""

    __tablename__ = "ladder_levels"

    company_slug: Mapped[str] = mapped_column(ForeignKey("companies.slug"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    common_level: Mapped[str] = mapped_column(ForeignKey("common_levels.slug"))
    note: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str | None] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(Integer)


class RoundKind(Base):
    """A kind of interview round with its phases and what it scores."""

    __tablename__ = "round_kinds"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(SLUG)
    definition: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column(Integer)
    shortest: Mapped[int] = mapped_column(Integer)
    longest: Mapped[int] = mapped_column(Integer)
    run_by: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[str]] = mapped_column(SLUGS)
    topics: Mapped[list[str]] = mapped_column(SLUGS)
    phases: Mapped[list[Any]]
    goals: Mapped[list[Any]]
    moves: Mapped[list[Any]]
    scoring: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(Integer)


class LoopRound(Base):
    """A round of a company's typical loop; no levels means all."""

    __tablename__ = "loop_rounds"

    company_slug: Mapped[str] = mapped_column(ForeignKey("companies.slug"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey("round_kinds.slug"))
    minutes: Mapped[int] = mapped_column(Integer)
    run_by: Mapped[str] = mapped_column(Text)
    looks_for: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[str]] = mapped_column(SLUGS)
    confidence: Mapped[str | None] = mapped_column(String(10))


class Topic(Base):
    """A topic with worked-out competencies."""

    __tablename__ = "topics"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(SLUG)
    terms: Mapped[list[str]] = mapped_column(TEXTS)
    default_dimensions: Mapped[list[str]] = mapped_column(SLUGS)
    round_kinds: Mapped[list[str]] = mapped_column(SLUGS)
    position: Mapped[int] = mapped_column(Integer)


class Subtopic(Base):
    """A part of a topic."""

    __tablename__ = "subtopics"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topics.slug"), index=True)
    name: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)


class Competency(Base):
    """What a question is about, with what strong answers and each level say."""

    __tablename__ = "competencies"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    subtopic_slug: Mapped[str] = mapped_column(ForeignKey("subtopics.slug"), index=True)
    name: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    question_kinds: Mapped[list[str]] = mapped_column(SLUGS)
    strong_answer: Mapped[list[Any]]
    common_mistakes: Mapped[list[Any]]
    levels: Mapped[dict[str, Any]]
    sources: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(Integer)


class Dimension(Base):
    """A dimension of the published rubric with its four anchors."""

    __tablename__ = "dimensions"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(SLUG)
    definition: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    anchors: Mapped[dict[str, Any]]
    evidence_cues: Mapped[list[Any]]
    red_flags: Mapped[list[Any]]
    separates: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    position: Mapped[int] = mapped_column(Integer)


class Role(Base):
    """A role that loops are held for."""

    __tablename__ = "roles"

    slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(TEXTS)
    definition: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(String(20))
    round_kinds: Mapped[list[str]] = mapped_column(SLUGS)
    position: Mapped[int] = mapped_column(Integer)


class RoleTopic(Base):
    """A topic's share in a role. Outlined topics have no row in ``topics``, so this is no foreign key."""

    __tablename__ = "role_topics"
    __table_args__ = (Index("ix_role_topics_topic_slug", "topic_slug"),)

    role_slug: Mapped[str] = mapped_column(ForeignKey("roles.slug"), primary_key=True)
    topic_slug: Mapped[str] = mapped_column(SLUG, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]
    weight: Mapped[int] = mapped_column(Integer)
    subtopics: Mapped[list[str]] = mapped_column(TEXTS)
    position: Mapped[int] = mapped_column(Integer)
