"""The shape of the four catalogue files."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _tidy(text: str) -> str:
    if text != text.strip() or "  " in text:
        raise ValueError("stray spaces")
    return text


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_tidy)]
Texts = list[Text]
Confidence = Literal["high", "medium", "low"]
Kinds = Literal["explain", "compare", "design", "debug", "estimate", "code", "review", "scenario"]


class Part(BaseModel):
    """Base of all parts: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Section(Part):
    """A described section with how sure we are, on what basis, and whether it was looked up."""

    confidence: Confidence
    basis: Text
    checked: Literal["looked-up", "partly", "recalled"]


class LadderLevel(Part):
    code: Text
    title: Text
    common_level: Slug
    note: Text | None = None
    confidence: Confidence | None = None


class Ladder(Section):
    levels: list[LadderLevel] = Field(min_length=2)


class Team(Part):
    slug: Slug
    name: Text
    backend_work: Text


class Orgs(Section):
    teams: list[Team] = Field(min_length=1)


class Primitive(Part):
    name: Text
    what: Text


class Primitives(Section):
    items: list[Primitive] = Field(min_length=1)


class BehaviouralFrame(Section):
    name: Text
    items: Texts = Field(min_length=1)


class LoopRound(Part):
    order: int = Field(ge=1)
    kind: Slug
    minutes: int = Field(ge=5)
    run_by: Text
    looks_for: Text
    levels: list[Slug] = Field(default_factory=list)
    confidence: Confidence | None = None


class Loop(Section):
    rounds: list[LoopRound] = Field(min_length=1)


class Separator(Part):
    from_: Slug = Field(alias="from")
    to: Slug
    what: Text


class Separators(Section):
    steps: list[Separator]


class Stack(Section):
    languages: Texts
    stores: Texts
    facts: Texts


class Company(Part):
    slug: Slug
    name: Text
    aliases: Texts
    summary: Text
    short_ladder: Texts = Field(min_length=1)
    emphasis: list[Slug]
    ladder: Ladder
    orgs: Orgs
    platform_primitives: Primitives
    behavioural_frame: BehaviouralFrame
    loop: Loop
    level_separators: Separators
    stack: Stack


class CompaniesFile(Part):
    schema_: Literal["interview-lift/companies/1"] = Field(alias="schema")
    note: str
    companies: list[Company] = Field(min_length=1)


class RoleTopic(Part):
    slug: Slug
    name: Text
    source: Text
    weight: int = Field(ge=0, le=100)
    subtopics: Texts = Field(default_factory=list)


class Role(Part):
    slug: Slug
    name: Text
    aliases: Texts
    definition: Text
    order: int
    content: Text
    round_kinds: list[Slug]
    topics: list[RoleTopic] = Field(min_length=1)


class RolesFile(Part):
    schema_: Literal["interview-lift/roles/1"] = Field(alias="schema")
    note: str
    roles: list[Role] = Field(min_length=1)


class Separates(Part):
    from_: Slug = Field(alias="from")
    to: Slug
    basis: Text


class Dimension(Part):
    slug: Slug
    name: Text
    family: Slug
    definition: Text
    basis: Text
    anchors: dict[Literal[1, 2, 3, 4], Text] = Field(min_length=4)
    evidence_cues: Texts
    red_flags: Texts
    separates: Separates | None = None


class Phase(Part):
    name: Text
    minutes: int
    what: Text
    move_on_when: Text


class Scored(Part):
    dimension: Slug
    weight: int


class RoundKind(Part):
    slug: Slug
    name: Text
    minutes: int
    minutes_range: tuple[int, int]
    family: Slug
    levels: list[Slug]
    run_by: Text
    definition: Text
    phases: list[Phase]
    interviewer_goals: Texts
    interviewer_moves: Texts
    scoring: list[Scored]
    topics: list[Slug]


class RoundsFile(Part):
    schema_: Literal["interview-lift/rounds/1"] = Field(alias="schema")
    scale: list[dict[str, Any]]
    level_calibration: dict[Slug, Text]
    decision_rules: dict[str, Any]
    dimensions: list[Dimension] = Field(min_length=1)
    rounds: list[RoundKind] = Field(min_length=1)


class CommonLevel(Part):
    slug: Slug
    name: Text
    order: int
    note: Text | None = None


class QuestionKind(Part):
    slug: Kinds
    definition: Text


class Competency(Part):
    slug: Slug
    name: Text
    definition: Text
    question_kinds: list[Kinds] = Field(min_length=1)
    strong_answer: Texts
    common_mistakes: Texts
    levels: dict[Slug, Text]
    references: Texts


class Subtopic(Part):
    slug: Slug
    name: Text
    definition: Text
    competencies: list[Competency] = Field(min_length=1)


class Topic(Part):
    slug: Slug
    name: Text
    definition: Text
    kind: Text
    source_page_terms: Texts = Field(default_factory=list)
    source_page_terms_note: Text | None = None
    default_dimensions: list[Slug]
    round_kinds: list[Slug]
    subtopics: list[Subtopic] = Field(min_length=1)


class TopicsFile(Part):
    schema_: Literal["interview-lift/topics/1"] = Field(alias="schema")
    role: Slug
    note: str
    common_levels: list[CommonLevel] = Field(min_length=1)
    question_kinds: list[QuestionKind] = Field(min_length=1)
    topics: list[Topic] = Field(min_length=1)
