"""Answers and attacks heard by the scorer, once; everything after works on what was measured."""

import random
from collections.abc import Sequence

import yaml

from bench.scoring import made_up
from bench.scoring.attacks import KINDS, Target, make
from bench.scoring.data import Graded
from bench.scoring.learning import Case
from bench.scoring.overlap import beside
from lift.catalog.files import CONTENT
from lift.scoring.alignment import find
from lift.scoring.embedded import EmbeddedScorer, shorten
from lift.scoring.split import split_reference
from lift.scoring.text import content_words
from lift.scoring.types import Rubric, Signal

BANK_ANSWERS = 200
"""Questions of the bank whose model answers, whole and half, the gate must let pass."""
UNGRADED = -1.0
"""The grade of an answer that is made up."""
BANK = 50
"""Questions of the bank that attacks are aimed at as well, so that the gate knows the field."""


def rubric(question: str, reference: str) -> Rubric:
    """A plain model answer as a rubric, split as imports split it."""
    texts = split_reference(reference) or (reference,)
    return Rubric(question, tuple(Signal(text, "should", "mid", "content") for text in texts), ("mid",), "bench")


def hear(scorer: EmbeddedScorer, asked: Rubric, text: str, group: str, name: str, grade: float, kind: str = "") -> Case:
    """One answer or attack, measured."""
    short, _ = shorten(text)
    heard = scorer.hear(asked, short, [1.0] * len(asked.signals))
    points = scorer.prepare(asked).points
    evidence = find(points[0], heard.reading) if len(points) == 1 else None
    return Case(group, name, short, heard.measures, heard.cues, evidence.score if evidence else None, grade, kind)


def bank(count: int = BANK) -> list[tuple[str, Rubric, str]]:
    """Questions of the bank, spread over it: id, rubric, model answer."""
    found = [q for file in sorted((CONTENT / "questions").rglob("*.yaml")) for q in yaml.safe_load(file.read_text())]
    chosen = found[:: max(1, len(found) // count)][:count]
    return [
        (
            f"bank/{q['id']}",
            Rubric(
                q["prompt"],
                tuple(Signal(s["text"], s["weight"], s["level"], s["dimension"]) for s in q["signals"]),
                tuple(q["levels"]),
                q["id"],
            ),
            "\n".join(q["outline"]),
        )
        for q in chosen
    ]


def real_cases(scorer: EmbeddedScorer, graded: Sequence[Graded]) -> list[Case]:
    """The graded answers that have a word of content, and model answers of the bank (without group)."""
    found = [
        hear(scorer, rubric(each.question, each.reference), each.answer, each.group, each.whole_question, each.grade)
        for each in graded
        if content_words(each.answer)
    ]
    for name, asked, answer in bank(BANK_ANSWERS):
        lines = answer.splitlines()
        for text in (answer, " ".join(lines[: len(lines) // 2])):
            found.append(hear(scorer, asked, text, "", name, 1.0))
    return found + made_up_cases(scorer, graded)


def made_up_cases(scorer: EmbeddedScorer, graded: Sequence[Graded]) -> list[Case]:
    """A telegram for each question, and for those of the bank notes and sums: real in form, without a grade."""
    found: list[Case] = []
    questions = {each.whole_question: (rubric(each.question, each.reference), each.reference) for each in graded}
    shelf = bank(BANK_ANSWERS)
    questions |= {name: (asked, asked.signals[0].text) for name, asked, _ in shelf}
    for number, (name, (asked, reference)) in enumerate(sorted(questions.items())):
        text = made_up.telegram(reference, (" ", ", ")[number % 2])
        if text:
            found.append(hear(scorer, asked, text, "", name, UNGRADED))
    for name, asked, _ in shelf:
        points = [signal.text for signal in asked.signals]
        for style in made_up.STYLES:
            found.append(hear(scorer, asked, made_up.make(style, points, name), "", name, UNGRADED))
    return found


def attack_cases(scorer: EmbeddedScorer, graded: Sequence[Graded], every: int = 1) -> list[Case]:
    """Each kind of attack on every second of each ``every``-th question of the sets and of the bank, in turn."""
    chance = random.Random(5)  # noqa: S311 - repeatable, nothing secret
    questions = {each.whole_question: each for each in graded}
    targets: list[tuple[str, Rubric, Target]] = []
    for name, each in sorted(questions.items())[::every]:
        same_set = {o.reference for o in questions.values() if o.group == each.group}
        others = sorted({beside(other, each.reference) for other in same_set} - {""})
        target = Target(each.question, each.reference, chance.sample(others, min(8, len(others))))
        targets.append((name, rubric(each.question, each.reference), target))
    shelf = bank()
    for name, asked, _ in shelf[::every]:
        text = ". ".join(signal.text for signal in asked.signals) + "."
        others = [left for other, _, answer in shelf if other != name and (left := beside(answer, text))]
        targets.append((name, asked, Target(asked.question, text, chance.sample(others, 8))))
    return [
        hear(scorer, asked, make(kind, target, name), name.split("/")[0], name, 0.0, kind)
        for place, (name, asked, target) in enumerate(targets)
        for number, kind in enumerate(KINDS)
        if (place + number) % 2 == 0
    ]
