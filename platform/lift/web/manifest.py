"""Addresses of the built assets: plain names in, hashed names out."""

import json
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"
PREFIX = "/static/dist/"


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> dict[str, str]:
    """The manifest's mapping; ``changed`` (ns) makes a new build count at once."""
    names: dict[str, str] = json.loads(path.read_text("utf-8"))
    return names


def asset_url(name: str) -> str:
    """The address of ``name`` (``app.css``) with its hash; ``KeyError`` for a name that was not built."""
    path = DIST / "manifest.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        # Not built yet: pages stay readable without styles, as they do in most tests.
        return PREFIX + name
    return PREFIX + _read(path, changed)[name]
