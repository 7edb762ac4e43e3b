"""Addresses of the built assets: plain names in, hashed names out."""

import json
import os
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"
MANIFEST = str(DIST / "manifest.json")
PREFIX = "/static/dist/"


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> dict[str, str]:
    """The manifest's mapping; ``changed`` (ns) makes a new build count at once."""
    names: dict[str, str] = json.loads(Path(path).read_text("utf-8"))
    return names


def build_stamp() -> int:
    """Changes with every build; 0 before the first, when pages are without styles, as they are in most tests."""
    try:
        return os.stat(MANIFEST).st_mtime_ns  # noqa: PTH116 - asked by every page, and a Path takes four times as long
    except FileNotFoundError:
        return 0


def asset_url(name: str) -> str:
    """The address of ``name`` (``app.css``) with its hash; ``KeyError`` for a name that was not built."""
    stamp = build_stamp()
    return PREFIX + (_read(MANIFEST, stamp)[name] if stamp else name)
