"""docs/scoring.md says what the code does."""

from pathlib import Path

from lift.scoring import bands, embedded
from lift.scoring.bands import Pair
from lift.scoring.loops import loop_verdict
from lift.scoring.rounds import RoundKind, round_score
from lift.scoring.types import DimensionBand, Signal, SignalResult, Status
from tests.scoring.rubrics import IDEMPOTENCY

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8").split())


def test_the_page_states_the_limits_in_force() -> None:
    assert (
        f"From {embedded.COVERED} of full agreement the signal is **covered**, from {embedded.PARTLY} **partly**"
        in PAGE
    )
    assert f"first {embedded.MAX_WORDS:,} words" in PAGE
    assert f"version {embedded.VERSION}" in PAGE


def said(dimension: str, level: str, *found: Status) -> list[Pair]:
    return [
        (Signal("a point", "must", level, dimension), SignalResult(0, status, None, None, None, 1.0))
        for status in found
    ]


def test_the_worked_loop_comes_out_as_the_page_says() -> None:
    weights = {"api-design-quality": 30, "scalability-anchoring": 40, "trade-off-articulation": 30}
    design = round_score(
        RoundKind("system-design", "technical", weights),
        [
            said("api-design-quality", "mid", "covered", "covered", "partly"),
            said("scalability-anchoring", "mid", "covered", "covered", "covered", "missed"),
            said("scalability-anchoring", "senior", "covered", "partly"),
            said("trade-off-articulation", "senior", "covered", "missed", "missed", "partly"),
        ],
    )
    story = round_score(
        RoundKind("behavioural", "people", {"ownership-and-impact": 60, "level-scope": 40}),
        [
            said("ownership-and-impact", "mid", "covered", "covered", "covered", "partly"),
            said("level-scope", "senior", "covered", "covered", "partly"),
        ],
    )
    for one in (design, story):
        for part in (*(d.estimate for d in one.dimensions), one.estimate):
            assert part is not None
            assert f"{part.low:.1f}–{part.high:.1f}" in PAGE
    assert (design.level, design.capped) == ("mid", True)
    verdict = loop_verdict([design, story], "senior")
    assert verdict.estimate is not None
    assert (
        f"= **{verdict.estimate.value:.1f}**, in a range of {verdict.estimate.low:.1f}–{verdict.estimate.high:.1f}"
        in PAGE
    )
    assert (verdict.decision, verdict.leaning, verdict.level) == ("open", True, "mid")


def test_the_page_states_the_shares_of_the_bands() -> None:
    for band, least in bands.BAND_FROM:
        assert f"| from {least:.0%} | {band} |".replace("%", " %") in PAGE


def test_the_worked_example_comes_out_as_the_page_says() -> None:
    heard: list[Status] = ["covered", "covered", "partly", "covered", "missed", "covered", "missed"]
    found = bands.pairs(IDEMPOTENCY, [SignalResult(i, s, None, None, None, 1.0) for i, s in enumerate(heard)])
    assert bands.answer_band(found) == 4
    assert bands.highest_level(IDEMPOTENCY, found) == "staff"
    assert bands.followup_signal(found) == 2
    assert bands.dimension_bands(found) == (
        DimensionBand("failure-and-concurrency", 3, 4),
        DimensionBand("database-tier-reasoning", None, None),
        DimensionBand("api-design-quality", 3, 4),
        DimensionBand("operational-maturity", None, None),
    )
