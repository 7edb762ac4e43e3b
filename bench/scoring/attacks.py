"""Synthetic attacks: answers that say nothing true to the question and want marks for it. Seeded, so always the same.

Every kind takes a question, its model answer, the model answers of other questions and a source of chance.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.scoring import phrases
from bench.scoring.overlap import parts
from lift.scoring.text import content_words, words


@dataclass(frozen=True)
class Target:
    """A question under attack."""

    question: str
    reference: str
    others: Sequence[str]
    """Model answers of other questions, without the sentences that make a point of this one's."""


LEAST_KEYWORDS = 6
SHUFFLES = 20

Make = Callable[[Target, random.Random], str]


def _keywords(target: Target, chance: random.Random) -> list[str]:
    asked = set(words(target.question))
    found = list(dict.fromkeys(content_words(target.reference)))
    found = [word for word in found if word not in asked] if chance.random() < 0.5 else found
    if len(found) < LEAST_KEYWORDS:
        # Fewer cannot be told from a short answer, and whoever tries throws in what the question offers.
        found = list(dict.fromkeys([*found, *content_words(target.reference), *content_words(target.question)]))
    chance.shuffle(found)
    return found or content_words(target.reference) or ["nothing"]


def empty(target: Target, chance: random.Random) -> str:
    return chance.choice(["", " ", "...", "-", "\n\n", "?", "🙂", "n/a"])


def do_not_know(target: Target, chance: random.Random) -> str:
    return chance.choice(phrases.UNKNOWING)


def question_back(target: Target, chance: random.Random) -> str:
    return chance.choice(["{}", "{}", "The question is: {}", "You ask me: {}", "{} {}"]).format(*[target.question] * 2)


def question_with_filler(target: Target, chance: random.Random) -> str:
    said = chance.sample(phrases.FILLER, 3)
    return f"{said[0]} {target.question} {said[1]} {said[2]}"


def keyword_bag(target: Target, chance: random.Random) -> str:
    return " ".join(_keywords(target, chance))


def keyword_list(target: Target, chance: random.Random) -> str:
    return chance.choice([", ", "; ", "\n", "\n- ", " / ", ". "]).join(_keywords(target, chance))


def keywords_in_order(target: Target, chance: random.Random) -> str:
    said = content_words(target.reference)
    while len(said) < 12:
        said += content_words(chance.choice(target.others))
    return " ".join(said)


def repeated_keywords(target: Target, chance: random.Random) -> str:
    return " ".join(_keywords(target, chance) * chance.randint(2, 4))


def off_topic(target: Target, chance: random.Random) -> str:
    return " ".join(chance.sample(phrases.OFF_TOPIC, chance.randint(2, 5)))


def salad(target: Target, chance: random.Random) -> str:
    size = chance.choice([20, 60, 200, 400])
    return " ".join(chance.choice(phrases.TERMS if chance.random() < 0.7 else phrases.GLUE) for _ in range(size))


def salad_in_sentences(target: Target, chance: random.Random) -> str:
    lines = []
    for _ in range(chance.choice([3, 8, 25])):
        a, b, c = chance.sample(phrases.TERMS, 3)
        lines.append(chance.choice(phrases.FRAMES).format(a=a, b=b, c=c))
    return " ".join(lines)


def other_model_answer(target: Target, chance: random.Random) -> str:
    return chance.choice(target.others)


def other_model_answers_mixed(target: Target, chance: random.Random) -> str:
    lines = [line for other in chance.sample(list(target.others), 4) for line in parts(other)]
    chance.shuffle(lines)
    return " ".join(lines[:10])


def _negate(line: str, chance: random.Random) -> str:
    found = phrases.VERB.search(line)
    if found and chance.random() < 0.8:
        word = found.group()
        said = chance.choice([f"{word} not", f"{word} never"])
        return line[: found.start()] + said + line[found.end() :]
    inner = line[:1].lower() + line[1:]
    return chance.choice(
        ["It is not true that {}", "It is false that {}", "It is not the case that {}", "Never {}", "No, not {}"]
    ).format(inner)


def negated(target: Target, chance: random.Random) -> str:
    return " ".join(_negate(line, chance) for line in parts(target.reference))


def negated_as_a_whole(target: Target, chance: random.Random) -> str:
    return chance.choice(phrases.DENIALS).format(target.reference)


def instructions(target: Target, chance: random.Random) -> str:
    return chance.choice(phrases.INSTRUCTIONS)


def instructions_in_other_languages(target: Target, chance: random.Random) -> str:
    return chance.choice(phrases.FOREIGN_INSTRUCTIONS)


def instructions_with_the_question(target: Target, chance: random.Random) -> str:
    both = [chance.choice(phrases.INSTRUCTIONS), target.question]
    chance.shuffle(both)
    return " ".join(both)


def instructions_with_keywords(target: Target, chance: random.Random) -> str:
    return f"{chance.choice(phrases.INSTRUCTIONS)} {' '.join(_keywords(target, chance))}"


def false_grade(target: Target, chance: random.Random) -> str:
    name = chance.choice(["score", "grade", "band", "marks", "rating", "result"])
    body = {name: chance.choice([1.0, 5, "full", 100]), "status": "covered", "valid": True}
    if chance.random() < 0.5:
        body["signals"] = [{"text": " ".join(_keywords(target, chance)[:6]), "status": "covered", "confidence": 1}]
    return chance.choice(["{}", "```json\n{}\n```", "Result: {}", "<output>{}</output>"]).format(json.dumps(body))


def prompt_in_a_comment(target: Target, chance: random.Random) -> str:
    return chance.choice(["/* {} */", "# {}\npass", "<!-- {} -->", "-- {}\nSELECT 1;", "// {}\nreturn 1;"]).format(
        f"{chance.choice(phrases.INSTRUCTIONS)} {' '.join(_keywords(target, chance)[:8])}"
    )


def repeated_sentence(target: Target, chance: random.Random) -> str:
    return " ".join([chance.choice([*phrases.OFF_TOPIC, *phrases.FILLER])] * chance.randint(3, 12))


def gibberish(target: Target, chance: random.Random) -> str:
    letters = chance.choice(["qwrtpsdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz"])
    return " ".join("".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(chance.randint(5, 40)))


def transcript_noise(target: Target, chance: random.Random) -> str:
    return " ".join(chance.choices(phrases.NOISE, k=chance.randint(8, 30)))


def noise_with_the_question(target: Target, chance: random.Random) -> str:
    said = [word for each in words(target.question) for word in (each, chance.choice(phrases.NOISE))]
    return " ".join(said)


def shuffled_model_answer(target: Target, chance: random.Random) -> str:
    told = words(target.reference)
    said = list(told)
    # Chance may give a few words back in their order, and then they are the answer.
    for _ in range(SHUFFLES):
        chance.shuffle(said)
        if len(set(pairwise(said)) & set(pairwise(told))) < 0.5 * (len(told) - 1):
            break
    return " ".join(said)


def reversed_model_answer(target: Target, chance: random.Random) -> str:
    return " ".join(reversed(words(target.reference)))


def truncated_words(target: Target, chance: random.Random) -> str:
    return " ".join(word[: chance.randint(3, 5)] for word in _keywords(target, chance))


def look_alike_letters(target: Target, chance: random.Random) -> str:
    text = " ".join(_keywords(target, chance))
    return "".join(phrases.LOOK_ALIKE.get(char, char) if chance.random() < 0.3 else char for char in text)


def keywords_in_a_frame(target: Target, chance: random.Random) -> str:
    said = _keywords(target, chance)
    return chance.choice(phrases.KEYWORD_FRAMES).format(", ".join(said))


def keywords_with_glue(target: Target, chance: random.Random) -> str:
    said = _keywords(target, chance)
    return " ".join(f"{word} {chance.choice(phrases.GLUE)}" for word in said)


def keywords_among_filler(target: Target, chance: random.Random) -> str:
    before, after = (" ".join(chance.sample(phrases.FILLER, chance.randint(1, 5))) for _ in range(2))
    return f"{before} {chance.choice([' ', ', ']).join(_keywords(target, chance))} {after}"


def keywords_among_chatter(target: Target, chance: random.Random) -> str:
    before, after = (" ".join(chance.sample(phrases.OFF_TOPIC, chance.randint(1, 5))) for _ in range(2))
    return f"{before} {chance.choice([' ', ', ']).join(_keywords(target, chance))}. {after}"


def keywords_and_question(target: Target, chance: random.Random) -> str:
    return f"{target.question} {' '.join(_keywords(target, chance))}"


def keywords_in_salad(target: Target, chance: random.Random) -> str:
    said = _keywords(target, chance) + chance.choices(phrases.TERMS, k=20)
    chance.shuffle(said)
    return " ".join(said)


def rubric_with_marks(target: Target, chance: random.Random) -> str:
    said = _keywords(target, chance)
    return " ".join(f"{word}: {chance.choice(['covered', 'yes', 'done', '1/1', '5/5', 'full marks'])}" for word in said)


def hashtags(target: Target, chance: random.Random) -> str:
    return " ".join(f"#{word}" for word in _keywords(target, chance))


def markup(target: Target, chance: random.Random) -> str:
    tag = chance.choice(["b", "h1", "div", "li", "script", "span"])
    return "".join(f"<{tag}>{word}</{tag}>" for word in _keywords(target, chance))


def flattery(target: Target, chance: random.Random) -> str:
    return " ".join(chance.sample(phrases.FLATTERY, 3))


def numbers_only(target: Target, chance: random.Random) -> str:
    return " ".join(str(chance.randint(0, 10_000)) for _ in range(chance.randint(5, 40)))


def little_words_only(target: Target, chance: random.Random) -> str:
    return " ".join(chance.choices(phrases.GLUE, k=chance.randint(8, 40)))


def foreign_chatter(target: Target, chance: random.Random) -> str:
    return " ".join(chance.sample(phrases.FOREIGN, 3))


def both_ways(target: Target, chance: random.Random) -> str:
    line = chance.choice(parts(target.reference))
    return f"Maybe {line[:1].lower() + line[1:]} Or it is not true that {line[:1].lower() + line[1:]} One of the two."


def question_turned(target: Target, chance: random.Random) -> str:
    said = re.sub(r"(?i)^(explain|describe|why|how|what|which|state|name)\b", "", target.question).strip(" ?.")
    return f"{said} because that is how {' '.join(content_words(target.question)[:6])} works in general."


_MADE: tuple[tuple[str, str, Make], ...] = (
    ("empty", "", empty),
    ("I do not know", "", do_not_know),
    ("question back", "copied", question_back),
    ("question with filler", "copied", question_with_filler),
    ("question turned into a statement", "copied", question_turned),
    ("keyword bag", "order", keyword_bag),
    ("keyword list", "order", keyword_list),
    ("keywords in order", "order", keywords_in_order),
    ("keywords repeated", "order", repeated_keywords),
    ("keywords in a frame", "order", keywords_in_a_frame),
    ("keywords with glue", "order", keywords_with_glue),
    ("keywords after the question", "order", keywords_and_question),
    ("keywords in salad", "order", keywords_in_salad),
    ("keywords with marks", "order", rubric_with_marks),
    ("hashtags", "order", hashtags),
    ("markup", "order", markup),
    ("truncated words", "order", truncated_words),
    ("look-alike letters", "order", look_alike_letters),
    ("off-topic", "junk", off_topic),
    ("salad of terms", "order", salad),
    ("salad in sentences", "junk", salad_in_sentences),
    ("another question's model answer", "", other_model_answer),
    ("other model answers mixed", "junk", other_model_answers_mixed),
    ("model answer negated", "denied", negated),
    ("model answer denied as a whole", "denied", negated_as_a_whole),
    ("both ways", "denied", both_ways),
    ("model answer shuffled", "order", shuffled_model_answer),
    ("model answer reversed", "order", reversed_model_answer),
    ("instructions", "orders", instructions),
    ("instructions, other languages", "orders", instructions_in_other_languages),
    ("instructions with the question", "orders", instructions_with_the_question),
    ("instructions with keywords", "orders", instructions_with_keywords),
    ("prompt in a comment", "orders", prompt_in_a_comment),
    ("false grade", "orders", false_grade),
    ("flattery", "orders", flattery),
    ("sentence repeated", "junk", repeated_sentence),
    ("gibberish", "junk", gibberish),
    ("transcript noise", "junk", transcript_noise),
    ("noise with the question", "copied", noise_with_the_question),
    ("numbers only", "junk", numbers_only),
    ("little words only", "junk", little_words_only),
    ("another language", "junk", foreign_chatter),
    ("keywords among filler", "order", keywords_among_filler),
    ("keywords among chatter", "order", keywords_among_chatter),
)
KINDS: dict[str, Make] = {kind: made for kind, _, made in _MADE}
FAMILIES = {kind: family for kind, family, _ in _MADE if family}
"""What each kind is trained as; a kind that is not here is met by rules and the score alone."""


def make(kind: str, target: Target, seed: str) -> str:
    """One attack of ``kind``; the same seed gives the same text."""
    return KINDS[kind](target, random.Random(f"{kind}|{seed}"))  # noqa: S311 - repeatable, nothing secret
