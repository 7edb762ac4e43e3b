"""Where ``?next=`` may lead: to a page of this site and nowhere else."""

from urllib.parse import urlsplit

LONGEST = 500


def local_path(target: str | None) -> str | None:
    """``target`` when it is a path on this host, else None."""
    if not target or len(target) > LONGEST or not target.startswith("/"):
        return None
    # Browsers read a backslash as a slash and drop tabs and line breaks, so "/\t/host" would leave the site.
    if target.startswith("//") or "\\" in target or any(ord(char) <= 32 or ord(char) == 127 for char in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
