"""Rules of the moderation desk: how long things wait, how far reviewers agree, where two texts differ."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lift.submissions.differences import Kind, differences, worth_marking
from lift.submissions.kappa import ENOUGH, Pair, measure
from lift.submissions.reviewing import Verdict
from lift.submissions.urgency import PROBLEMS, REPORTS, TAKEDOWNS, Limits, Urgency, in_words, urgency

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
YES, NO = Verdict.VERIFY, Verdict.DECLINE


@pytest.mark.parametrize("limits", [REPORTS, TAKEDOWNS, PROBLEMS])
def test_something_is_due_and_late_to_the_second(limits: Limits) -> None:
    second = timedelta(seconds=1)
    for waited, expected in (
        (limits.due - second, Urgency.FRESH),
        (limits.due, Urgency.DUE),
        (limits.late - second, Urgency.DUE),
        (limits.late, Urgency.LATE),
    ):
        assert urgency(NOW - waited, NOW, limits) is expected


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "new, 0 hours"),
        (1, "new, 1 hour"),
        (47, "new, 47 hours"),
        (48, "due, 2 days"),
        (24 * 5, "late by 0 hours"),
        (24 * 9, "late by 4 days"),
    ],
)
def test_what_waits_is_said_in_words(hours: int, words: str) -> None:
    assert in_words(NOW - timedelta(hours=hours), NOW, REPORTS) == words


def test_kappa_is_that_of_the_textbook() -> None:
    # 20 twice yes, 5 and 10 split, 15 twice no: Cohen's own kind of table, 0.4.
    pairs: list[Pair] = [(YES, YES)] * 20 + [(YES, NO)] * 5 + [(NO, YES)] * 10 + [(NO, NO)] * 15
    measured = measure(pairs)
    assert (measured.pairs, measured.alike) == (50, 35)
    assert measured.kappa == pytest.approx(0.4)
    assert measured.words == "fair"


def test_where_everybody_says_the_same_chance_explains_it() -> None:
    assert measure([(YES, YES)] * ENOUGH).kappa is None
    assert measure([]).kappa is None


def test_a_few_pairs_are_not_enough_yet() -> None:
    assert not measure([(YES, NO)] * (ENOUGH - 1)).enough
    assert measure([(YES, NO)] * ENOUGH).enough


@patient
@given(st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from(Verdict)), min_size=1, max_size=30))
def test_kappa_is_one_at_most_and_one_for_full_agreement(pairs: list[Pair]) -> None:
    kappa = measure(pairs).kappa
    if kappa is not None:
        assert -1 - 1e-9 <= kappa <= 1 + 1e-9
        assert (abs(kappa - 1) < 1e-9) == all(one is two for one, two in pairs)


texts = st.lists(st.sampled_from(["key", "store", "retry", "a", "the"]), max_size=12).map(" ".join)


@patient
@given(texts, texts)
def test_the_pieces_make_up_both_texts(first: str, second: str) -> None:
    pieces = differences(first, second)
    assert "".join(p.text for p in pieces if p.kind is not Kind.GONE).split() == second.split()
    assert "".join(p.text for p in pieces if p.kind is not Kind.NEW).split() == first.split()


def test_equal_texts_have_no_difference() -> None:
    assert [piece.kind for piece in differences("A key is stored.", "A key is stored.")] == [Kind.SAME]
    assert differences("", "") == []


def test_a_changed_word_stands_alone() -> None:
    pieces = differences("Store the key before the charge", "Store the key after the charge")
    assert [(piece.kind, piece.text.strip()) for piece in pieces] == [
        (Kind.SAME, "Store the key"),
        (Kind.GONE, "before"),
        (Kind.NEW, "after"),
        (Kind.SAME, "the charge"),
    ]


def test_differences_are_marked_where_the_texts_are_close() -> None:
    one = "Store the key before the charge, and answer the loser."
    assert worth_marking(differences(one, "Store the key after the charge, and answer the loser."))
    assert not worth_marking(differences(one, "A map lags by a minute at noon. Find what holds the places back."))
    assert not worth_marking(differences("", ""))
