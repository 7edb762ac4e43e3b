"""Places in a search's order, as an address carries them: opaque, and good for the one search that they were made for."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Order = Literal["recent", "ranked", "alike"]

_ORDERS: tuple[Order, ...] = ("recent", "ranked", "alike")
_FORM = struct.Struct(">B6sIq16s")
MOST_PAGES = 1_000_000


@dataclass(frozen=True)
class Cursor:
    """A question's place: the page begins after it, or ends before it."""

    order: Order
    key: int
    """What the order sorts by first: the day number of a month, or a rank in millionths."""
    id: UUID
    page: int
    """The number of the page that begins or ends here, from 1."""


def written(cursor: Cursor, digest: bytes) -> str:
    """The cursor as text, for the search with this ``digest``."""
    packed = _FORM.pack(_ORDERS.index(cursor.order), digest, cursor.page, cursor.key, cursor.id.bytes)
    return urlsafe_b64encode(packed).decode().rstrip("=")


def read(text: str, digest: bytes) -> Cursor | None:
    """The cursor that a text is; None when it is none, or one of another search."""
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        order, made_for, page, key, question = _FORM.unpack(packed)
    except (Error, struct.error, ValueError):
        return None
    if made_for != digest or order >= len(_ORDERS) or not 1 <= page <= MOST_PAGES:
        return None
    return Cursor(_ORDERS[order], key, UUID(bytes=question), page)
