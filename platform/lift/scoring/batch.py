"""The batch interface: one JSON object a line in, one a line out. A bad line gets an ``error`` and stops nothing."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from lift.scoring.bands import CREDIT, POINTS
from lift.scoring.port import Scorer
from lift.scoring.split import split_reference
from lift.scoring.types import Assessment, Rubric, Signal

LEVEL, DIMENSION = "mid", "content"
"""What a signal of the batch carries: it has neither level nor dimension of its own."""
INVALID_CAP = 0.45
"""Below half marks, whatever a scorer says of an answer that it refused."""
LONGEST_LINE = 4_000_000
MOST_SIGNALS = 100


@dataclass(frozen=True)
class Task:
    """One line, understood. ``weights`` are positive, one a signal; ``reference`` is the text that was split, if any."""

    id: Any
    rubric: Rubric
    weights: tuple[float, ...]
    answer: str
    reference: str | None


@runtime_checkable
class Grader(Protocol):
    """A scorer that also gives a number between the statuses."""

    def grade(
        self, rubric: Rubric, answer: str, weights: tuple[float, ...], reference: str | None
    ) -> tuple[Assessment, float]:
        """The assessment, and a score 0..1 of the whole answer."""
        ...


class BadLine(ValueError):
    """A line that asks for nothing that can be scored; the text says why."""


def score_lines(lines: Iterable[bytes], scorer: Scorer) -> Iterator[str]:
    """A line of JSON, without its end, for every line that is not blank."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        yield json.dumps(_score(line, number, scorer), ensure_ascii=True)


def _score(line: bytes, number: int, scorer: Scorer) -> dict[str, Any]:
    found: Any = None
    try:
        found = _object(line)
        task = parse(found)
        assessment, score = _graded(task, scorer)
    except BadLine as error:
        name = found.get("id") if isinstance(found, dict) else None
        return {"id": name if isinstance(name, str | int | float) else None, "error": f"Line {number}: {error}"}
    return {
        "id": task.id,
        "score": round(score, 4),
        "valid": assessment.valid,
        "reason": assessment.reason,
        "signals": [
            {
                "text": task.rubric.signals[result.signal_index].text,
                "status": result.status,
                "quote": result.quote,
                "start": result.start,
                "end": result.end,
                "confidence": result.confidence,
            }
            for result in assessment.signals
        ],
        "scorer": assessment.scorer,
        "version": assessment.version,
    }


def _object(line: bytes) -> Any:
    if len(line) > LONGEST_LINE:
        raise BadLine(f"it is longer than {LONGEST_LINE:,} bytes.")
    try:
        return json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadLine("it is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadLine("it is not JSON.") from None


def _no_constant(name: str) -> float:
    raise ValueError(name)


def parse(found: Any) -> Task:
    """The line's object as a task; BadLine when something is missing or of the wrong kind."""
    if not isinstance(found, dict):
        raise BadLine("it is not a JSON object.")
    name = found.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | float):
        raise BadLine("id is missing, or is neither text nor a number.")
    question, answer = _text(found, "question"), _text(found, "answer")
    reference = None
    if found.get("signals") is not None:
        texts, weights, labels = _signals(found["signals"])
    else:
        reference = _text(found, "reference")
        texts = split_reference(reference)
        if not texts:
            raise BadLine("reference has no words.")
        weights, labels = tuple(1.0 for _ in texts), tuple("should" for _ in texts)
    rubric = Rubric(
        question=question,
        signals=tuple(Signal(text, label, LEVEL, DIMENSION) for text, label in zip(texts, labels, strict=True)),
        levels=(LEVEL,),
        version="batch",
    )
    return Task(name, rubric, weights, answer, reference)


def _text(found: dict[str, Any], name: str) -> str:
    if name not in found:
        raise BadLine(f"{name} is missing.")
    if not isinstance(found[name], str):
        raise BadLine(f"{name} is not text.")
    return str(found[name])


def _signals(value: Any) -> tuple[tuple[str, ...], tuple[float, ...], tuple[str, ...]]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_SIGNALS:
        raise BadLine(f"signals is not a list of 1 to {MOST_SIGNALS}.")
    texts, weights, labels = [], [], []
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not item["text"].strip():
            raise BadLine("a signal has no text.")
        weight, label = _weight(item.get("weight"))
        texts.append(item["text"])
        weights.append(weight)
        labels.append(label)
    return tuple(texts), tuple(weights), tuple(labels)


def _weight(value: Any) -> tuple[float, str]:
    """A weight is one of the rubric's words or a positive number; left out, it is a ``should``."""
    if value is None:
        return float(POINTS["should"]), "should"
    if isinstance(value, str) and value in POINTS:
        return float(POINTS[value]), value
    # The upper bound keeps sums of weights finite.
    if not isinstance(value, bool) and isinstance(value, int | float) and 0 < value <= 1e9 and math.isfinite(value):
        return float(value), "should"
    raise BadLine("a weight is neither must, should or bonus nor a positive number.")


def _graded(task: Task, scorer: Scorer) -> tuple[Assessment, float]:
    if isinstance(scorer, Grader):
        assessment, score = scorer.grade(task.rubric, task.answer, task.weights, task.reference)
    else:
        assessment = scorer.assess(task.rubric, task.answer)
        credit = sum(task.weights[r.signal_index] * CREDIT[r.status] for r in assessment.signals)
        score = credit / sum(task.weights)
    if not assessment.valid:
        score = min(score, INVALID_CAP)
    return assessment, min(1.0, max(0.0, score))
