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


def sentence_cosine(graded: Sequence[Graded], encoder: Encoder) -> Floats:
    """Cosine of the two sentence vectors."""
    references = {each.reference: encoder.encode(each.reference).sentence for each in graded}
    return np.array([float(references[each.reference] @ encoder.encode(each.answer).sentence) for each in graded])


def alignment(graded: Sequence[Graded], encoder: Encoder) -> Floats:
    """Mean best cosine of the reference's content words that the question does not hold; nothing else."""
    points: dict[tuple[str, str], Floats] = {}
    found = []
    for each in graded:
        key = each.question, each.reference
        if key not in points:
            asked = {stem(word) for word in content_words(each.question)}
            encoded = encoder.encode(each.reference)
            content = _content(each.reference, encoded.spans)
            fresh = [i for i in content if stem(each.reference[slice(*encoded.spans[i])]) not in asked]
            points[key] = encoded.vectors[fresh if len(fresh) >= 2 else content].astype(np.float64)
        said = encoder.encode(each.answer)
        vectors = said.vectors[_content(each.answer, said.spans)]
        cosines = points[key] @ vectors.T
        found.append(float(cosines.max(axis=1).mean()) if cosines.size else 0.0)
    return np.array(found)


def _content(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    return [i for i, (a, b) in enumerate(spans) if is_content(text[a:b]) and not continues_number(text, a)]
