"""Identifiers."""

from lift.kernel.ids import keyed_hash, new_token, uuid7


def test_ids_of_one_process_sort_as_they_were_made() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_are_version_seven_of_the_right_variant() -> None:
    assert {(i.version, i.variant) for i in (uuid7() for _ in range(50))} == {(7, "specified in RFC 4122")}


def test_tokens_hold_256_bits() -> None:
    assert len(new_token()) >= 43
    assert new_token() != new_token()


def test_keyed_hashes_differ_by_purpose_and_secret() -> None:
    made = {keyed_hash(secret, purpose, "a") for secret in ("s", "t") for purpose in ("p", "q")}
    assert len(made) == 4
