"""Scores with whole questions held out, and attacks with whole kinds held out."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.scoring.attacks import FAMILIES, KINDS
from bench.scoring.figures import Floats
from bench.scoring.learning import Case, fit, fit_family, forms, judged
from lift.scoring.coefficients import Coefficients
from lift.scoring.cues import with_order
from lift.scoring.embedded import REFUSED_CAP, score
from lift.scoring.encoder import Encoder
from lift.scoring.gate import refusal, trick
from lift.scoring.order import likeness

Flags = NDArray[np.bool_]

FOLDS = 5
HALF = 0.5


def folds(cases: Sequence[Case]) -> dict[str, int]:
    """The fold of each whole question, by seeded chance."""
    names = sorted({case.whole_question for case in cases})
    random.Random(11).shuffle(names)  # noqa: S311 - repeatable, nothing secret
    return {name: number % FOLDS for number, name in enumerate(names)}


@dataclass(frozen=True)
class Marked:
    """What the scorer makes of each case: its score as the batch gives it, and whether it is refused."""

    scores: Floats
    refused: Flags


def mark(case: Case, question: str, learnt: Coefficients, encoder: Encoder) -> tuple[float, bool]:
    """One case's score and refusal."""
    if refusal(case.text, question, encoder.pieces) is not None:
        return 0.0, True
    found = score(case.measures, learnt)
    if trick(with_order(case.plain, likeness(case.text, learnt.order)), learnt, found) is None:
        return found, False
    return min(REFUSED_CAP, found), True


def mark_all(cases: Sequence[Case], learnt: Coefficients, questions: dict[str, str], encoder: Encoder) -> Marked:
    """Every case, in order."""
    found = [mark(case, questions[case.whole_question], learnt, encoder) for case in cases]
    return Marked(np.array([got for got, _ in found]), np.array([refused for _, refused in found], dtype=np.bool_))


def held_out(
    real: Sequence[Case], tricks: Sequence[Case], questions: dict[str, str], encoder: Encoder
) -> tuple[Marked, Marked]:
    """Every case as marked by coefficients that were learnt without its question."""
    place = folds([*real, *tricks])
    results = [(Marked(np.zeros(len(cases)), np.zeros(len(cases), dtype=np.bool_)), cases) for cases in (real, tricks)]
    for number in range(FOLDS):
        learnt = fit(*([case for case in cases if place[case.whole_question] != number] for cases in (real, tricks)))
        for marked, cases in results:
            at = [i for i, case in enumerate(cases) if place[case.whole_question] == number]
            part = mark_all([cases[i] for i in at], learnt, questions, encoder)
            marked.scores[at], marked.refused[at] = part.scores, part.refused
    return results[0][0], results[1][0]


@dataclass(frozen=True)
class Stranger:
    """How a set fares that was not learnt from at all."""

    scores: Floats
    by_rule: float
    """Share of its real answers that a plain rule refuses; no coefficient has a part in it."""
    by_gate: float
    """Share that the learnt gate refuses besides."""
    passing: float
    """Share of all the attacks on it that reach half marks."""


def set_held_out(
    group: str, real: Sequence[Case], tricks: Sequence[Case], questions: dict[str, str], encoder: Encoder
) -> Stranger:
    """The set as marked by coefficients that were learnt without its answers, its questions and attacks on them."""
    learnt = fit(*([case for case in cases if not case.whole_question.startswith(group)] for cases in (real, tricks)))
    own = [case for case in real if case.group == group]
    marked = mark_all(own, learnt, questions, encoder)
    by_rule = plainly_refused(own, questions, encoder)
    passing = mark_all([case for case in tricks if case.group == group], learnt, questions, encoder).scores >= HALF
    return Stranger(
        marked.scores, float(by_rule.mean()), float((marked.refused & ~by_rule).mean()), float(passing.mean())
    )


def plainly_refused(cases: Sequence[Case], questions: dict[str, str], encoder: Encoder) -> Flags:
    """Which answers a plain rule refuses, such as those that only say "I don't know"."""
    found = [refusal(case.text, questions[case.whole_question], encoder.pieces) is not None for case in cases]
    return np.array(found, dtype=np.bool_)


def kinds_held_out(
    real: Sequence[Case], tricks: Sequence[Case], questions: dict[str, str], encoder: Encoder
) -> dict[str, float]:
    """Share of each kind that reaches half marks when neither the kind nor the questions were learnt from."""
    place = folds([*real, *tricks])
    known_real = [case for case in real if place[case.whole_question] != 0]
    known = [case for case in tricks if place[case.whole_question] != 0]
    learnt = fit(known_real, known)
    form, trick_form = forms(known_real, learnt.order), forms(known, learnt.order)
    labels = np.array([case.kind for case in known])
    found = {}
    for kind in KINDS:
        without = learnt
        if kind in FAMILIES:
            name = FAMILIES[kind]
            less = fit_family(name, form, form[judged(known_real)], trick_form[labels != kind], labels[labels != kind])
            without = replace(learnt, gate={**learnt.gate, name: less})
        cases = [case for case in tricks if case.kind == kind and place[case.whole_question] == 0]
        found[kind] = float((mark_all(cases, without, questions, encoder).scores >= HALF).mean()) if cases else 0.0
    return found
