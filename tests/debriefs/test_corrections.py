"""What a correction changed, and what several answers show together."""

from hypothesis import given
from hypothesis import strategies as st

from lift.debriefs.corrections import Change, changes

texts = st.lists(st.sampled_from(["a", "lock", "lease.", "Redis,", "\n", "2PC"]), max_size=40).map(" ".join)


def test_a_misheard_word_is_shown_in_its_place() -> None:
    assert changes("We take a leaf on the key.", "We take a lease on the key.") == [
        Change("kept", "We take a "),
        Change("taken", "leaf "),
        Change("added", "lease "),
        Change("kept", "on the key."),
    ]


def test_a_line_broken_elsewhere_is_no_correction() -> None:
    assert [run.kind for run in changes("one two\nthree", "one\ntwo three")] == ["kept"]


@given(texts, texts)
def test_what_is_kept_and_added_is_the_new_text_and_what_is_kept_and_taken_has_the_old_words(
    before: str, after: str
) -> None:
    found = changes(before, after)
    assert "".join(run.text for run in found if run.kind != "taken") == after.lstrip()
    assert "".join(run.text for run in found if run.kind != "added").split() == before.split()
