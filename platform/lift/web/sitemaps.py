"""Sitemaps as sitemaps.org has them: at most 50,000 addresses a file, and an index when one file is too few."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

MOST = 50_000
"""Addresses that one file may hold."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def split(addresses: Sequence[str], most: int = MOST) -> Sequence[Sequence[str]]:
    """The addresses of each file, in order; one empty file when there are none."""
    return [addresses[start : start + most] for start in range(0, len(addresses), most)] or [[]]


def file_of(addresses: Sequence[str]) -> str:
    """One file."""
    entries = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return f"{_HEAD}<urlset {_SPACE}>{entries}</urlset>"


def index_of(files: Sequence[str]) -> str:
    """The index of several files, by their addresses."""
    entries = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in files)
    return f"{_HEAD}<sitemapindex {_SPACE}>{entries}</sitemapindex>"
