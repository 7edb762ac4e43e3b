"""One clock for the whole site: the machine's, or the sandbox's where payments go there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from lift.kernel.clock import MovedClock, SystemClock, clock_file, clock_of, move_ahead
from lift.kernel.settings import Settings

WITHIN = timedelta(minutes=1)


def about(moment: datetime, expected: datetime) -> bool:
    return abs(moment - expected) < WITHIN


def test_a_site_goes_by_the_machine_unless_its_payments_go_to_the_sandbox(tmp_path: Path) -> None:
    move_ahead(clock_file(tmp_path), 86_400)
    assert isinstance(clock_of(Settings(home=tmp_path)), SystemClock)
    followed = clock_of(Settings(home=tmp_path, stripe_api_base="http://127.0.0.1:9"))
    assert about(followed.now(), datetime.now(UTC) + timedelta(days=1))


def test_a_move_is_seen_by_clocks_that_run_already(tmp_path: Path) -> None:
    clock = MovedClock(clock_file(tmp_path))
    assert about(clock.now(), datetime.now(UTC))
    for days in (4, 95):
        move_ahead(clock_file(tmp_path), days * 86_400)
        assert about(clock.now(), datetime.now(UTC) + timedelta(days=days))
        assert clock.now().tzinfo is UTC
