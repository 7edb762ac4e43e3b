"""The learnt numbers of the embedded scorer, read from ``coefficients.json``; ``bench/scoring`` writes that file."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lift.scoring import cues, measures
from lift.scoring.order import KINDS, WordOrder

FILE = Path(__file__).with_name("coefficients.json")

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """Everything that was learnt."""

    version: str
    grade: Weights
    """Intercept, then one weight a measure."""
    status: tuple[float, float]
    """Intercept and slope of the log-odds that a point is said, by its alignment."""
    gate: Mapping[str, Weights]
    """By family of tricks: weights of ``widened`` cues, and last the limit above which an answer is refused."""
    order: WordOrder


@lru_cache(maxsize=1)
def shipped() -> Coefficients:
    """The numbers that ship with the product."""
    return from_json(json.loads(FILE.read_text(encoding="utf-8")))


def from_json(found: Mapping[str, Any]) -> Coefficients:
    """The file's object; ValueError when it belongs to other measures or cues than these."""
    if found["measures"] != list(measures.NAMES) or found["cues"] != list(cues.NAMES):
        raise ValueError("The scorer's coefficients were learnt on other measures.")
    steps = np.frombuffer(zlib.decompress(base64.b64decode(found["order"])), dtype=np.int8)
    return Coefficients(
        version=found["version"],
        grade=np.array(found["grade"]),
        status=(found["status"][0], found["status"][1]),
        gate={name: np.array(weights) for name, weights in found["gate"].items()},
        order=WordOrder(steps.reshape(len(KINDS), len(KINDS)).astype(np.float32) / np.float32(10)),
    )


def pack_order(order: WordOrder) -> str:
    """The table as the file holds it: tenths as signed bytes, compressed."""
    steps = np.round(order.gains * 10).astype(np.int8)
    return base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode()
