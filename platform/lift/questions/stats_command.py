"""``lift content stats``: the figures of the shipped questions, for reading or as JSON."""

import json
import sys
from pathlib import Path
from typing import TextIO

from lift.catalog.files import CONTENT
from lift.questions.lint_command import embedder
from lift.questions.stats import Stats, stats


def run(content: Path = CONTENT, *, as_json: bool = False, models: bool = True, out: TextIO | None = None) -> None:
    """Print the figures; without ``models`` the likeness of meaning is left out."""
    found = stats(content, embed=embedder() if models else None)
    out = out or sys.stdout
    if as_json:
        print(json.dumps(found.data, ensure_ascii=False, indent=1), file=out)
    else:
        print(told(found), file=out)


def told(found: Stats) -> str:
    """The figures as text."""
    return "\n\n".join(
        [
            *(str(table) for table in found.tables),
            _goals(found),
            _emphasised(found),
            _lengths(found),
            _likeness(found),
            "second readings: "
            + ", ".join(f"{number} {verdict}" for verdict, number in sorted(found.readings.items())),
            "\n".join([f"hole: {goal}" for goal in found.holes] or ["no holes: every goal is met"]),
            f"{found.questions} questions",
        ]
    )


def _goals(found: Stats) -> str:
    """Every goal but those of the competencies, of which there are very many: of them how many are met."""
    lines = [
        f"{g.group:<10}  {g.name:<22}  {g.have:>5} of {g.want:>4} {g.unit}"
        for g in found.goals
        if g.group != "competency"
    ]
    each = [goal for goal in found.goals if goal.group == "competency"]
    met = sum(goal.met for goal in each)
    return "\n".join(
        ["goals", *lines, f"{'competency':<10}  {'with enough':<22}  {met:>5} of {len(each):>4} competencies"]
    )


def _emphasised(found: Stats) -> str:
    lines = [f"{slug:<40}  {named:>3}  {have:>4}" for slug, named, have in found.emphasised]
    return "\n".join([f"{'competencies that companies name most':<40}  by  have", *lines])


def _lengths(found: Stats) -> str:
    lines = [
        f"{r.what:<22}  {r.least:>5}  {r.lower:>5}  {r.middle:>5}  {r.upper:>5}  {r.most:>5}" for r in found.lengths
    ]
    return "\n".join([f"{'lengths':<22}  least  lower  middle  upper  most", *lines])


def _likeness(found: Stats) -> str:
    lines = []
    for like in found.likeness:
        closest = (
            f"closest {like.closest[2]:.2f} ({like.closest[0]}, {like.closest[1]})" if like.closest else "no pair near"
        )
        lines.append(
            f"{like.by}: {like.same} pairs from {like.same_from} (refused), {like.near} from {like.near_from}; {closest}"
        )
    return "\n".join(["likeness of prompts", *lines])
