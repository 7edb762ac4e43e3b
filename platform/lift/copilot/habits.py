"""What a sentence of an answer does and does not do, told from its form: mechanism, number, failure, choice. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Check = Literal["mechanism", "number", "failure", "choice"]

_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand|"
    "million|billion|half|third|quarter|twice|double|per cent|percent"
)
SIGNS: Mapping[Check, re.Pattern[str]] = {
    "mechanism": re.compile(
        r"\b(?:because|since|so|once|which means|by (?:\w+ly )?\w+ing|via|through|using|uses? (?:an?|the|one)|with an? \w+|under an? \w+|"
        r"in (?:one|the same|a single) \w+|inside an? \w+)\b",
        re.IGNORECASE,
    ),
    "number": re.compile(rf"\d+(?:[.,]\d+)*|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    "failure": re.compile(
        r"\b(?:fail\w*|crash\w*|time[sd]? ?-?out\w*|los(?:e[sd]?|ing|t|s)|retr(?:y|ies|ied|ying)|down|dies?|died|duplicat\w*|"
        r"rac(?:e[sd]?|ing)|stale|corrupt\w*|conflict\w*|errors?|unavailable|disconnect\w*|overload\w*|restart\w*|roll\w* ?back|"
        r"refus\w*|reject\w*|broke\w*|breaks?|wrong|late|leak\w*|deadlock\w*)\b",
        re.IGNORECASE,
    ),
    "choice": re.compile(
        r"\b(?:instead|rather than|trade-?offs?|costs?|price|at the expense|although|though|however|slower|faster|cheaper|"
        r"simpler|safer|worse|better|versus|vs|giv(?:e|es|ing) up|prefer\w*|cho(?:ose|ice|se)|over an?|only if|unless)\b",
        re.IGNORECASE,
    ),
}
HEDGES = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|presumably|hopefully|somewhat|somehow|I (?:think|guess|believe|suppose|feel)(?: that)?|"
    r"I(?:'|’)?m not (?:really )?sure(?: but)?|(?:kind|sort) of|in my opinion|it depends|more or less|might(?: want to)?|"
    r"could (?:maybe|perhaps|possibly))\b,?",
    re.IGNORECASE,
)
FILLERS = re.compile(
    r"\b(?:um+|uh+|erm?|you know|basically|actually|literally|honestly|obviously|simply|just|really|very|quite|"
    r"and so on|and stuff|or something|etc)\b,?",
    re.IGNORECASE,
)
EMPTY = re.compile(
    r"\b(?:robust(?:ly)?|scalabl[ey]|efficient(?:ly)?|proper(?:ly)?|appropriate(?:ly)?|seamless(?:ly)?|best practices?|"
    r"high quality|state of the art|industry standard|optimi[sz]ed?|performant|flexibl[ey]|clean(?:ly)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Habits:
    """What was found in a sentence, in its own words."""

    present: Mapping[Check, str]
    """The passage that does it, for each check that the sentence meets."""
    hedges: list[str]
    fillers: list[str]
    empty: list[str]
    """Words that claim a quality without saying how."""


def habits(sentence: str) -> Habits:
    """The habits of ``sentence``."""
    found = {check: match.group() for check, sign in SIGNS.items() if (match := sign.search(sentence))}
    return Habits(found, _all(HEDGES, sentence), _all(FILLERS, sentence), _all(EMPTY, sentence))


def tidied(sentence: str) -> str:
    """The sentence without its hedges and fillers, in the same words otherwise."""
    text = FILLERS.sub("", HEDGES.sub("", sentence))
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,;:")
    text = re.sub(r"(?:^|(?<=[.!?]\s))[,;:\s]*([a-z])", lambda match: match.group(1).upper(), text)
    return re.sub(r"([,;:])(?:\s*[,;:.])+", r"\1", text)


def _all(pattern: re.Pattern[str], sentence: str) -> list[str]:
    found = (match.group().strip(" ,") for match in pattern.finditer(sentence))
    return list({passage.lower(): passage for passage in found}.values())
