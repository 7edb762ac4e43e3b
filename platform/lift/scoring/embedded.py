"""The embedded scorer: validity gate, token alignment, verified quotes, published rules. Deterministic, on one CPU."""

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from lift.scoring import bands
from lift.scoring.alignment import Evidence, find
from lift.scoring.coefficients import Coefficients, shipped
from lift.scoring.cues import plain_cues, with_order
from lift.scoring.encoder import Array, Encoder, shared_encoder
from lift.scoring.gate import REASONS, refusal, trick
from lift.scoring.keypoints import Asked, KeyPoint, Reading, asked, key_point, read
from lift.scoring.measures import measure
from lift.scoring.order import likeness
from lift.scoring.text import copied_words, words
from lift.scoring.types import Assessment, DimensionBand, Rubric, SignalResult, Status

SCORER = "embedded"
VERSION = "4"
COVERED = 0.5
PARTLY = 0.4
LEAST_QUOTE = 0.3
"""A sentence that says less than this of the point is no evidence for it, whatever its neighbours say."""
REFUSED_CAP = 0.45
"""The most that an answer which looks like a trick scores: below half marks."""
MAX_WORDS = 2000
MAX_CHARACTERS = 20_000
CUT = "Only the first 2,000 words were read."
CACHED_RUBRICS = 512


@dataclass(frozen=True)
class Prepared:
    """A rubric, encoded."""

    question: Asked
    points: tuple[KeyPoint, ...]


@dataclass(frozen=True)
class Heard:
    """An answer beside a rubric, before anything is decided."""

    reading: Reading
    measures: Array
    cues: Array
    """Those of form that need no table."""


class EmbeddedScorer:
    """Assesses an answer without network or key. The model is read on first use and shared by the process."""

    def __init__(
        self, threads: int = 1, encoder: Encoder | None = None, coefficients: Coefficients | None = None
    ) -> None:
        # BLAS takes its number of threads from the environment at process start; the argument records the intent.
        self.threads = threads
        self._encoder = encoder
        self._coefficients = coefficients
        self._rubrics: OrderedDict[Rubric, Prepared] = OrderedDict()

    @property
    def encoder(self) -> Encoder:
        """The model."""
        if self._encoder is None:
            self._encoder = shared_encoder()
        return self._encoder

    @property
    def coefficients(self) -> Coefficients:
        """What was learnt."""
        if self._coefficients is None:
            self._coefficients = shipped()
        return self._coefficients

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        """Read ``answer`` against ``rubric``. Never raises for any text; long text is cut with a note."""
        return self.grade(rubric, answer, tuple(1.0 for _ in rubric.signals), None)[0]

    def grade(
        self, rubric: Rubric, answer: str, weights: tuple[float, ...], reference: str | None
    ) -> tuple[Assessment, float]:
        """The assessment and a score 0..1; ``weights`` are positive, one a signal. ``reference`` is not needed here."""
        text, cut = shorten(answer)
        reason = refusal(text, rubric.question, self.encoder.pieces)
        if reason is not None:
            return _refused(rubric, reason), 0.0
        prepared = self.prepare(rubric)
        heard = self.hear(rubric, text, weights)
        form = with_order(heard.cues, likeness(text, self.coefficients.order))
        earned = score(heard.measures, self.coefficients)
        family = trick(form, self.coefficients, earned) if rubric.signals else None
        if family is not None:
            # Capped, not nought: a real answer may be among them.
            return _refused(rubric, REASONS[family]), min(REFUSED_CAP, earned)
        said = words(rubric.question)
        results = [
            _judge(i, find(point, heard.reading), answer, said, self.coefficients)
            for i, point in enumerate(prepared.points)
        ]
        found = bands.pairs(rubric, results)
        assessment = Assessment(
            valid=True,
            reason=CUT if cut else None,
            signals=tuple(results),
            dimensions=bands.dimension_bands(found),
            band=bands.answer_band(found),
            highest_level=bands.highest_level(rubric, found),
            followup_signal=bands.followup_signal(found),
            scorer=SCORER,
            version=VERSION,
        )
        return assessment, earned

    def hear(self, rubric: Rubric, text: str, weights: Sequence[float]) -> Heard:
        """Everything that is measured of ``text``, which is no longer than ``shorten`` leaves it."""
        prepared = self.prepare(rubric)
        reading = read(text, self.encoder.encode(text))
        measured = measure(prepared.points, weights, reading, prepared.question)
        plain = plain_cues(
            text,
            rubric.question,
            [signal.text for signal in rubric.signals],
            prepared.points,
            reading,
            prepared.question,
            measured,
            self.encoder.pieces,
        )
        return Heard(reading, measured, plain)

    def alignments(self, rubric: Rubric, answer: str) -> Sequence[float]:
        """The raw alignment of each signal; 0 where there is nothing to align."""
        text, _ = shorten(answer)
        reading = read(text, self.encoder.encode(text))
        found = [find(point, reading) for point in self.prepare(rubric).points]
        return [evidence.score if evidence else 0.0 for evidence in found]

    def prepare(self, rubric: Rubric) -> Prepared:
        """The rubric encoded, kept for the rubrics used last."""
        # The whole rubric is the key: a version alone could be reused by mistake, and then quotes would lie.
        if rubric in self._rubrics:
            self._rubrics.move_to_end(rubric)
            return self._rubrics[rubric]
        question = asked(rubric.question, self.encoder.encode(rubric.question))
        points = tuple(key_point(s.text, self.encoder.encode(s.text), question) for s in rubric.signals)
        self._rubrics[rubric] = Prepared(question, points)
        if len(self._rubrics) > CACHED_RUBRICS:
            self._rubrics.popitem(last=False)
        return self._rubrics[rubric]


def score(measures: Array, learnt: Coefficients) -> float:
    """The measures weighed, within 0..1."""
    return min(1.0, max(0.0, float(learnt.grade[0] + learnt.grade[1:] @ measures)))


def shorten(answer: str) -> tuple[str, bool]:
    """The first 2,000 words (and at most 20,000 characters), and whether anything was left out."""
    text = answer[:MAX_CHARACTERS]
    for number, match in enumerate(re.finditer(r"\S+", text)):
        if number == MAX_WORDS:
            return text[: match.start()], True
    return text, len(answer) > MAX_CHARACTERS


def _judge(index: int, evidence: Evidence | None, answer: str, asked: list[str], learnt: Coefficients) -> SignalResult:
    """A status from the evidence; no quote that stands in the answer, no credit."""
    if evidence is None:
        return SignalResult(index, "missed", None, None, None, 1.0)
    status: Status = "covered" if evidence.score >= COVERED else "partly" if evidence.score >= PARTLY else "missed"
    confidence = _confidence(evidence.score, status, learnt)
    start, end = evidence.quote
    quote = answer[start:end]
    blocked = evidence.negated or _is_copied(quote, asked) or evidence.quote_score < LEAST_QUOTE or not quote.strip()
    if status == "missed" or blocked:
        return SignalResult(index, "missed", None, None, None, 0.5 if status != "missed" else confidence)
    return SignalResult(index, status, quote, start, end, confidence)


def _is_copied(quote: str, asked: list[str]) -> bool:
    said = words(quote)
    return len(copied_words(said, asked)) > 0.6 * len(said)


def _confidence(alignment: float, status: Status, learnt: Coefficients) -> float:
    """The calibrated probability that a grader gives the point, of a missed one that they do not."""
    intercept, slope = learnt.status
    said = 1 / (1 + math.exp(-(intercept + slope * alignment)))
    if status == "partly":
        # Half-way between the two is as sure as *partly* can be.
        return round(max(0.5, 1 - 2 * abs(said - 0.5)), 2)
    return round(said if status == "covered" else 1 - said, 2)


def _refused(rubric: Rubric, reason: str) -> Assessment:
    names = dict.fromkeys(signal.dimension for signal in rubric.signals)
    return Assessment(
        valid=False,
        reason=reason,
        signals=tuple(SignalResult(i, "missed", None, None, None, 1.0) for i in range(len(rubric.signals))),
        dimensions=tuple(DimensionBand(name, None, None) for name in names),
        band=None,
        highest_level=None,
        followup_signal=None,
        scorer=SCORER,
        version=VERSION,
    )
