"""The embedded scorer, first version: token alignment, verified quotes, published rules. Deterministic, on one CPU."""

import re
from collections import OrderedDict
from collections.abc import Sequence

from lift.scoring import bands
from lift.scoring.alignment import Evidence, KeyPoint, find, key_point, read
from lift.scoring.encoder import Encoder, shared_encoder
from lift.scoring.gate import refusal
from lift.scoring.text import copied_words, stem, words
from lift.scoring.types import Assessment, DimensionBand, Rubric, SignalResult, Status

SCORER = "embedded"
VERSION = "1"
COVERED = 0.53
PARTLY = 0.44
LEAST_QUOTE = 0.3
"""A sentence that says less than this of the point is no evidence for it, whatever its neighbours say."""
SURE = 0.1
"""Distance from a limit at which a status is held with confidence 1."""
MAX_WORDS = 2000
MAX_CHARACTERS = 20_000
CUT = "Only the first 2,000 words were read."
CACHED_RUBRICS = 512


class EmbeddedScorer:
    """Assesses an answer without network or key. The model is read on first use and shared by the process."""

    def __init__(self, threads: int = 1, encoder: Encoder | None = None) -> None:
        # BLAS takes its number of threads from the environment at process start; the argument records the intent.
        self.threads = threads
        self._encoder = encoder
        self._points: OrderedDict[Rubric, tuple[KeyPoint, ...]] = OrderedDict()

    @property
    def encoder(self) -> Encoder:
        """The model."""
        if self._encoder is None:
            self._encoder = shared_encoder()
        return self._encoder

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        """Read ``answer`` against ``rubric``. Never raises for any text; long text is cut with a note."""
        text, cut = shorten(answer)
        reason = refusal(text, rubric.question, self.encoder.pieces)
        if reason is not None:
            return _refused(rubric, reason)
        points = self._encoded(rubric)
        reading = read(text, self.encoder.encode(text))
        asked = words(rubric.question)
        results = [_judge(i, find(point, reading), answer, asked) for i, point in enumerate(points)]
        found = bands.pairs(rubric, results)
        return Assessment(
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

    def alignments(self, rubric: Rubric, answer: str) -> Sequence[float]:
        """The raw alignment of each signal, for calibration; 0 where there is nothing to align."""
        text, _ = shorten(answer)
        points = self._encoded(rubric)
        reading = read(text, self.encoder.encode(text))
        return [evidence.score if (evidence := find(point, reading)) else 0.0 for point in points]

    def _encoded(self, rubric: Rubric) -> tuple[KeyPoint, ...]:
        """The rubric's key points, kept for the rubrics used last."""
        # The whole rubric is the key: a version alone could be reused by mistake, and then quotes would lie.
        if rubric in self._points:
            self._points.move_to_end(rubric)
            return self._points[rubric]
        asked = frozenset(stem(word) for word in words(rubric.question))
        points = tuple(key_point(s.text, self.encoder.encode(s.text), asked) for s in rubric.signals)
        self._points[rubric] = points
        if len(self._points) > CACHED_RUBRICS:
            self._points.popitem(last=False)
        return points


def shorten(answer: str) -> tuple[str, bool]:
    """The first 2,000 words (and at most 20,000 characters), and whether anything was left out."""
    text = answer[:MAX_CHARACTERS]
    for number, match in enumerate(re.finditer(r"\S+", text)):
        if number == MAX_WORDS:
            return text[: match.start()], True
    return text, len(answer) > MAX_CHARACTERS


def _judge(index: int, evidence: Evidence | None, answer: str, asked: list[str]) -> SignalResult:
    """A status from the evidence; no quote that stands in the answer, no credit."""
    if evidence is None:
        return SignalResult(index, "missed", None, None, None, 1.0)
    status: Status = "covered" if evidence.score >= COVERED else "partly" if evidence.score >= PARTLY else "missed"
    confidence = _confidence(evidence.score)
    start, end = evidence.quote
    quote = answer[start:end]
    blocked = evidence.negated or _is_copied(quote, asked) or evidence.quote_score < LEAST_QUOTE or not quote.strip()
    if status == "missed" or blocked:
        return SignalResult(index, "missed", None, None, None, 0.5 if status != "missed" else confidence)
    return SignalResult(index, status, quote, start, end, confidence)


def _is_copied(quote: str, asked: list[str]) -> bool:
    said = words(quote)
    return len(copied_words(said, asked)) > 0.6 * len(said)


def _confidence(score: float) -> float:
    """0.5 at a limit between two statuses, 1 at ``SURE`` or more away from both."""
    distance = min(abs(score - COVERED), abs(score - PARTLY))
    return round(0.5 + 0.5 * min(1.0, distance / SURE), 2)


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
