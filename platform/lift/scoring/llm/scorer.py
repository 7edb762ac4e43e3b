"""The language-model scorer: reads an answer with somebody else's model, or says why the embedded scorer read it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random, SystemRandom

import structlog

from lift.scoring import bands
from lift.scoring.embedded import CUT, shorten
from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.doubt import READINGS, is_doubtful, pooled
from lift.scoring.llm.framing import VERSION, frame
from lift.scoring.llm.port import FirstReader, LanguageModel, Purse
from lift.scoring.llm.reading import BadReply, Obeyed, read_reply
from lift.scoring.llm.talk import Away, OverBudget, Talk, Time
from lift.scoring.types import Assessment, Rubric, SignalResult

log = structlog.get_logger(__name__)

SCORER = "llm"
AWAY = "The language-model scorer was away, so the embedded one read it."
SPENT = "The language-model scorer has read as much as it may today, so the embedded one read it."
UNCLEAR = "The language model's reply could not be used, so the embedded scorer read it."
OBEYED = "The language model's reply credited what nobody said, so the embedded scorer read it."


@dataclass(frozen=True)
class LlmScorer:
    """Reads with ``model`` where it can. Never raises for what the model or its provider does.

    The embedded scorer reads first: what it refuses is refused without a call, and a reading far from its own is made
    three times. ``seconds`` is the time for all calls of one answer together.
    """

    model: LanguageModel
    embedded: FirstReader
    purse: Purse
    breaker: Breaker
    time: Time
    seconds: float
    rng: Random = SystemRandom()  # noqa: RUF009 - one source of chance serves all

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        """Read ``answer``; the assessment says who read it, and in its reason why it was not the model."""
        first = self.embedded.assess(rubric, answer)
        if not first.valid or not rubric.signals:
            return first
        try:
            results = self._read(rubric, answer, first)
        except Away as away:
            log.warning("llm_away", why=str(away))
            return _by_the_first(first, AWAY)
        except OverBudget:
            log.warning("llm_over_budget")
            return _by_the_first(first, SPENT)
        except Obeyed as reply:
            log.warning("llm_obeyed", why=str(reply))
            return _by_the_first(first, OBEYED)
        except BadReply as reply:
            log.warning("llm_bad_reply", why=str(reply))
            return _by_the_first(first, UNCLEAR)
        found = bands.pairs(rubric, results)
        return Assessment(
            valid=True,
            reason=CUT if shorten(answer)[1] else None,
            signals=tuple(results),
            dimensions=bands.dimension_bands(found),
            band=bands.answer_band(found),
            highest_level=bands.highest_level(rubric, found),
            followup_signal=bands.followup_signal(found),
            scorer=SCORER,
            version=f"{VERSION} {self.model.model}",
        )

    def _read(self, rubric: Rubric, answer: str, first: Assessment) -> list[SignalResult]:
        """One reading, or three where the first is in doubt."""
        text, _ = shorten(answer)
        talk = Talk(self.model, self.purse, self.breaker, self.time)
        until = self.time.now() + self.seconds
        reading = self._once(talk, rubric, text, until)
        if not is_doubtful(rubric, reading, first.signals):
            return reading
        readings = [reading]
        while len(readings) < READINGS:
            try:
                readings.append(self._once(talk, rubric, text, until))
            except (Away, OverBudget) as why:
                # What was paid for and stands the checks is better than nothing; its confidence tells of the doubt.
                log.warning("llm_fewer_readings", readings=len(readings), why=str(why))
                break
        return pooled(readings)

    def _once(self, talk: Talk, rubric: Rubric, text: str, until: float) -> list[SignalResult]:
        question = frame(rubric, text, self.rng)
        return talk.read(
            question.prompt, lambda value: read_reply(value, question, rubric, text, self._relevance(rubric)), until
        )

    def _relevance(self, rubric: Rubric) -> Callable[[int, str], float]:
        return lambda index, passage: self.embedded.alignments(rubric, passage)[index]


def _by_the_first(first: Assessment, note: str) -> Assessment:
    return replace(first, reason=f"{first.reason} {note}" if first.reason else note)
