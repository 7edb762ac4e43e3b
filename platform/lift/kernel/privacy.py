"""What must not stand in a log line or beside a job: addresses of people and tokens."""

import re

_ADDRESS = re.compile(r"[^\s@<>(),;:\"'=\[\]]{1,64}@(?:[\w-]+\.)+[^\W\d_][\w-]*")
SHORTEST_RUN = 40
_RUN = re.compile(rf"[\w-]{{{SHORTEST_RUN},}}")


def _token(found: re.Match[str]) -> str:
    # Names of functions and tables are long too, but not in mixed case; a UUID has 36 characters.
    run = found.group()
    return "[token]" if any(c.isupper() for c in run) and any(c.islower() for c in run) else run


def scrubbed(text: str) -> str:
    """``text`` without e-mail addresses and without what looks like one of our tokens."""
    # Nearly all that is logged is short and holds neither: looking is cheaper than searching.
    if "@" in text:
        text = _ADDRESS.sub("[address]", text)
    return _RUN.sub(_token, text) if len(text) >= SHORTEST_RUN else text
