"""How a month is counted in a window of time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lift.questions.windows import DAYS, WINDOWS, counted, since, widest
from lift.submissions.recency import oldest

DATES = st.dates(date(2020, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("window", "today", "first"),
    [
        ("3m", date(2026, 11, 30), date(2026, 8, 1)),
        ("3m", date(2026, 11, 1), date(2026, 8, 1)),
        ("12m", date(2026, 1, 31), date(2025, 1, 1)),
        ("24m", date(2026, 11, 30), date(2024, 12, 1)),
        ("30d", date(2026, 11, 30), date(2026, 10, 1)),
        ("30d", date(2026, 12, 31), date(2026, 12, 1)),
        ("30d", date(2026, 3, 1), date(2026, 1, 1)),
    ],
)
def test_a_month_counts_when_any_of_its_days_falls_into_the_window(window: str, today: date, first: date) -> None:
    assert since(window, today) == first


@given(today=DATES)
def test_each_window_holds_the_one_before_it_and_this_month(today: date) -> None:
    begins = [since(window, today) for window in WINDOWS]
    assert begins == sorted(begins, reverse=True)
    assert all(first.day == 1 and first <= today for first in begins)
    assert begins[0] <= today - timedelta(days=DAYS)


@given(today=DATES, months=st.dictionaries(DATES.map(lambda day: day.replace(day=1)), st.integers(1, 9), max_size=9))
def test_a_window_counts_the_months_from_its_first_on(today: date, months: dict[date, int]) -> None:
    for window, number in counted(months, today).items():
        assert number == sum(n for month, n in months.items() if month >= since(window, today))


def test_of_several_windows_the_widest_counts_and_an_unknown_one_is_none() -> None:
    assert widest(["3m", "x", "24m"], date(2026, 11, 30)) == date(2024, 12, 1)
    assert widest(["x"], date(2026, 11, 30)) is None


def test_the_widest_window_is_the_rule_by_which_reports_count() -> None:
    for day in (1, 15, 30):
        moment = datetime(2026, 11, day, 12, tzinfo=UTC)
        assert since("24m", moment.date()) == oldest(moment)
