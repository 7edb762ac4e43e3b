"""Cues of form: what each hears, and what it leaves alone."""

import numpy as np

from lift.scoring.cues import PLAIN, plain_cues
from lift.scoring.encoder import shared_encoder
from lift.scoring.keypoints import asked, key_point, read
from lift.scoring.measures import measure

QUESTION = "Why did the light go out?"
SIGNALS = ["The damaged bulb leaves a gap in the closed path"]
DENYING_SIGNALS = ["It is wrong that the battery is empty, the damaged bulb leaves a gap"]


def cue(name: str, answer: str, signals: list[str] | None = None) -> float:
    encoder = shared_encoder()
    rubric = signals or SIGNALS
    question = asked(QUESTION, encoder.encode(QUESTION))
    points = [key_point(text, encoder.encode(text), question) for text in rubric]
    reading = read(answer, encoder.encode(answer))
    measured = measure(points, [1.0] * len(points), reading, question)
    found = plain_cues(answer, QUESTION, rubric, points, reading, question, measured, encoder.pieces)
    assert found.dtype == np.float32
    return float(found[PLAIN.index(name)])


def test_a_rubric_out_of_its_order_is_scrambled_and_in_its_order_it_is_not() -> None:
    assert cue("scrambled_whole", "path the gap bulb in closed damaged a leaves the") > 0.7
    assert cue("scrambled_whole", "The damaged bulb leaves a gap in the closed path.") == 0
    assert cue("scrambled", "There is a gap now, because the bulb broke.") < 0.5


def test_what_is_affirmed_and_denied_goes_both_ways() -> None:
    both = "Maybe the bulb leaves a gap. Or it is not true that the bulb leaves a gap."
    assert cue("both_ways", both) > 0.5
    assert cue("both_ways", "The bulb leaves a gap, so current cannot flow.") == 0


def test_a_denial_at_the_edge_is_heard_unless_the_rubric_says_it_as_well() -> None:
    answer = "It is wrong that the battery is empty, the damaged bulb leaves a gap."
    assert cue("edge_denial", answer) == 1
    assert cue("edge_denial", answer, DENYING_SIGNALS) == 0
    assert cue("denials", answer, DENYING_SIGNALS) == 0


def test_words_without_content_have_cues_as_well() -> None:
    assert cue("both_ways", "it is what it is") == 0
    assert cue("scrambled", "") == 0
