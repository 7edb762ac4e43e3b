"""Files that commands read and write; ``-`` is standard input and output."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lift.runner.errors import RunnerError


@contextlib.contextmanager
def reading(name: str) -> Iterator[BinaryIO]:
    """The file to read from; RunnerError in one line when it cannot be."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - only opening may fail with these words
    except OSError as error:
        raise RunnerError(f"{name} cannot be read: {(error.strerror or 'no such file').lower()}.") from None
    with file:
        yield file


@contextlib.contextmanager
def writing(name: str) -> Iterator[BinaryIO]:
    """The file to write to; it appears under its name only when it is whole, so that a broken run leaves the old one."""
    if name == "-":
        yield sys.stdout.buffer
        return
    path = Path(name)
    part = path.with_name(path.name + ".part")
    try:
        file = part.open("wb")
    except OSError as error:
        raise RunnerError(f"{name} cannot be written: {(error.strerror or 'no such folder').lower()}.") from None
    try:
        with file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
