"""What a correction changed, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Change:
    """A run of text: ``kept``, ``added`` by the correction, or ``taken`` out by it."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Change]:
    """The runs of both texts in order. The kept and the added ones make ``after`` but for its leading space."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    # Compared without the space behind a word: a line broken elsewhere is no correction.
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new])
    found = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found.append(Change("kept", "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            # Between words of its own: the text that it stood in may end here.
            apart = " " if found and not found[-1].text[-1].isspace() else ""
            found.append(Change("taken", f"{apart}{''.join(old[old_from:old_to]).rstrip()} "))
        if new_to > new_from:
            found.append(Change("added", "".join(new[new_from:new_to])))
    return found
