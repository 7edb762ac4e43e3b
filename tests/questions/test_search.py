"""The search of the bank: what a facet counts is what its choice finds, and a walk meets each question once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.questions import counts, search
from lift.questions.counts import Counts
from lift.questions.facets import MINUTES, Searcher
from lift.questions.filters import FACETS, Filters
from lift.questions.models import Question
from lift.questions.search import PAGE, Found
from lift.questions.windows import WINDOWS
from lift.shelf import service as shelf
from lift.shelf.models import SavedQuestion, SeenQuestion
from tests.factories import an_account

ALICE_READ = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def searcher(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    """Somebody with two lists who has seen some questions, in a bank of which some were reported."""
    account = an_account(session, now)
    ids = (
        session.execute(select(Question.id).where(Question.retired_at.is_(None)).order_by(Question.slug))
        .scalars()
        .all()
    )
    first, second = (shelf.make_list(session, account.id, name, now) for name in ("First", "Second"))
    seen = [{"account_id": account.id, "question_id": question_id, "seen_at": now} for question_id in ids[::7]]
    session.execute(insert(SeenQuestion), seen)
    for saved, step in ((first, 8), (second, 13)):
        rows = [{"list_id": saved, "question_id": question_id, "added_at": now} for question_id in ids[::step]]
        session.execute(insert(SavedQuestion), rows)
    for place, question_id in enumerate(ids[::12]):
        month = date(2026 - place // 44, 11 - place % 11, 1)
        state = ("reported", "corroborated", "verified")[place % 3]
        found = update(Question).where(Question.id == question_id)
        session.execute(found.values(provenance=state, last_reported=month, reports=1))
    # Every count is exact here; what is bounded has tests of its own.
    monkeypatch.setattr(counts, "MOST_COUNTED", 100_000)
    return Searcher(account.id, now.date())


@pytest.fixture
def statements(session: Session, searcher: Searcher) -> list[str]:
    """Every statement that the session sends."""
    sent: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


def found(session: Session, searcher: Searcher, filters: Filters, **place: str | None) -> Found:
    return search.search(session, filters, searcher, **place)


def count(session: Session, searcher: Searcher, filters: Filters) -> Counts:
    return found(session, searcher, filters).counts


def live(session: Session, *conditions: object) -> int:
    statement = select(func.count()).select_from(Question).where(Question.retired_at.is_(None), *conditions)  # type: ignore[arg-type]  # column expressions
    return session.execute(statement).scalar_one()


def some(values: Sequence[str]) -> Sequence[str]:
    """The first, the last and one between."""
    return list(dict.fromkeys([*values[:1], *values[len(values) // 2 :][:1], *values[-1:]]))


def walk(session: Session, searcher: Searcher, filters: Filters) -> Iterator[Found]:
    page = found(session, searcher, filters)
    yield page
    while page.after:
        page = found(session, searcher, filters, after=page.after)
        yield page


@pytest.mark.parametrize("facet", FACETS)
def test_every_facets_count_is_what_its_choice_then_finds(session: Session, searcher: Searcher, facet: str) -> None:
    counted = count(session, searcher, Filters()).facets[facet]
    assert counted
    for value, number in counted.items():
        assert count(session, searcher, Filters().with_values(facet, [value])).total == number, value


@pytest.mark.parametrize(("first", "second"), list(combinations(FACETS, 2)))
def test_counts_of_two_facets_are_combined(session: Session, searcher: Searcher, first: str, second: str) -> None:
    start = count(session, searcher, Filters()).facets
    for value in some(list(start[first])):
        narrowed = Filters().with_values(first, [value])
        counted = count(session, searcher, narrowed)
        # A facet does not filter itself.
        assert counted.facets[first] == start[first]
        for other in some(list(start[second])):
            both = count(session, searcher, narrowed.with_values(second, [other]))
            assert both.total == counted.facets[second].get(other, 0), (value, other)


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other(
    session: Session, searcher: Searcher
) -> None:
    own = Question.companies.contains(["microsoft"]) | Question.companies.contains(["google"])
    wanted = Filters(company=("microsoft", "google"), level=("senior",))
    assert count(session, searcher, wanted).total == live(session, own, Question.levels.contains(["senior"]))
    assert count(session, searcher, Filters(minutes=("under-10", "10-14"))).total == live(
        session, Question.minutes < 15
    )


def test_every_minute_that_a_question_may_take_lies_in_one_range() -> None:
    inside = [minute for low, high in MINUTES.values() for minute in range(low, high + 1)]
    assert sorted(inside) == list(range(1, 91))


def test_the_windows_hold_each_other_and_the_widest_of_several_counts(session: Session, searcher: Searcher) -> None:
    counted = count(session, searcher, Filters()).facets["reported"]
    numbers = [counted[window] for window in WINDOWS]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]
    assert count(session, searcher, Filters(reported=("3m", "12m"))).total == counted["12m"]


def test_seen_and_not_seen_are_everything(session: Session, searcher: Searcher) -> None:
    counted = count(session, searcher, Filters()).facets["seen"]
    assert counted["yes"] + counted["no"] == live(session)
    assert all(hit.seen for hit in found(session, searcher, Filters(seen=("yes",))).questions)
    assert count(session, searcher, Filters(seen=("yes", "no"))).total == live(session)


def test_a_list_of_somebody_else_finds_nothing(session: Session, searcher: Searcher, now: datetime) -> None:
    stranger = an_account(session, now, "stranger@example.org")
    theirs = shelf.make_list(session, stranger.id, "Theirs", now)
    shelf.add(session, theirs, found(session, searcher, Filters()).questions[0].id, now)
    assert count(session, searcher, Filters(list=(str(theirs),))).total == 0
    assert str(theirs) not in count(session, searcher, Filters()).facets["list"]


def test_a_hit_tells_in_which_lists_it_is(session: Session, searcher: Searcher, now: datetime) -> None:
    hit = found(session, searcher, Filters()).questions[0]
    assert searcher.account_id is not None
    mine = shelf.make_list(session, searcher.account_id, "Mine", now)
    shelf.keep_in(session, searcher.account_id, hit.id, [mine], now)
    assert found(session, searcher, Filters()).questions[0].lists == [mine]


@pytest.mark.parametrize("facet", FACETS)
def test_a_value_that_does_not_exist_finds_nothing_and_adds_nothing(
    session: Session, searcher: Searcher, facet: str
) -> None:
    assert count(session, searcher, Filters().with_values(facet, ["no-such-value"])).total == 0
    value, number = next(iter(count(session, searcher, Filters()).facets[facet].items()))
    assert count(session, searcher, Filters().with_values(facet, [value, "no-such-value"])).total == number


def test_without_words_the_latest_reported_come_first(session: Session, searcher: Searcher) -> None:
    months = [hit.last_reported or date.min for page in walk(session, searcher, Filters()) for hit in page.questions]
    assert months == sorted(months, reverse=True)
    assert months[0] > date.min


WALKS = [
    Filters(),
    Filters(words="database"),
    Filters(words="milisecond idempotncy"),
    Filters(level=("senior",), seen=("no",)),
    Filters(reported=("24m",)),
]


@pytest.mark.parametrize("filters", WALKS, ids=lambda f: f.query)
def test_a_walk_meets_every_question_once_in_both_directions(
    session: Session, searcher: Searcher, filters: Filters
) -> None:
    pages = list(walk(session, searcher, filters))
    there = [[hit.id for hit in page.questions] for page in pages]
    every = [question for page in there for question in page]
    assert len(every) == len(set(every)) == pages[0].counts.total > 0
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    back, page = [there[-1]], pages[-1]
    while page.before:
        page = found(session, searcher, filters, before=page.before)
        back.insert(0, [hit.id for hit in page.questions])
    assert back == there
    assert page.number == 1
    assert pages[0].before is None


@ALICE_READ
@given(lengths=st.lists(st.integers(0, 60), min_size=1, max_size=3), data=st.data())
def test_questions_that_are_added_move_nobodys_place(
    session: Session, searcher: Searcher, lengths: list[int], data: st.DataObject
) -> None:
    """Between any two pages questions come in: of those that were there before, each is still met once."""
    with session.begin_nested() as undone:
        before = set(session.execute(select(Question.id).where(Question.retired_at.is_(None))).scalars())
        met: list[UUID] = []
        for number, page in enumerate(walk(session, searcher, Filters())):
            met += [hit.id for hit in page.questions]
            if number < len(lengths):
                months = data.draw(st.lists(st.sampled_from([None, date(2026, 11, 1), date(2026, 3, 1)]), max_size=3))
                for month in months:
                    a_copy(session, month)
        assert [question for question in met if question in before] == list(dict.fromkeys(met_before(met, before)))
        assert before <= set(met)
        undone.rollback()


def met_before(met: Sequence[UUID], before: set[UUID]) -> list[UUID]:
    return [question for question in met if question in before]


def a_copy(session: Session, month: date | None) -> None:
    """Another question, reported in ``month``."""
    one = session.execute(select(Question).limit(1)).scalar_one()
    kept = {
        c.key: getattr(one, c.key) for c in Question.__mapper__.column_attrs if c.key not in ("id", "slug", "search")
    }
    made = uuid7()
    session.add(Question(**{**kept, "id": made, "slug": f"copy-{made}", "last_reported": month, "retired_at": None}))
    session.flush()


def test_a_place_of_another_search_or_of_none_leads_to_the_first_page(session: Session, searcher: Searcher) -> None:
    first = found(session, searcher, Filters())
    foreign = found(session, searcher, Filters(level=("senior",))).after
    for place in (foreign, "", "x", "=" * 9, "A" * 5_000, "ü", "\ud800", str(first.after)[:-4] + "AAAA"):
        page = found(session, searcher, Filters(), after=place)
        assert [hit.id for hit in page.questions] == [hit.id for hit in first.questions] or not page.astray
        assert page.astray == bool(place) or page.number == 2


def test_a_place_that_nothing_follows_any_more_leads_to_the_first_page(
    session: Session, searcher: Searcher, now: datetime
) -> None:
    *_, before_last, last = walk(session, searcher, Filters())
    session.execute(update(Question).where(Question.id.in_([hit.id for hit in last.questions])).values(retired_at=now))
    page = found(session, searcher, Filters(), after=before_last.after)
    assert page.astray
    assert (page.number, len(page.questions)) == (1, PAGE)


def test_a_bound_makes_counts_lower_bounds_and_says_so(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of two levels nothing is kept: questions of both would be counted twice.
    exact = count(session, searcher, Filters(level=("mid", "senior")))
    assert not exact.at_least
    monkeypatch.setattr(counts, "MOST_COUNTED", 30)
    cut = count(session, searcher, Filters(level=("mid", "senior")))
    assert cut.total == 30
    assert {"total", "company"} <= set(cut.at_least)
    for facet in FACETS:
        for value, number in cut.facets[facet].items():
            assert number <= exact.facets[facet][value], (facet, value)
    few = count(session, searcher, Filters(org=("xbox",), level=("senior",)))
    assert "total" not in few.at_least
    assert "company" not in few.at_least
    assert few.total == count(session, searcher, Filters(org=("xbox",))).facets["level"]["senior"]


def test_words_that_match_very_many_are_ranked_up_to_a_bound(
    session: Session, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(walk(session, searcher, Filters(words="database")))
    assert not whole[0].some_unranked
    monkeypatch.setattr(counts, "MOST_COUNTED", 25)
    pages = list(walk(session, searcher, Filters(words="database")))
    assert pages[0].some_unranked
    assert sum(len(page.questions) for page in pages) == 25
    latest = sorted((h.last_reported or date.min for p in whole for h in p.questions), reverse=True)[24]
    assert all((hit.last_reported or date.min) >= latest for page in pages for hit in page.questions)


def test_words_are_found_by_their_stem_and_the_prompt_weighs_most(session: Session, searcher: Searcher) -> None:
    page = found(session, searcher, Filters(words="idempotency keys"))
    assert page.order == "ranked"
    assert "idempotency-keys-01" in [hit.slug for hit in page.questions]
    without = found(session, searcher, Filters(words="idempotency -keys"))
    assert not {hit.slug for hit in page.questions} & {hit.slug for hit in without.questions}


def test_a_misspelt_word_falls_back_to_prompts_that_look_like_it(session: Session, searcher: Searcher) -> None:
    page = found(session, searcher, Filters(words="milisecond idempotncy"))
    assert page.order == "alike"
    assert page.questions


def test_a_search_takes_two_queries_and_three_when_nothing_matched(
    session: Session, searcher: Searcher, statements: list[str]
) -> None:
    found(session, searcher, Filters(words="idempotency", level=("senior",), company=("microsoft",)))
    assert len(statements) == 2
    statements.clear()
    found(session, searcher, Filters(words="milisecond idempotncy"))
    assert len(statements) == 3


def test_a_retired_question_is_found_no_more(session: Session, searcher: Searcher, now: datetime) -> None:
    before = count(session, searcher, Filters()).total
    session.execute(update(Question).where(Question.slug == "idempotency-keys-01").values(retired_at=now))
    assert count(session, searcher, Filters()).total == before - 1


def test_equal_searches_have_one_address_and_another_choice_another() -> None:
    filters = Filters("a b", company=("x", "y"), level=("senior",))
    assert filters.query == "q=a+b&company=x&company=y&level=senior"
    assert filters.without("company", "x").query == "q=a+b&company=y&level=senior"
    assert filters.digest == replace(filters, company=("y", "x")).digest
    assert filters.digest != replace(filters, company=("x",)).digest
