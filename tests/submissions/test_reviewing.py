"""When reviewers have decided."""

from uuid import UUID

from lift.submissions.reviewing import EXPERIENCED, Agreement, Opinion, Verdict, agreement, outcome

YES, NO = Verdict.VERIFY, Verdict.DECLINE


def said(*opinions: tuple[Verdict, int]) -> list[Opinion]:
    return [Opinion(UUID(int=place), verdict, experience) for place, (verdict, experience) in enumerate(opinions, 1)]


def test_the_word_of_an_experienced_reviewer_is_enough() -> None:
    assert outcome(said((YES, EXPERIENCED))) is YES
    assert outcome(said((NO, EXPERIENCED))) is NO


def test_after_fewer_than_twenty_a_second_one_must_agree() -> None:
    assert outcome(said((YES, EXPERIENCED - 1))) is None
    assert outcome(said((YES, 0), (YES, 0))) is YES
    assert outcome(said((YES, 0), (YES, EXPERIENCED))) is YES


def test_where_two_disagree_a_third_decides_whatever_their_experience() -> None:
    assert outcome(said((YES, 0), (NO, 500))) is None
    assert outcome(said((YES, 0), (NO, 500), (NO, 3))) is NO
    assert outcome(said((YES, 0), (NO, 500), (YES, 3))) is YES


def test_agreement_is_measured_over_the_first_two() -> None:
    reports = [said((YES, 0), (YES, 0)), said((YES, 0), (NO, 0), (NO, 0)), said((NO, 30))]
    assert agreement(reports) == Agreement(1, 2)
    assert agreement(reports).share == 0.5
    assert agreement([]).share is None
