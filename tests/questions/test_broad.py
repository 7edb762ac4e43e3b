"""Counts that are kept of large sets say what counting now would say, and are told from what is only a lower bound."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.questions import broad, counts
from lift.questions.counts import Counts
from lift.questions.facets import ANY_COMPANY, Searcher, conditions
from lift.questions.filters import FACETS, Filters
from lift.questions.models import FacetRow, Question
from lift.shelf import service as shelf
from lift.shelf.models import SavedQuestion, SeenQuestion
from tests.factories import an_account

FEW = 3
"""A bound under which every set of interest lies."""
MANY = 100_000
"""A bound that no set reaches."""
KEPT = tuple(facet for facet in FACETS if facet not in counts.PERSONAL)


@pytest.fixture
def searcher(session: Session, now: datetime) -> Searcher:
    """Somebody with a list who has seen some questions, in a bank of which some were reported."""
    account = an_account(session, now)
    mine = shelf.make_list(session, account.id, "Mine", now)
    ids = session.execute(select(Question.id).order_by(Question.slug)).scalars().all()
    chosen = ids[::6]
    seen = [{"account_id": account.id, "question_id": question_id, "seen_at": now} for question_id in chosen]
    session.execute(insert(SeenQuestion), seen)
    saved = [{"list_id": mine, "question_id": question_id, "added_at": now} for question_id in chosen]
    session.execute(insert(SavedQuestion), saved)
    for place, question_id in enumerate(ids[::12]):
        month = date(2026 - place // 44, 11 - place % 11, 1)
        found = update(Question).where(Question.id == question_id)
        session.execute(found.values(provenance="reported", last_reported=month, reports=1))
    session.execute(update(Question).where(Question.id == ids[-1]).values(retired_at=now))
    broad.refresh(session, now)
    return Searcher(account.id, now.date())


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is large is large at once."""
    monkeypatch.setattr(counts, "MOST_COUNTED", FEW)


def count(session: Session, searcher: Searcher, filters: Filters) -> Counts:
    return counts.count(session, filters, conditions(filters, searcher), searcher.today)


def nonzero(counted: Counts, facet: str) -> dict[str, int]:
    return {value: number for value, number in counted.facets[facet].items() if number}


def some(values: Sequence[str]) -> Sequence[str]:
    """The first, the last and one between."""
    return list(dict.fromkeys([*values[:1], *values[len(values) // 2 :][:1], *values[-1:]]))


def test_the_whole_bank_is_counted_as_it_is(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(counts, "MOST_COUNTED", MANY)
    exact = count(session, searcher, Filters())
    assert exact.kept_since is None
    monkeypatch.setattr(counts, "MOST_COUNTED", FEW)
    kept = count(session, searcher, Filters())
    assert kept.total == exact.total
    assert kept.at_least == frozenset()
    assert kept.kept_since == now
    for facet in FACETS:
        assert nonzero(kept, facet) == nonzero(exact, facet), facet


@pytest.mark.parametrize("facet", FACETS)
def test_each_single_choice_is_counted_as_it_is(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, facet: str
) -> None:
    for value in some(list(nonzero(count(session, searcher, Filters()), facet))):
        filters = Filters().with_values(facet, [value])
        exact = count(session, searcher, filters)
        with monkeypatch.context() as patched:
            patched.setattr(counts, "MOST_COUNTED", FEW)
            kept = count(session, searcher, filters)
        assert kept.total == exact.total or "total" in kept.at_least
        for other in FACETS:
            if other not in kept.at_least:
                assert nonzero(kept, other) == nonzero(exact, other), (value, other)
        if facet in KEPT:
            assert kept.at_least == frozenset(), value


@pytest.mark.parametrize("facet", [*broad.ONE])
def test_several_values_of_a_facet_that_a_question_has_one_of_are_added(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, facet: str
) -> None:
    values = some(list(nonzero(count(session, searcher, Filters()), facet)))
    filters = Filters().with_values(facet, values)
    exact = count(session, searcher, filters)
    monkeypatch.setattr(counts, "MOST_COUNTED", FEW)
    kept = count(session, searcher, filters)
    assert (kept.total, kept.at_least) == (exact.total, frozenset())
    for other in FACETS:
        assert nonzero(kept, other) == nonzero(exact, other), other


def test_a_company_and_questions_that_name_none_are_added(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(company=("microsoft", ANY_COMPANY))
    exact = count(session, searcher, filters)
    monkeypatch.setattr(counts, "MOST_COUNTED", FEW)
    kept = count(session, searcher, filters)
    assert (kept.total, kept.at_least) == (exact.total, frozenset())
    for facet in FACETS:
        assert nonzero(kept, facet) == nonzero(exact, facet), facet


@pytest.mark.parametrize(("one", "other"), list(combinations(KEPT, 2)))
def test_of_two_choices_the_total_is_told_by_either(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch, one: str, other: str
) -> None:
    start = count(session, searcher, Filters())
    choices = [max(start.facets[facet], key=lambda value: start.facets[facet][value]) for facet in (one, other)]
    filters = Filters().with_values(one, choices[:1]).with_values(other, choices[1:])
    exact = count(session, searcher, filters)
    monkeypatch.setattr(counts, "MOST_COUNTED", FEW)
    kept = count(session, searcher, filters)
    assert kept.total == exact.total
    assert "total" not in kept.at_least
    for facet in (one, other):
        assert nonzero(kept, facet) == nonzero(exact, facet)


def test_what_no_row_is_the_count_of_is_a_lower_bound(session: Session, searcher: Searcher, few: None) -> None:
    for filters in (Filters(words="cache"), Filters(company=("microsoft", "google")), Filters(level=("mid", "senior"))):
        counted = count(session, searcher, filters)
        assert "total" in counted.at_least
        assert counted.total == FEW


def test_counting_again_forgets_what_is_gone_and_dates_the_rest(
    session: Session, searcher: Searcher, now: datetime, few: None
) -> None:
    session.add(FacetRow(facet="topic", value="astrology", total=9, counts={}, counted_at=now))
    session.execute(update(Question).where(Question.topic_slug == "observability").values(retired_at=now))
    later = now + timedelta(hours=1)
    rows = broad.refresh(session, later)
    kept = count(session, searcher, Filters())
    assert kept.kept_since == later
    assert "observability" not in kept.facets["topic"]
    assert session.execute(select(func.count()).select_from(FacetRow)).scalar_one() == rows
    assert session.get(FacetRow, ("topic", "astrology")) is None


def test_an_empty_bank_has_nothing(session: Session, searcher: Searcher, now: datetime) -> None:
    session.execute(update(Question).values(retired_at=now))
    broad.refresh(session, now)
    assert count(session, searcher, Filters()).total == 0
    assert count(session, Searcher(uuid7(), now.date()), Filters(kind=("debug",))).total == 0
