"""The rule of 24 months."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lift.submissions import recency

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_in_november_the_oldest_month_is_the_december_of_two_years_ago() -> None:
    now = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    assert recency.oldest(now) == date(2024, 12, 1)
    assert recency.counts(date(2024, 12, 1), now)
    assert not recency.counts(date(2024, 11, 1), now)


def test_a_month_is_ahead_until_it_begins_somewhere_on_earth() -> None:
    assert recency.newest(datetime(2026, 11, 30, 9, 59, tzinfo=UTC)) == date(2026, 11, 1)
    assert recency.newest(datetime(2026, 11, 30, 10, 0, tzinfo=UTC)) == date(2026, 12, 1)


@given(MOMENTS)
def test_whatever_counts_was_within_the_last_24_months_on_every_day_of_its_month(now: datetime) -> None:
    today = now.date()
    first = recency.oldest(now)
    assert recency.plus(first, 24) > today
    assert recency.months(now)[-1] == first
    assert all(recency.counts(month, now) for month in recency.months(now))


@given(MOMENTS, st.integers(0, 40))
def test_a_report_counts_until_its_last_day_and_not_a_day_longer(now: datetime, back: int) -> None:
    month = recency.plus(recency.this_month(now), -back)
    last = recency.last_day_of_counting(month)
    end = datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)
    assert recency.counts(month, end)
    assert not recency.counts(month, end + timedelta(minutes=1))
