"""What a partly heard point lacks is said in the point's own words."""

from lift.debriefs.lacking import lacking

POINT = "Updates with the expected version in the WHERE clause and raises the version in the same statement"


def test_words_are_named_where_each_clause_was_touched() -> None:
    quote = "the version stands in the clause, and a raised version comes back"
    assert lacking(POINT, quote) == "“updates”, “expected”, “statement”"


def test_the_clause_that_was_left_out_is_named_whole() -> None:
    assert lacking(POINT, "I put it into the where clause") == "“and raises the version in the same statement”"


def test_a_clause_of_which_nothing_was_said_is_named_whole() -> None:
    point = "Lets one loader per key work, while the others wait for it with a bounded timeout"
    assert lacking(point, "one loader per key does the work") == "“while the others wait for it with a bounded timeout”"


def test_what_the_question_says_is_no_sign_either_way() -> None:
    assert "cache" not in lacking(
        "Warms the cache, with jitter on each expiry", "warms it", "How would you warm a cache?"
    )


def test_nothing_is_lacking_where_every_word_was_said() -> None:
    assert lacking("Adds jitter to expiry", "I would add jitter to the expiry") == ""
