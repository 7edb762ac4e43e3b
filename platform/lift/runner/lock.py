"""One runner a data directory: a file lock that the kernel drops when the runner ends, however it ends."""

import fcntl
import os
from pathlib import Path

from lift.runner.errors import RunnerError


class HomeLock:
    """Holds ``<home>/lift.lock`` while the object lives; the file says who holds it."""

    def __init__(self, home: Path) -> None:
        self.path = home / "lift.lock"
        self._descriptor: int | None = None

    def acquire(self, address: str) -> None:
        """Take the lock; RunnerError naming the holder when another runner has it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace").strip()
            os.close(descriptor)
            raise RunnerError(
                f"Interview Lift already runs on {self.path.parent}" + (f" ({holder})." if holder else ".")
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()}, {address}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
