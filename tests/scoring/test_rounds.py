"""From answers to rounds and from rounds to a loop: the published rules."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.scoring.bands import CREDIT, Pair, band_of_share, share
from lift.scoring.estimates import Estimate, nearest, on_scale, pooled, weighted_mean, wilson
from lift.scoring.loops import loop_verdict, objections
from lift.scoring.rounds import RoundKind, RoundScore, round_score
from lift.scoring.types import Signal, SignalResult, Status

DESIGN = RoundKind("system-design", "technical", {"api-design-quality": 60, "trade-off-articulation": 40})
STORY = RoundKind("behavioural", "people", {"ownership-and-impact": 50, "level-scope": 50})
SCREEN = RoundKind("phone-screen", "screen", {"api-design-quality": 100})

statuses = st.sampled_from(list(CREDIT))
weights = st.sampled_from(["must", "should", "bonus"])
heard_of = st.lists(st.tuples(weights, statuses), min_size=1, max_size=24)


def pair(dimension: str, status: Status, weight: str = "must", level: str = "mid") -> Pair:
    return Signal("a point", weight, level, dimension), SignalResult(0, status, None, None, None, 1.0)


def said(dimension: str, *found: Status, level: str = "mid") -> list[Pair]:
    return [pair(dimension, status, level=level) for status in found]


def of(found: Sequence[tuple[str, Status]]) -> list[Pair]:
    return [pair("any", status, weight) for weight, status in found]


@given(heard_of)
def test_a_pooled_score_lies_within_its_range_on_the_scale(found: list[tuple[str, Status]]) -> None:
    estimate = pooled(of(found))
    if estimate is not None:
        assert 1 <= estimate.low <= estimate.value <= estimate.high <= 4


@given(heard_of, st.integers(0, 23))
def test_hearing_more_of_a_point_never_lowers_a_pooled_score(found: list[tuple[str, Status]], at: int) -> None:
    at %= len(found)
    better = [*found[:at], (found[at][0], "covered"), *found[at + 1 :]]
    before, after = pooled(of(found)), pooled(of(better))
    if before is not None:
        assert after is not None
        assert after.value >= before.value
        assert after.low >= before.low - 1e-9
        assert after.high >= before.high - 1e-9


@given(heard_of)
def test_twice_the_same_evidence_narrows_the_range(found: list[tuple[str, Status]]) -> None:
    once, twice = pooled(of(found)), pooled(of(found * 2))
    if once is not None:
        assert twice is not None
        assert twice.high - twice.low <= once.high - once.low + 1e-9
        assert twice.value == pytest.approx(once.value)


@given(st.floats(0, 1), st.floats(1, 200))
def test_the_interval_holds_the_rate(rate: float, trials: float) -> None:
    low, high = wilson(rate, trials)
    assert 0 <= low <= rate <= high <= 1


def test_the_interval_is_the_one_in_the_books() -> None:
    # 8 of 10 at 95 %: 0.490 to 0.943 (Brown, Cai and DasGupta 2001).
    assert wilson(0.8, 10, z=1.96) == pytest.approx((0.490, 0.943), abs=5e-4)


@given(heard_of)
def test_a_score_on_the_scale_falls_into_the_band_of_its_share(found: list[tuple[str, Status]]) -> None:
    earned = share(of(found))
    assert nearest(on_scale(earned)) == band_of_share(earned)


def test_nothing_heard_of_a_point_or_two_is_no_evidence_and_of_many_it_is() -> None:
    assert pooled(said("any", "missed")) is None
    assert pooled(said("any", "missed", "missed")) is None
    many = pooled(said("any", "missed", "missed", "missed"))
    assert many is not None
    assert many.band == 1


def test_a_mean_is_surer_than_its_parts() -> None:
    part = Estimate(3.0, 2.0, 3.5)
    mean = weighted_mean([(part, 1.0), (part, 1.0), (part, 1.0), (part, 1.0)])
    assert mean == Estimate(3.0, 2.5, 3.25)


def test_the_weight_of_a_dimension_without_evidence_is_spread_over_the_others() -> None:
    result = round_score(DESIGN, [said("api-design-quality", "covered", "covered", "missed", "covered")])
    assert [(d.dimension, d.weight) for d in result.dimensions] == [
        ("api-design-quality", 1.0),
        ("trade-off-articulation", 0.0),
    ]
    assert result.estimate == result.dimensions[0].estimate


def test_a_round_is_incomplete_when_more_than_two_fifths_of_its_weight_has_no_evidence() -> None:
    api, trade = said("api-design-quality", *["covered"] * 3), said("trade-off-articulation", *["covered"] * 3)
    assert round_score(DESIGN, [api, trade]).incomplete is False
    assert round_score(DESIGN, [api]).incomplete is False
    assert round_score(DESIGN, [trade]).incomplete is True
    nothing = round_score(DESIGN, [])
    assert (nothing.estimate, nothing.incomplete, nothing.level) == (None, True, None)


def test_the_answers_of_a_round_are_read_together() -> None:
    one = said("api-design-quality", "covered", "covered")
    other = said("api-design-quality", "missed", "missed")
    together = round_score(DESIGN, [one, other]).estimate
    assert together is not None
    assert together.value == pytest.approx(2.5)
    assert together.low < 2 < 3 < together.high


def strong(level: str, trade_offs: Sequence[Status]) -> RoundScore:
    api = said("api-design-quality", *["covered"] * 6, level="mid")
    above = said("api-design-quality", *["covered"] * 6, level=level)
    return round_score(DESIGN, [api + above, said("trade-off-articulation", *trade_offs, level=level)])


def test_a_two_in_trade_offs_caps_the_round_at_mid() -> None:
    full = strong("senior", ["covered", "covered", "covered"])
    assert (full.level, full.capped) == ("senior", False)
    mixed = strong("senior", ["covered", "missed", "missed", "partly"])
    assert mixed.estimate is not None
    assert mixed.estimate.value >= 2.8
    assert (mixed.level, mixed.capped) == ("mid", True)


def test_trade_offs_cap_nothing_at_mid_or_where_they_were_not_examined() -> None:
    assert strong("mid", ["missed", "missed", "missed"]).capped is False
    assert strong("senior", []).level == "senior"


@given(st.lists(st.floats(1, 4), min_size=1, max_size=6), st.integers(0, 5), st.floats(0, 3))
def test_a_higher_score_raises_no_objection(scores: list[float], at: int, more: float) -> None:
    kinds = ["system-design", "coding", "behavioural", "as-appropriate", "api-design", "values"]
    before = list(zip(kinds, scores, strict=False))
    at %= len(before)
    after = [*before[:at], (before[at][0], min(4.0, before[at][1] + more)), *before[at + 1 :]]
    assert bool(objections(after)) <= bool(objections(before))


@pytest.mark.parametrize(
    ("scores", "against"),
    [
        ([("coding", 2.8), ("system-design", 3.0), ("values", 2.0)], []),
        ([("coding", 2.8), ("system-design", 3.0), ("values", 1.9)], ["values lies below 2"]),
        ([("coding", 2.8), ("system-design", 2.7)], ["1 of 2 rounds reach 2.8; two thirds must"]),
        (
            [("coding", 3.0), ("system-design", 3.0), ("bar-raiser", 2.5)],
            ["bar-raiser must reach 2.8 itself"],
        ),
        ([("as-appropriate", 2.8)], []),
    ],
)
def test_the_decision_rules_are_those_of_the_catalogue(scores: list[tuple[str, float]], against: list[str]) -> None:
    assert objections(scores) == against


def answered(kind: RoundKind, status: Status, times: int, level: str = "mid") -> RoundScore:
    return round_score(kind, [said(name, *[status] * times, level=level) for name in kind.weights])


def test_a_verdict_is_open_while_the_ranges_hold_both_answers() -> None:
    few = [
        round_score(kind, [said(name, "covered", "covered", "missed") for name in kind.weights])
        for kind in (DESIGN, STORY)
    ]
    many = [answered(DESIGN, "covered", 12), answered(STORY, "covered", 12)]
    assert (loop_verdict(few, "mid").decision, loop_verdict(few, "mid").leaning) == ("open", True)
    assert loop_verdict(many, "mid").decision == "hire"
    poor = [answered(DESIGN, "missed", 12), answered(STORY, "missed", 12)]
    assert loop_verdict(poor, "mid").decision == "no hire"
    assert loop_verdict(poor, "mid").against[0] == "system-design lies below 2"


def test_people_and_technical_rounds_count_by_the_level_and_screens_not_at_all() -> None:
    rounds = [answered(DESIGN, "covered", 12), answered(STORY, "missed", 12), answered(SCREEN, "missed", 12)]
    mid, senior = loop_verdict(rounds, "mid").estimate, loop_verdict(rounds, "senior").estimate
    assert mid is not None
    assert senior is not None
    assert mid.value == pytest.approx(0.7 * 4 + 0.3 * 1)
    assert senior.value == pytest.approx(0.6 * 4 + 0.4 * 1)


def test_a_family_that_was_not_held_leaves_its_share_to_the_other() -> None:
    alone = loop_verdict([answered(STORY, "covered", 12)], "mid").estimate
    assert alone is not None
    assert alone.value == pytest.approx(4.0)


def test_senior_and_above_must_show_scope_and_trade_offs_and_mid_need_not() -> None:
    shown = [answered(DESIGN, "covered", 6, "senior"), answered(STORY, "covered", 6, "senior")]
    assert loop_verdict(shown, "senior").level == "senior"
    assert loop_verdict([answered(DESIGN, "covered", 6, "senior")], "senior").level is None
    only_api = round_score(DESIGN, [said("api-design-quality", *["covered"] * 6)])
    assert loop_verdict([only_api], "mid").level == "mid"


def test_a_loop_of_which_nothing_was_heard_has_no_verdict() -> None:
    verdict = loop_verdict([round_score(DESIGN, [])], "mid")
    assert (verdict.decision, verdict.estimate, verdict.incomplete) == ("open", None, True)
