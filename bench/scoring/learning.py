"""Learning: real answers and tricks in, coefficients out. Least squares and logistic regression in plain numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scoring.attacks import FAMILIES
from lift.scoring.coefficients import Coefficients
from lift.scoring.cues import NAMES as CUES
from lift.scoring.cues import with_order
from lift.scoring.embedded import VERSION
from lift.scoring.encoder import Array
from lift.scoring.gate import FEW_WORDS, SHORT_CUE, widened
from lift.scoring.measures import NAMES as MEASURES
from lift.scoring.order import WordOrder, learn, likeness

Floats = NDArray[np.float64]

RIDGE = 1000.0
"""Chosen by transfer: learnt on two sets, measured on the third."""
GATE_RIDGE = 3.0
REAL_REFUSED = {"order": 0.0035, "denied": 0.0015, "copied": 0.0004, "orders": 0.0004, "junk": 0.0002}
"""Share of real answers that each family of the gate may refuse: most where tricks are most like answers."""
MARGIN = {"order": 1.5, "denied": 2.5, "copied": 2.0, "orders": 2.0, "junk": 4.0}
"""Log-odds on top of the limit, where tricks lie so far from answers that unseen questions may have the room."""

OWN = {
    "order": ("scrambled", "scrambled_whole"),
    "denied": ("both_ways", "denied_at_edge", "edge_denial"),
}
"""Cues that speak of one family's tricks alone: to the others they would be chance, which does not carry over."""


@dataclass(frozen=True)
class Case:
    """One answer as the scorer hears it. ``kind`` is empty for a real answer, else the kind of attack."""

    group: str
    whole_question: str
    text: str
    measures: Array
    plain: Array
    aligned: float | None
    """How well the one signal is aligned; None where there are several."""
    grade: float
    """0..1; below 0 for one that is made up, which is real in form and has no grade."""
    kind: str = ""


def forms(cases: Sequence[Case], order: WordOrder) -> Floats:
    """The widened cues of each case, one a row."""
    return widened(np.array([with_order(case.plain, likeness(case.text, order)) for case in cases]))


def fit(real: Sequence[Case], tricks: Sequence[Case]) -> Coefficients:
    """Everything learnt from these cases and no others."""
    order = learn(case.text for case in real)
    form, trick_form = forms(real, order), forms(tricks, order)
    kinds = np.array([case.kind for case in tricks])
    gate = {
        name: fit_family(name, form, form[judged(real)], trick_form, kinds) for name in dict.fromkeys(FAMILIES.values())
    }
    graded = [case for case in real if case.group]
    return Coefficients(VERSION, fit_grade(graded), fit_status(graded), gate, order)


def judged(real: Sequence[Case]) -> NDArray[np.bool_]:
    """Which real answers people wrote; the made-up ones are learnt from and set no limit."""
    return np.array([case.grade >= 0 for case in real])


def fit_family(name: str, form: Floats, judged: Floats, trick_form: Floats, kinds: NDArray[np.str_]) -> Floats:
    """Weights and limit of one family of tricks against real answers; few real answers lie above the limit.

    ``judged`` are those rows of ``form`` that the limit is taken from.
    """
    chosen = trick_form[np.isin(kinds, [kind for kind, family in FAMILIES.items() if family == name])]
    if name == "order":
        # The gate leaves answers of a few words alone.
        form, judged = (part[part[:, 1 + SHORT_CUE] < FEW_WORDS] for part in (form, judged))
        chosen = chosen[chosen[:, 1 + SHORT_CUE] < FEW_WORDS]
    rows = np.concatenate([form, chosen])
    rows[:, _foreign(name)] = 0
    wanted = np.concatenate([np.zeros(len(form)), np.ones(len(chosen))])
    weights = _logistic(rows, wanted, np.ones(len(rows)), GATE_RIDGE)
    # A column of zeros keeps a weight of nought.
    return np.append(weights, np.quantile(judged @ weights, 1 - REAL_REFUSED[name]) + MARGIN[name])


def _foreign(name: str) -> list[int]:
    """Columns of ``widened`` cues that belong to another family."""
    cues_of = [CUES.index(cue) for family, own in OWN.items() if family != name for cue in own]
    return [1 + power * len(CUES) + at for power in (0, 1) for at in cues_of]


def _logistic(rows: Floats, wanted: Floats, counts: Floats, ridge: float, rounds: int = 12) -> Floats:
    """Newton's method with a ridge; the first column is the constant one."""
    spread = rows.std(axis=0) + 1e-6
    spread[0] = 1
    scaled = rows / spread
    penalty = np.full(rows.shape[1], ridge)
    penalty[0] = 1e-6
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        said = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (counts * (said - wanted)) + penalty * weights
        bend = (scaled * (counts * said * (1 - said) + 1e-9)[:, None]).T @ scaled + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        # A long first step would throw separable data off; cut, it still gets there.
        weights -= step * min(1.0, 8 / float(np.linalg.norm(step)))
    return np.asarray(weights / spread)


def _shares(cases: Sequence[Case]) -> Floats:
    """Counts that give each set the same say, and in it each question by the root of its answers; mean 1."""
    groups = np.array([case.group for case in cases])
    _, at, sizes = np.unique([case.whole_question for case in cases], return_inverse=True, return_counts=True)
    counts = 1 / np.sqrt(sizes[at])
    for group in np.unique(groups):
        counts[groups == group] /= counts[groups == group].sum()
    return np.asarray(counts / counts.mean())


def _centred(values: Floats, at: NDArray[np.intp]) -> Floats:
    sizes = np.bincount(at)
    sums = np.zeros((len(sizes), values.shape[1]))
    np.add.at(sums, at, values)
    return np.asarray(values - (sums / sizes[:, None])[at])


def fit_grade(cases: Sequence[Case]) -> Floats:
    """Intercept and one weight a measure: ridge on what differs within questions and within sets, half and half.

    Centring keeps what only tells hard questions or generous sets apart out of the weights.
    """
    measured = np.array([case.measures for case in cases], dtype=np.float64)
    grades = np.array([[case.grade] for case in cases])
    counts = _shares(cases)
    scale = 1000 / len(cases)
    spread = np.sqrt(np.average((measured - np.average(measured, axis=0, weights=counts)) ** 2, axis=0, weights=counts))
    spread += 1e-9
    left, right = RIDGE * np.eye(len(MEASURES)), np.zeros(len(MEASURES))
    for names in ([case.group for case in cases], [case.whole_question for case in cases]):
        _, at = np.unique(names, return_inverse=True)
        rows, wanted = _centred(measured, at) / spread, _centred(grades, at)[:, 0]
        left += 0.5 * scale * (rows * counts[:, None]).T @ rows
        right += 0.5 * scale * (rows * counts[:, None]).T @ wanted
    weights = np.linalg.solve(left, right) / spread
    raw = measured @ weights
    # The ridge drew the weights together; one slope and intercept bring the scores back to the scale of grades.
    slope, intercept = np.polyfit(raw, grades[:, 0], 1, w=np.sqrt(counts))
    return np.concatenate([[intercept], slope * weights])


def fit_status(cases: Sequence[Case]) -> tuple[float, float]:
    """Log-odds that a point is said, by its alignment, from the answers to questions with one signal."""
    single = [case for case in cases if case.aligned is not None]
    aligned = np.array([[1.0, case.aligned or 0.0] for case in single])
    weights = _logistic(aligned, np.array([case.grade for case in single]), _shares(single), 0.001)
    return float(weights[0]), float(weights[1])
