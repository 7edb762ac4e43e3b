"""The published rules, one by one."""

import pytest

from lift.scoring import bands
from lift.scoring.types import DimensionBand, Rubric, Signal, SignalResult, Status

MUST, SHOULD, BONUS = "must", "should", "bonus"


def rubric(*signals: tuple[str, str, str], levels: tuple[str, ...] = ("mid", "senior")) -> Rubric:
    made = tuple(Signal(f"Point {i}", weight, level, dim) for i, (weight, level, dim) in enumerate(signals))
    return Rubric("Why?", made, levels, "v")


def found(over: Rubric, *statuses: Status) -> list[bands.Pair]:
    return bands.pairs(over, [SignalResult(i, status, None, None, None, 1.0) for i, status in enumerate(statuses)])


FOUR = rubric((MUST, "mid", "a"), (MUST, "mid", "a"), (SHOULD, "senior", "a"), (BONUS, "senior", "b"))


@pytest.mark.parametrize(
    ("statuses", "band"),
    [
        (("covered", "covered", "covered", "missed"), 4),
        (("covered", "covered", "missed", "missed"), 4),
        (("covered", "covered", "missed", "covered"), 4),
        (("covered", "partly", "missed", "missed"), 3),
        (("covered", "missed", "covered", "covered"), 3),
        (("missed", "missed", "covered", "covered"), 2),
        (("partly", "missed", "missed", "missed"), 1),
        (("missed", "missed", "missed", "missed"), 1),
    ],
)
def test_the_answers_band_follows_its_share_of_points(statuses: tuple[Status, ...], band: int) -> None:
    assert bands.answer_band(found(FOUR, *statuses)) == band


def test_a_missed_bonus_takes_nothing_away() -> None:
    with_bonus = found(FOUR, "covered", "covered", "covered", "missed")
    assert bands.share(with_bonus) == 1.0


def test_a_rubric_of_bonuses_is_measured_against_itself() -> None:
    assert bands.share(found(rubric((BONUS, "mid", "a"), (BONUS, "mid", "a")), "covered", "missed")) == 0.5


def test_an_answer_without_signals_has_no_band() -> None:
    assert bands.answer_band([]) is None


def test_a_dimension_of_which_nothing_was_heard_is_not_scored() -> None:
    assert bands.dimension_bands(found(FOUR, "missed", "missed", "missed", "covered"))[0] == DimensionBand(
        "a", None, None
    )


def test_a_dimension_with_less_than_two_signals_worth_of_weight_is_not_scored() -> None:
    assert bands.dimension_bands(found(FOUR, "covered", "covered", "covered", "covered"))[1].low is None


def test_a_partly_heard_point_widens_the_dimensions_range() -> None:
    assert bands.dimension_bands(found(FOUR, "covered", "partly", "missed", "missed"))[0] == DimensionBand("a", 2, 3)


def test_two_signals_alone_do_not_carry_a_flat_four() -> None:
    thin = rubric((MUST, "mid", "a"), (MUST, "mid", "a"))
    assert bands.dimension_bands(found(thin, "covered", "covered")) == (DimensionBand("a", 3, 4),)


def test_a_level_is_cleared_with_its_musts_and_two_thirds_of_its_weight() -> None:
    assert bands.highest_level(FOUR, found(FOUR, "covered", "covered", "missed", "missed")) == "senior"
    assert bands.highest_level(FOUR, found(FOUR, "covered", "partly", "missed", "missed")) == "mid"


def test_two_musts_heard_only_partly_clear_no_level() -> None:
    assert bands.highest_level(FOUR, found(FOUR, "partly", "partly", "covered", "covered")) is None


def test_a_missed_must_clears_no_level_that_expects_it() -> None:
    over = rubric((MUST, "mid", "a"), (MUST, "senior", "a"))
    assert bands.highest_level(over, found(over, "covered", "missed")) == "mid"


def test_partner_ranks_above_principal() -> None:
    over = rubric((MUST, "partner", "a"), (MUST, "principal", "a"), levels=("partner", "principal"))
    assert bands.highest_level(over, found(over, "covered", "covered")) == "partner"
    assert bands.highest_level(over, found(over, "missed", "covered")) == "principal"


def test_a_level_that_asks_for_nothing_is_not_cleared_by_silence() -> None:
    over = rubric((MUST, "mid", "a"), levels=("entry", "mid"))
    assert bands.highest_level(over, found(over, "missed")) is None
    assert bands.highest_level(over, found(over, "covered")) == "mid"


def test_the_follow_up_goes_to_the_heaviest_miss_first() -> None:
    assert bands.followup_signal(found(FOUR, "covered", "partly", "missed", "missed")) == 1
    assert bands.followup_signal(found(FOUR, "partly", "missed", "missed", "missed")) == 1
    assert bands.followup_signal(found(FOUR, "covered", "covered", "missed", "missed")) == 2
    assert bands.followup_signal(found(FOUR, "covered", "covered", "covered", "covered")) is None
