"""What is looked at before anything starts, so that a wrong machine is told in one line."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from lift.kernel.clock import MovedClock, clock_file
from lift.kernel.ids import SHORTEST_SECRET
from lift.runner.binaries import LOWEST_POSTGRES, LOWEST_VALKEY
from lift.runner.errors import RunnerError

NEEDED_BYTES = 300 * 1024 * 1024


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def prepare_home(home: Path, free_bytes: Callable[[Path], int] = _free_bytes) -> None:
    """Make the data directory and see that it can be written and has room; RunnerError says what is wrong."""
    probe = home / f".probe-{os.getpid()}"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe.write_bytes(b"0" * 4096)
        probe.unlink()
        free = free_bytes(home)
    except OSError as error:
        with suppress(OSError):
            probe.unlink()
        raise RunnerError(f"The data directory {home} cannot be written: {error.strerror}.") from None
    if free < NEEDED_BYTES:
        raise RunnerError(
            f"The disk is nearly full: {home} has {free // 2**20} MB left and needs {NEEDED_BYTES // 2**20} MB."
        )


def require_settings(env: Mapping[str, str]) -> None:
    """RunnerError naming the settings that cannot be read from ``env``."""
    command = [sys.executable, "-m", "lift.runner.failures"]
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        lines = (done.stdout.strip() or done.stderr.strip()).splitlines()
        raise RunnerError(lines[-1] if lines else "The settings cannot be read.")


def secret_key(home: Path, name: str = "secret_key") -> str:
    """The key that signs cookies, made once and kept where only its owner can read it."""
    path = home / name
    try:
        key = path.read_text().strip()
    except FileNotFoundError:
        return _write_secret(path, secrets.token_urlsafe(48))
    if len(key) < SHORTEST_SECRET:
        raise RunnerError(
            f"{path} holds no key: delete it, and a new one is made (whoever is logged in must log in again)."
        )
    return key


def trial_key(home: Path) -> str:
    """The key that mailboxes with a trial are remembered by, made once and for good."""
    made, secret = home / "trial_key", home / "secret_key"
    # Homes from before this key remember their mailboxes by the secret key: they go on with it.
    if secret.exists() and not made.exists():
        _write_secret(made, secret_key(home))
    return secret_key(home, made.name)


def _write_secret(path: Path, key: str) -> str:
    """Written aside, synced and renamed: after a power cut there is a whole key or none."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key


def require_database(url: str, lowest: int = LOWEST_POSTGRES) -> None:
    """RunnerError when the PostgreSQL at ``url`` (SQLAlchemy's form) does not let us in or is too old."""
    import psycopg

    if not url.startswith(("postgresql+psycopg://", "postgresql://")):
        raise RunnerError(f"LIFT_DATABASE_URL must begin with postgresql+psycopg://, not {url.partition(':')[0]}:.")
    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=4) as server:
            major = server.info.server_version // 10_000
    except psycopg.Error as error:
        raise RunnerError(f"LIFT_DATABASE_URL does not work: {_reason(error, url)}") from None
    if major < lowest:
        raise RunnerError(f"LIFT_DATABASE_URL names a PostgreSQL {major}; the lowest that works is {lowest}.")


def require_redis(url: str, lowest: int = LOWEST_VALKEY) -> None:
    """RunnerError when the Valkey or Redis at ``url`` does not let us in or is too old."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            server = client.info("server")
    except (RedisError, ValueError) as error:
        raise RunnerError(f"LIFT_REDIS_URL does not work: {_reason(error, url)}") from None
    kind = "Valkey" if "valkey_version" in server else "Redis"
    version = str(server.get(f"{kind.lower()}_version", "0"))
    if int(version.partition(".")[0]) < lowest:
        raise RunnerError(f"LIFT_REDIS_URL names a {kind} {version}; the lowest that works is {lowest}.")


def require_unmoved_clock(home: Path) -> None:
    """RunnerError where the sandbox has moved the clock of this home: Stripe goes by the machine's."""
    ahead = MovedClock(clock_file(home)).ahead()
    if ahead:
        raise RunnerError(
            f"The clock of {home} was moved {ahead // 86_400} days ahead with the sandbox, and Stripe does not follow: "
            "choose another LIFT_HOME, or leave LIFT_STRIPE_SECRET_KEY empty."
        )


def _reason(error: Exception, url: str) -> str:
    """The error in one line, without the password that the URL may hold."""
    text = " ".join(str(error).split()) or type(error).__name__
    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    return text.replace(password, "***") if password else text
