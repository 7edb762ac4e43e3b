"""A PostgreSQL of our own: made once, run as a child, SCRAM passwords, loopback only."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from lift.runner.binaries import PostgresBinaries, ServerBinaries
from lift.runner.errors import RunnerError
from lift.runner.ports import LOOPBACK, free_port
from lift.runner.process import Child

ROLE = DATABASE = "lift"
UNPRIVILEGED = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
# Small enough for a laptop; durability (fsync, full_page_writes, synchronous_commit) stays as shipped.
OPTIONS = ("shared_buffers=64MB", "jit=off", "max_wal_size=512MB", "timezone=UTC", "log_timezone=UTC")


@cache
def _root_prefix() -> tuple[str, ...] | None:
    """How root becomes nobody: a user namespace where the kernel allows one; None means another account."""
    if os.geteuid() != 0:
        return ()
    try:
        done = subprocess.run([*UNPRIVILEGED, "true"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return UNPRIVILEGED if done.returncode == 0 else None


class EmbeddedPostgres:
    """One cluster in ``folder`` (``data/`` and the password files), on ``port`` or a free one.

    The application's role owns the database ``lift`` and may create others; it is no superuser.
    """

    def __init__(
        self,
        folder: Path,
        binaries: ServerBinaries,
        port: int | None = None,
        *,
        log: Path | None = None,
        pause: Callable[[float], None] = time.sleep,
        user_namespace: bool = True,
    ) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.port = port or free_port()
        self._fixed_port = port is not None
        self._binaries = binaries
        self._log = log or self.folder / "postgres.log"
        self._pause = pause
        self._user_namespace = user_namespace
        self.child: Child | None = None

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the application's role and database."""
        password = (self.folder / "password").read_text().strip()
        return f"postgresql+psycopg://{ROLE}:{password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def start(self, timeout: float = 30.0) -> None:
        """Make the cluster if there is none, start it, wait until it answers; RunnerError says what is wrong."""
        programs = self._binaries.postgres()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._initialise(programs)
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != programs.major:
            raise RunnerError(
                f"{self.data} was made by PostgreSQL {made_by}, but the one found here is {programs.major}: "
                "dump it with the old one, or set LIFT_DATABASE_URL."
            )
        self._wait_for_predecessor()
        for attempt in range(3):  # a free port can be taken by another program before we bind it
            try:
                self._launch(programs, timeout)
                break
            except RunnerError:
                if attempt == 2 or self._fixed_port:
                    raise
                self.port = free_port()
        self._ensure_database()

    def _launch(self, programs: PostgresBinaries, timeout: float) -> None:
        options = [
            *OPTIONS,
            f"listen_addresses={LOOPBACK}",
            f"port={self.port}",
            "unix_socket_directories=",  # a socket's path may be at most 107 bytes long; TCP has no such trap
        ]
        arguments = [part for option in options for part in ("-c", option)]
        self.child = Child(
            "postgres",
            [*self._prefix(), programs.postgres, "-D", self.data, *arguments],
            log=self._log,
            env=_environment(),
            death_signal=signal.SIGINT,  # fast shutdown: sessions end, a checkpoint is written
            stop_signal=signal.SIGINT,
            user=self._account(),
        )
        self.child.start()
        self._wait_until_ready(self.child, timeout)

    def stop(self, timeout: float = 5.0) -> None:
        """Fast shutdown; killed after ``timeout`` seconds (PostgreSQL then recovers at its next start)."""
        if self.child is not None:
            self.child.stop(timeout)
            self.child = None

    def _prefix(self) -> tuple[str, ...]:
        return (_root_prefix() or ()) if self._user_namespace else ()

    def _account(self) -> str | None:
        """The account to run as: "nobody" when we are root and may not make a user namespace."""
        return "nobody" if os.geteuid() == 0 and not self._prefix() else None

    def _initialise(self, programs: PostgresBinaries) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # Made aside and renamed, so that an interrupted first start leaves nothing that looks finished.
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        passwords = {name: secrets.token_hex(24) for name in ("password", "superuser-password")}
        for name, password in passwords.items():
            _write_private(self.folder / name, password)
        pwfile = self.folder / "superuser-password"
        account = self._account()
        if account:
            for path in (fresh, pwfile):
                shutil.chown(path, account)
            # That account may pass through to its own files, and read nothing else.
            for passage in (self.folder, self.folder.parent):
                passage.chmod(passage.stat().st_mode | 0o011)
        # Bytewise order and Unicode letters whatever the machine's C library; before 17 that library is asked.
        built_in = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = built_in if programs.major >= 17 else ["--locale=C.UTF-8"]
        command: list[str | Path] = [
            *self._prefix(),
            programs.initdb,
            f"--pgdata={fresh}",
            f"--pwfile={pwfile}",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            *locale,
        ]
        initdb = Child("initdb", command, log=self._log, env=_environment(), user=account, cwd=Path("/"))
        initdb.start()
        try:
            while initdb.running():
                self._pause(0.02)
        finally:
            initdb.sweep()
        if initdb.exit_code != 0:
            hint = f" (LIFT_HOME must be where the account {account} can reach it)" if account else ""
            raise RunnerError(f"PostgreSQL could not be set up in {self.folder}: {self._complaint(initdb)}{hint}")
        fresh.rename(self.data)

    def _complaint(self, child: Child) -> str:
        """The line of the log that says why: the last error, else the last line."""
        try:
            lines = self._log.read_text(errors="replace").splitlines()[-60:]
        except OSError:
            return child.last_line()
        errors = [line for line in lines if "FATAL:" in line or "could not" in line or "error:" in line]
        return (errors or [child.last_line()])[-1].strip()

    def _wait_for_predecessor(self) -> None:
        """A server whose runner was killed is still closing its files: give it up to ten seconds."""
        pidfile = self.data / "postmaster.pid"
        for _ in range(200):
            try:
                pid = int(pidfile.read_text().splitlines()[0])
                named = Path(f"/proc/{pid}/comm").read_text().strip()
            except (OSError, ValueError, IndexError):
                return
            if named != "postgres":
                return
            self._pause(0.05)

    def _wait_until_ready(self, child: Child, timeout: float) -> None:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if not child.running():
                raise RunnerError(f"PostgreSQL did not start: {self._complaint(child)}")
            try:
                self._admin().close()
                return
            except psycopg.OperationalError:
                self._pause(0.03)
        child.sweep()
        raise RunnerError(f"PostgreSQL did not answer within {timeout:.0f} s; its log is {self._log}.")

    def _admin(self, database: str = "postgres") -> psycopg.Connection:
        password = (self.folder / "superuser-password").read_text().strip()
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            dbname=database,
            user="postgres",
            password=password,
            connect_timeout=5,
            autocommit=True,
        )

    def _ensure_database(self) -> None:
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        with self._admin() as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                password = sql.Literal((self.folder / "password").read_text().strip())
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER PASSWORD {}").format(role, password))
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
        # Unlike our other extensions only a superuser may make it; databases made later have it from the template.
        for name in ("template1", DATABASE):
            with self._admin(name) as admin:
                admin.execute("CREATE EXTENSION IF NOT EXISTS vector")


def _environment() -> dict[str, str]:
    """Ours without libpq's variables and with English messages, which we read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _write_private(path: Path, text: str) -> None:
    """Replace ``path`` by a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
