"""Finds a quote in the answer: spaces, quotation marks, dashes and capitals may differ, words may not."""

from lift.scoring.text import Span

_SAME = str.maketrans(
    {**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-"), "…": "."}
)
_WRAPPING = " \"'.,;:!?-[]()"


def find_quote(answer: str, quote: str) -> Span | None:
    """The offsets of the first passage of ``answer`` that says ``quote``, whole words only; None when there is none."""
    text, places = _plain(answer)
    wanted = _plain(quote)[0].strip(_WRAPPING)
    if not wanted:
        return None
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _is_edge(text, at) and _is_edge(text, end):
            return places[at], places[end - 1] + 1
        at = text.find(wanted, at + 1)
    return None


def _plain(text: str) -> tuple[str, list[int]]:
    """``text`` in one spelling, and where each of its characters stood."""
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text.translate(_SAME)):
        if char.isspace():
            if not plain or plain[-1] == " ":
                continue
            char = " "  # noqa: PLW2901 - the one spelling of any space
        lowered = char.lower()
        plain.append(lowered if len(lowered) == 1 else char)
        places.append(place)
    return "".join(plain), places


def _is_edge(text: str, at: int) -> bool:
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
