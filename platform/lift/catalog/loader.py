"""Load the shipped content: catalogue and questions, in the caller's transaction, writing only what differs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lift.catalog.files import CONTENT, CatalogFiles, read_catalog
from lift.catalog.models import ContentVersion
from lift.catalog.rows import rows
from lift.catalog.sync import TableCount, remove, sync

FORMAT = "3"
"""Raise it when the rows made from the same files change, so that a new release loads them again."""

PARTS = ("lift.questions.loading",)
"""Modules that load their own part after the catalogue. Named, not imported: they lie above the catalogue."""

LOCK = 0x11F7_C0DE
"""Advisory lock: of two loads at once the second waits, and then finds nothing to do; an import waits for both."""


@dataclass(frozen=True)
class LoadReport:
    """What a load did. ``skipped`` when the files had not changed since the last one."""

    digest: str
    skipped: bool
    tables: Sequence[TableCount] = ()

    @property
    def written(self) -> int:
        """Rows written in all."""
        return sum(count.written for count in self.tables)

    def __str__(self) -> str:
        if self.skipped:
            return "content unchanged, nothing written"
        lines = [
            f"{c.table}: {c.rows} rows, {c.inserted} new, {c.updated} changed, {c.removed} removed" for c in self.tables
        ]
        return "\n".join([*lines, f"{self.written} rows written"])


def digest_of(content: Path) -> str:
    """SHA-256 over the names and bytes of the files that are loaded."""
    total = hashlib.sha256(FORMAT.encode())
    for path in sorted([*content.glob("catalog/*.yaml"), *content.glob("questions/**/*.yaml")]):
        total.update(path.relative_to(content).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def hold_the_content(session: Session) -> None:
    """Until this transaction ends, whoever else holds the content waits."""
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def load_content(session: Session, now: datetime, *, content: Path = CONTENT, force: bool = False) -> LoadReport:
    """Load catalogue and questions of ``content``; ``force`` compares rows even when no file changed.

    ContentError lists every fault with file and line; nothing is written then.
    """
    digest = digest_of(content)
    hold_the_content(session)
    stored = session.execute(select(ContentVersion.digest).where(ContentVersion.name == "content")).scalar_one_or_none()
    if stored == digest and not force:
        return LoadReport(digest, skipped=True)
    files = read_catalog(content)
    tables, gone = [], []
    for model, wanted in rows(files):
        count, unwanted = sync(session, model, wanted)
        tables.append(count)
        gone.append((model, unwanted))
    for name in PARTS:
        tables.extend(_load_part(name, session, files, content, now))
    for model, unwanted in reversed(gone):
        remove(session, model, unwanted)
    if stored != digest:
        values = {"name": "content", "digest": digest, "loaded_at": now}
        session.execute(
            insert(ContentVersion).values(values).on_conflict_do_update(index_elements=["name"], set_=values)
        )
    return LoadReport(digest, skipped=False, tables=tables)


def _load_part(name: str, session: Session, files: CatalogFiles, content: Path, now: datetime) -> Sequence[TableCount]:
    counts: Sequence[TableCount] = import_module(name).load(session, files, content, now)
    return counts
