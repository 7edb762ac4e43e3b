"""B8, I10, I11: seconds, zones and the days on which clocks are changed."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.access import PRIORITY, Facts, State, Trial, decide
from billing.checkout import trial_days
from billing.trial import TRIAL
from tests.billing.test_access import moments, people
from tests.billing.world import World

SECOND = timedelta(seconds=1)
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")
DAYS = {
    "spring forward": datetime(2026, 3, 7, 20, 0, tzinfo=ZoneInfo("America/Los_Angeles")),
    "fall back": datetime(2026, 10, 31, 20, 0, tzinfo=ZoneInfo("America/Los_Angeles")),
    "plain": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
}


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine lives in this zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("day", DAYS)
def test_b08_the_trial_is_168_hours_to_the_second_in_any_zone_and_on_any_day(zone: str, day: str) -> None:
    start = DAYS[day].astimezone(UTC)
    facts = Facts(signed_in=True, email_verified_at=start, trial=Trial(start, start + TRIAL))
    for offset, state in (
        (-SECOND, State.TRIALING),
        (timedelta(0), State.TRIAL_EXPIRED),
        (SECOND, State.TRIAL_EXPIRED),
    ):
        moment = start + timedelta(hours=168) + offset
        assert decide(facts, moment).state is state
        assert decide(facts, moment.astimezone(ZoneInfo(zone))).state is state
        assert decide(facts, moment.astimezone()).state is state


@pytest.mark.parametrize("day", DAYS)
def test_b08_the_stored_trial_ends_then_too(world: World, zone: str, day: str) -> None:
    world.gateway.clock = DAYS[day].astimezone(UTC)
    account = world.account()
    end = world.now + timedelta(hours=168)
    assert world.access(account, at=end - SECOND).valid_until == end
    assert world.state(account, at=end - SECOND) is State.TRIALING
    assert world.state(account, at=end) is State.TRIAL_EXPIRED


@given(people, moments)
def test_i11_the_answer_is_the_same_wherever_the_machine_stands(facts: Facts, moment: datetime) -> None:
    answers = [decide(facts, moment.astimezone(ZoneInfo(name))) for name in ZONES]
    assert answers[0] == answers[1] == answers[2]


@given(people, moments, st.lists(st.integers(0, 40 * 86400), max_size=5))
def test_i10_without_events_the_state_moves_one_way_only(facts: Facts, moment: datetime, steps: list[int]) -> None:
    ranks = []
    for step in [0, *steps]:
        moment += timedelta(seconds=step)
        ranks.append(PRIORITY[decide(facts, moment).state])
    assert ranks == sorted(ranks)


@given(st.integers(1, 7 * 86400 * 10**6))
def test_the_rest_of_a_trial_is_rounded_up_and_by_less_than_a_day(left: int) -> None:
    rest = timedelta(microseconds=left)
    given_time = timedelta(days=trial_days(DAYS["plain"] + rest, DAYS["plain"]))
    assert rest <= given_time < rest + timedelta(days=1)
