"""A Valkey of our own: append-only file, password, loopback only."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from lift.runner.binaries import ServerBinaries
from lift.runner.errors import RunnerError
from lift.runner.ports import LOOPBACK, free_port
from lift.runner.process import Child


class EmbeddedValkey:
    """One server whose append-only file lives in ``folder``, on ``port`` or a free one."""

    def __init__(
        self,
        folder: Path,
        binaries: ServerBinaries,
        port: int | None = None,
        *,
        log: Path | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port or free_port()
        self._fixed_port = port is not None
        self._binaries = binaries
        self._log = log or self.folder / "valkey.log"
        self._pause = pause
        self._password = secrets.token_hex(24)
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self, timeout: float = 20.0) -> None:
        """Start it and wait until it answers; RunnerError says what is wrong."""
        program = self._binaries.valkey()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for attempt in range(3):  # a free port can be taken by another program before we bind it
            try:
                self._launch(program, timeout)
                return
            except RunnerError:
                if attempt == 2 or self._fixed_port:
                    raise
                self.port = free_port()

    def _launch(self, program: Path, timeout: float) -> None:
        settings = self.folder / "valkey.conf"
        settings.unlink(missing_ok=True)
        # In a file and not on the command line, where every user of the machine could read the password.
        with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(
                f"bind {LOOPBACK}\nport {self.port}\nrequirepass {self._password}\n"
                f'dir "{self.folder}"\nappendonly yes\nappendfsync everysec\nsave ""\n'
                "maxmemory-policy noeviction\ndaemonize no\n"
            )
        self.child = Child("valkey", [program, settings], log=self._log)
        self.child.start()
        self._wait_until_ready(self.child, timeout)

    def stop(self, timeout: float = 3.0) -> None:
        """Ask it to write its file and end; killed after ``timeout`` seconds."""
        if self.child is not None:
            self.child.stop(timeout)
            self.child = None

    def _wait_until_ready(self, child: Child, timeout: float) -> None:
        client = Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=2)
        end = time.monotonic() + timeout
        try:
            while time.monotonic() < end:
                if not child.running():
                    raise RunnerError(f"Valkey did not start: {child.last_line()}")
                try:
                    client.ping()
                    return
                except RedisError:
                    self._pause(0.02)
        finally:
            client.close()
        child.sweep()
        raise RunnerError(f"Valkey did not answer within {timeout:.0f} s; its log is {self._log}.")
