"""The ladder that the scorer is measured against: length, TF-IDF, sentence cosine, token alignment alone."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bench.scoring.data import Graded
from bench.scoring.figures import Floats
from lift.scoring.encoder import Encoder
from lift.scoring.text import content_words, continues_number, is_content, stem


def length(graded: Sequence[Graded]) -> Floats:
    """Log of the number of words."""
    return np.array([math.log1p(len(each.answer.split())) for each in graded])


def tf_idf(graded: Sequence[Graded]) -> Floats:
    """Cosine of stems weighed by rarity among the set's own texts."""
    texts = {text for each in graded for text in (each.reference, each.answer)}
    stems = {text: Counter(map(stem, content_words(text))) for text in texts}
    seen = Counter(word for found in stems.values() for word in found)
    rare = {word: math.log((1 + len(texts)) / (1 + count)) for word, count in seen.items()}

    def cosine(a: Counter[str], b: Counter[str]) -> float:
        dot = sum(a[word] * b[word] * rare[word] ** 2 for word in a.keys() & b.keys())
        size = math.prod(math.sqrt(sum((n * rare[word]) ** 2 for word, n in one.items())) for one in (a, b))
        return dot / size if size else 0.0

    return np.array([cosine(stems[each.reference], stems[each.answer]) for each in graded])


def by_meaning(graded: Sequence[Graded], encoder: Encoder) -> tuple[Floats, Floats]:
    """Cosine of the two sentence vectors, and token alignment alone: the mean best cosine of the reference's content words
    that the question does not hold. Both in one reading, because reading is what takes the time."""
    references: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    cosines, aligned = [], []
    for each in graded:
        key = each.question, each.reference
        if key not in references:
            asked = {stem(word) for word in content_words(each.question)}
            encoded = encoder.encode(each.reference)
            content = _content(each.reference, encoded.spans)
            fresh = [i for i in content if stem(each.reference[slice(*encoded.spans[i])]) not in asked]
            points = encoded.vectors[fresh if len(fresh) >= 2 else content].astype(np.float64)
            references[key] = points, encoded.sentence.astype(np.float64)
        points, sentence = references[key]
        said = encoder.encode(each.answer)
        near = points @ said.vectors[_content(each.answer, said.spans)].T
        cosines.append(float(sentence @ said.sentence))
        aligned.append(float(near.max(axis=1).mean()) if near.size else 0.0)
    return np.array(cosines), np.array(aligned)


def _content(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    return [i for i, (a, b) in enumerate(spans) if is_content(text[a:b]) and not continues_number(text, a)]
