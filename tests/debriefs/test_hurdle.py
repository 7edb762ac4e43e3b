"""Why the next level was not cleared."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.debriefs.hurdle import Hurdle, hurdle
from lift.scoring.bands import LEVELS, highest_level, rank
from lift.scoring.types import Rubric, Signal, SignalResult, Status

STATUSES: tuple[Status, ...] = ("covered", "partly", "missed")


@dataclass(frozen=True)
class Line:
    weight: str
    level: str
    status: str


@pytest.mark.parametrize(
    ("lines", "highest", "said"),
    [
        (
            [Line("must", "mid", "missed"), Line("must", "mid", "covered")],
            None,
            Hurdle("mid", "1 must was missed"),
        ),
        (
            [Line("must", "mid", "covered"), Line("must", "senior", "missed"), Line("must", "senior", "missed")],
            "mid",
            Hurdle("senior", "2 musts were missed"),
        ),
        (
            [Line("must", "mid", "partly"), Line("must", "mid", "partly")],
            None,
            Hurdle("mid", "2 musts were heard only partly"),
        ),
        (
            [Line("must", "mid", "covered"), Line("should", "staff", "missed"), Line("should", "staff", "missed")],
            "mid",
            Hurdle("staff", "less than two thirds of what is expected up to there was heard"),
        ),
        ([Line("must", "mid", "covered"), Line("bonus", "senior", "missed")], "senior", None),
    ],
)
def test_it_names_the_next_level_and_what_was_lacking(
    lines: list[Line], highest: str | None, said: Hurdle | None
) -> None:
    assert hurdle(lines, highest) == said


@given(
    st.lists(
        st.tuples(st.sampled_from(["must", "should", "bonus"]), st.sampled_from(LEVELS), st.sampled_from(STATUSES)),
        min_size=1,
        max_size=8,
    )
)
def test_there_is_a_reason_whenever_the_climb_stops_below_the_last_level(drawn: list[tuple[str, str, Status]]) -> None:
    signals = [Signal(f"point {n}", weight, level, "d") for n, (weight, level, _) in enumerate(drawn)]
    results = [SignalResult(n, status, None, None, None, 1.0) for n, (_, _, status) in enumerate(drawn)]
    levels = tuple({level for _, level, _ in drawn})
    highest = highest_level(Rubric("q", tuple(signals), levels, "1"), list(zip(signals, results, strict=True)))
    found = hurdle([Line(weight, level, status) for weight, level, status in drawn], highest)
    above = sorted((level for level in levels if highest is None or rank(level) > rank(highest)), key=rank)
    assert (found.level if found else None) == (above[0] if above else None)
