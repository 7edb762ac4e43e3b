"""docs/scoring.md says what the code does."""

from pathlib import Path

from lift.scoring import bands, embedded
from lift.scoring.types import DimensionBand, SignalResult, Status
from tests.scoring.rubrics import IDEMPOTENCY

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8").split())


def test_the_page_states_the_limits_in_force() -> None:
    assert (
        f"From {embedded.COVERED} of full agreement the signal is **covered**, from {embedded.PARTLY} **partly**"
        in PAGE
    )
    assert f"first {embedded.MAX_WORDS:,} words" in PAGE
    assert f"version {embedded.VERSION}" in PAGE


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
