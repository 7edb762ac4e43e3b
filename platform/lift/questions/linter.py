"""The standard that every question of the bank is held to, as far as a program can see it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from lift.catalog.files import CatalogFiles, read_catalog
from lift.catalog.yaml_source import ContentError
from lift.questions.format import Located, P, Placed, read_questions, repeated_ids
from lift.questions.readings import check_readings
from lift.questions.references import misplaced, unresolved
from lift.questions.similarity import (
    SAME_WORDS,
    Embed,
    close_pairs,
    grams,
    jaccard,
    meaning_pairs,
    skeleton_pairs,
    words,
)
from lift.scoring import lexicon
from lift.scoring.types import Assessment, Rubric, Signal

FEWEST_WORDS, MOST_WORDS = 15, 90
MOST_SIGNAL_WORDS = 45
TOP_BAND = 4
COPIED = 0.5
"""Share of an outline's steps that may be signals word for word before it is their list, and no answer."""
FEWEST_MUSTS = 2
ECHO = 0.75
"""Share of a signal's longer words that may stand in its prompt before the signal only repeats the question."""

Assess = Callable[[Rubric, str], Assessment]


@dataclass(frozen=True)
class LintReport:
    """Everything found."""

    questions: int
    problems: Sequence[str]


def lint(
    content: Path, *, embed: Embed | None = None, assess: Assess | None = None, readings: bool = True
) -> LintReport:
    """All rules. Without ``embed`` the cosine rule is left out, without ``assess`` the scoring of outlines.

    Both are asked only when no other rule has a complaint.
    """
    try:
        files = read_catalog(content)
    except ContentError as error:
        return LintReport(0, error.problems)
    placed, problems = read_questions(content)
    whole = not problems
    problems.extend(repeated_ids(placed))
    for item in placed:
        problems.extend(unresolved(item, files))
        problems.extend(misplaced(item, files))
        problems.extend(manners(item))
        problems.extend(musts_too_high(item, files.levels))
    problems.extend(duplicates(placed, files, None))
    problems.extend(check_readings(content, placed, required=readings, whole=whole))
    problems.extend(lexicon.faults(content / lexicon.FILE.name))
    # The models take minutes: they are asked when nothing else is left to mend.
    if embed is not None and not problems:
        problems.extend(duplicates(placed, files, embed))
    if assess is not None and not problems:
        problems.extend(outlines(placed, assess))
    return LintReport(len(placed), problems)


def manners(item: Located[P]) -> Iterator[P]:
    """Rules of one question that need nothing else: lengths, musts, signals that say something, levels."""
    question = item.question
    length = len(question.spoken.split())
    if not FEWEST_WORDS <= length <= MOST_WORDS:
        yield item.problem(f"the prompt has {length} words, not {FEWEST_WORDS} to {MOST_WORDS}", "prompt")
    musts = sum(signal.weight == "must" for signal in question.signals)
    if not FEWEST_MUSTS <= musts <= 3:
        yield item.problem(f"{musts} musts, not 2 or 3", "signals")
    asked = set(words(question.spoken))
    seen: dict[str, int] = {}
    for index, signal in enumerate(question.signals):
        said = words(signal.text)
        if len(said) > MOST_SIGNAL_WORDS:
            yield item.problem(f"signal {index} has {len(said)} words, more than {MOST_SIGNAL_WORDS}", "signals", index)
        if " ".join(said) in seen:
            yield item.problem(f"signal {index} is the same as signal {seen[' '.join(said)]}", "signals", index)
        seen.setdefault(" ".join(said), index)
        telling = {word for word in said if len(word) > 3}
        if telling and len(telling & asked) / len(telling) >= ECHO:
            yield item.problem(f"signal {index} repeats the question", "signals", index)
    for level in question.levels:
        if level not in question.by_level:
            yield item.problem(f"by_level says nothing for {level}", "by_level")
    for level in question.by_level:
        if level not in question.levels:
            yield item.problem(f"by_level has {level}, which is not among its levels", "by_level", level)
    texts = {" ".join(words(signal.text)) for signal in question.signals}
    copied = sum(" ".join(words(step)) in texts for step in question.outline)
    if copied > COPIED * len(question.outline):
        yield item.problem(
            f"{copied} of {len(question.outline)} steps of the outline are signals word for word, not what one would say",
            "outline",
        )
    targets = [followup.when_missed for followup in question.followups if followup.when_missed is not None]
    if len(set(targets)) != len(targets):
        yield item.problem("two follow-ups are aimed at the same signal", "followups")


def musts_too_high(item: Located[P], order: Sequence[str]) -> Iterator[P]:
    """Musts tell hire from no hire at the lowest level that a question suits, so at least two are expected there."""
    question = item.question
    suited = [level for level in order if level in question.levels]
    musts = [signal.level for signal in question.signals if signal.weight == "must" and signal.level in order]
    if suited and len(musts) >= FEWEST_MUSTS:
        there = sum(order.index(level) <= order.index(suited[0]) for level in musts)
        if there < FEWEST_MUSTS:
            yield item.problem(f"{there} of its musts expected at {suited[0]}, its lowest level, not 2 or 3", "signals")


def duplicates(placed: Sequence[Placed], files: CatalogFiles, embed: Embed | None) -> Iterator[str]:
    """Pairs that are one question: by words, by skeleton, by meaning."""
    items = {item.question.id: item for item in placed}
    prompts = {slug: item.question.spoken for slug, item in items.items()}
    reported = set()
    by_words = close_pairs({slug: grams(words(prompt)) for slug, prompt in prompts.items()}, SAME_WORDS)
    for first, second, likeness in by_words:
        reported.add((first, second))
        yield items[second].problem(f"nearly the same words as {first} (5-gram Jaccard {likeness:.2f})", "prompt")
    for first, second, likeness in skeleton_pairs(prompts, names_of(files)):
        if (first, second) not in reported:
            reported.add((first, second))
            yield items[second].problem(
                f"the same skeleton as {first} (Jaccard {likeness:.2f} without names)", "prompt"
            )
    for first, second, likeness in meaning_pairs(prompts, embed) if embed and prompts else ():
        if (first, second) not in reported:
            yield items[second].problem(f"nearly the same meaning as {first} (cosine {likeness:.2f})", "prompt")


def names_of(files: CatalogFiles) -> Iterator[str]:
    """Names of companies, orgs, products and stores."""
    for company in files.companies.companies:
        yield company.name
        yield from company.aliases
        yield from (team.name for team in company.orgs.teams)
        yield from (item.name.split(" (")[0] for item in company.platform_primitives.items)
        yield from company.stack.stores
        yield from company.stack.languages


def rubric_of(item: Placed) -> Rubric:
    """The rubric as a scorer takes it."""
    question = item.question
    signals = tuple(Signal(s.text, s.weight, s.level, s.dimension) for s in question.signals)
    return Rubric(question.spoken, signals, tuple(question.levels), question.rubric_version)


def outlines(placed: Sequence[Placed], assess: Assess) -> Iterator[str]:
    """An outline, read as an answer, is in the top band; another question's outline is not."""
    answers = [" ".join(item.question.outline) for item in placed]
    for place, item in enumerate(placed):
        rubric = rubric_of(item)
        own = assess(rubric, answers[place])
        if own.band != TOP_BAND:
            missed = [r.signal_index for r in own.signals if r.status == "missed"]
            yield item.problem(
                f"its outline scores band {own.band}, not {TOP_BAND}; missed signals {missed}", "outline"
            )
        stranger = _stranger(place, placed)
        if stranger is not None and assess(rubric, answers[stranger]).band == TOP_BAND:
            yield item.problem(f"the outline of {placed[stranger].question.id} scores band {TOP_BAND} here", "outline")


def _stranger(place: int, placed: Sequence[Placed]) -> int | None:
    """A question of another subject: the last one before here (or the first after) that shares no competency.

    One just before, so that what was heard of its outline is still remembered.
    """
    own = set(placed[place].question.competencies)
    for other in chain(reversed(range(place)), range(place + 1, len(placed))):
        if own.isdisjoint(placed[other].question.competencies):
            return other
    return None


__all__ = ["LintReport", "duplicates", "jaccard", "lint", "manners", "outlines", "rubric_of"]
