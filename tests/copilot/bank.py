"""Every question that ships, with what the catalogue says of it, read from the files: no database is needed."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

import lift
from lift.catalog.guidance import DimensionGuide, Guidance
from lift.copilot.facts import BEHAVIOURAL, QuestionFacts

CONTENT = Path(lift.__file__).parent / "content"


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def shipped() -> dict[str, QuestionFacts]:
    """The facts of each shipped question by its id."""
    rounds, topics = _read(CONTENT / "catalog" / "rounds.yaml"), _read(CONTENT / "catalog" / "topics.yaml")
    dimensions = {
        row["slug"]: DimensionGuide(
            row["name"], row["family"], row["definition"], row["anchors"][3], row["evidence_cues"]
        )
        for row in rounds["dimensions"]
    }
    places = {
        competency["slug"]: (topic, subtopic, competency)
        for topic in topics["topics"]
        for subtopic in topic["subtopics"]
        for competency in subtopic["competencies"]
    }
    levels = {level["slug"]: level["name"] for level in topics["common_levels"]}
    files = sorted((CONTENT / "questions").glob("*/*.yaml"))
    return {row["id"]: _facts(row, dimensions, places, levels) for file in files for row in _read(file)}


def _facts(row: Any, dimensions: dict[str, DimensionGuide], places: Any, levels: dict[str, str]) -> QuestionFacts:
    topic, subtopic, _ = places[row["competencies"][0]]
    named = {signal["dimension"] for signal in row["signals"]}
    competencies = [(places[slug][2]["name"], places[slug][2]["definition"]) for slug in row["competencies"]]
    return QuestionFacts(
        prompt=" ".join(row["prompt"].split()),
        context=row.get("context") or "",
        topic=topic["name"],
        behavioural=topic["slug"] == BEHAVIOURAL,
        minutes=row["minutes"],
        signals=row["signals"],
        followups=row["followups"],
        pitfalls=row["pitfalls"],
        by_level=row["by_level"],
        outline=row["outline"],
        level_names=levels,
        guide=Guidance(
            {slug: dimensions[slug] for slug in named}, (subtopic["name"], subtopic["definition"]), competencies
        ),
    )
