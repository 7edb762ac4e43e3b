"""The model in numpy agrees with what is known of it, and keeps its places."""

from pathlib import Path

import numpy as np
import pytest

from lift.scoring.encoder import Encoder, ModelMissing, shared_encoder


def cosine(left: str, right: str) -> float:
    encoder = shared_encoder()
    return float(encoder.encode(left).sentence @ encoder.encode(right).sentence)


def test_sentence_cosines_are_those_that_the_models_authors_publish() -> None:
    assert cosine("A man is eating food.", "A man is eating a piece of bread.") == pytest.approx(0.7553, abs=2e-3)
    assert cosine("A man is eating food.", "The girl is carrying a baby.") == pytest.approx(-0.1050, abs=5e-3)


def test_words_keep_their_places_in_the_text_as_written() -> None:
    text = "Naïve p99 = 210ms — 🙂 don’t re-try"
    assert [text[a:b] for a, b in shared_encoder().encode(text).spans] == [
        "Naïve", "p99", "=", "210ms", "—", "🙂", "don", "’", "t", "re", "-", "try",
    ]  # fmt: skip


def test_pieces_are_those_of_the_reference_tokenizer() -> None:
    assert shared_encoder().ids("Hello wörld unbelievableness 中文 “q” $5") == [
        7592, 2088, 23653, 2791, 1746, 1861, 1523, 1053, 1524, 1002, 1019,
    ]  # fmt: skip


def test_an_empty_text_has_no_words_and_a_zero_sentence() -> None:
    encoded = shared_encoder().encode(" \x00 ")
    assert encoded.vectors.shape == (0, 384)
    assert not encoded.sentence.any()


def test_long_text_is_read_in_chunks_of_finite_unit_vectors() -> None:
    encoded = shared_encoder().encode("The lock has an owner. " * 120)
    assert len(encoded.spans) == 720
    assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-4)


def test_a_vector_does_not_depend_on_what_was_encoded_before() -> None:
    encoder = shared_encoder()
    first = encoder.encode("unique index on the key")
    encoder.encode("something else altogether")
    assert np.array_equal(first.vectors, encoder.encode("unique index on the key").vectors)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the model")
    with pytest.raises(ModelMissing, match="calibrated"):
        Encoder(tmp_path)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="missing"):
        Encoder(tmp_path)
