"""Has a model put our notes into words, or says why it did not."""

from dataclasses import dataclass
from random import Random, SystemRandom

import structlog

from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.phrasing import Note, frame, read_wording
from lift.scoring.llm.port import LanguageModel, Purse
from lift.scoring.llm.reading import BadReply
from lift.scoring.llm.talk import Away, OverBudget, Talk, Time

log = structlog.get_logger(__name__)

AWAY = "Said from the question itself: the language model did not answer."
SPENT = "Said from the question itself: the language model has said as much as it may today."
UNCLEAR = "Said from the question itself: what the language model said could not be used."


@dataclass(frozen=True)
class Phraser:
    """Asks ``model`` within ``seconds``. Never raises for what the model or its provider does."""

    model: LanguageModel
    purse: Purse
    breaker: Breaker
    time: Time
    seconds: float
    rng: Random = SystemRandom()  # noqa: RUF009 - one source of chance serves all

    def phrase(self, note: Note) -> tuple[str | None, str | None]:
        """The model's wording, or None and the reason why there is none."""
        asked = frame(note, self.rng)
        talk = Talk(self.model, self.purse, self.breaker, self.time)
        try:
            found = talk.read(
                asked.prompt, lambda value: read_wording(value, note, asked), self.time.now() + self.seconds
            )
        except Away as away:
            log.warning("copilot_away", why=str(away))
            return None, AWAY
        except OverBudget:
            log.warning("copilot_over_budget")
            return None, SPENT
        except BadReply as reply:
            log.warning("copilot_bad_reply", why=str(reply))
            return None, UNCLEAR
        return found, None
