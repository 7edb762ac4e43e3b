"""No sentence of a debrief is general: each quotes the answer, its question, or the published rubric."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog import queries as catalog
from lift.debriefs.reasons import NOTHING_MORE
from lift.debriefs.view import draw, shorten
from lift.interviews.models import ASKED
from lift.questions.models import Question
from tests.debriefs.test_view import Facts

SAID = "We would do this with care, and then look at what comes of it."
FRAMES = re.compile(
    r"Heard: |Partly: | touches it\.| Not in those words: |Not heard\.|It leaves them asking: |A common mistake instead: "
    r"|At its level a good answer does this: |What an interviewer wants to see there: |, |\.$"
)


def reading(question: Question, turn: int) -> Facts:
    """Statuses in turns, so that over three turns every signal has each of them."""
    signals = []
    for index in range(len(question.signals)):
        status = ("covered", "partly", "missed")[(index + turn) % 3]
        quote = SAID if status != "missed" else None
        span = (0, len(SAID)) if quote else (None, None)
        signals.append(
            {
                "signal_index": index,
                "status": status,
                "quote": quote,
                "start": span[0],
                "end": span[1],
                "confidence": 0.9,
            }
        )
    asked = {name: getattr(question, name) for name in ASKED}
    return Facts(rubric=question.signals, asked=asked, signals=signals, dimensions=[], followup_signal=turn)


def sources(question: Question, anchors: Mapping[str, str]) -> set[str]:
    """Everything that a sentence about the question may quote."""
    asked: dict[str, Any] = {name: getattr(question, name) for name in ASKED}
    return {
        shorten(SAID),
        *(signal["text"] for signal in question.signals),
        *(followup["ask"] for followup in asked["followups"]),
        *asked["pitfalls"],
        *asked["by_level"].values(),
        *anchors.values(),
    }


def test_each_sentence_about_a_point_quotes_the_answer_the_question_or_the_rubric(session: Session) -> None:
    anchors = catalog.dimensions_at_the_bar(session)
    checked = 0
    for question in session.execute(select(Question)).scalars():
        known = sources(question, anchors)
        for turn in range(3):
            shown = draw(SAID, reading(question, turn), dimension_names={}, at_the_bar=anchors)
            for line in shown.signals:
                for sentence in (line.heard, line.why or ""):
                    assert sentence != NOTHING_MORE
                    quotes = re.findall("“([^”]*)”", sentence)
                    assert quotes or sentence in ("", "Not heard.")
                    for quote in quotes:
                        inside = any(quote.lower() in source.lower() for source in known)
                        assert inside, (question.slug, sentence)
                    rest = FRAMES.sub("", re.sub("“[^”]*”", "", sentence))
                    assert not rest.strip(), rest
                    checked += 1
            assert shown.followup is None or shown.followup in known
            assert shown.next_level is None or shown.next_level[1] in known
            assert shown.fix_first is None or shown.fix_first.text in known
    assert checked > 1000
