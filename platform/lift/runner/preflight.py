"""What is looked at before anything starts, so that a wrong machine is told in one line."""

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

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


def secret_key(home: Path, name: str = "secret_key") -> str:
    """The key that signs cookies, made once and kept where only its owner can read it."""
    path = home / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(48)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
    return key


def trial_key(home: Path) -> str:
    """The key that mailboxes with a trial are remembered by, made once and for good."""
    made, secret = home / "trial_key", home / "secret_key"
    # Homes from before this key remember their mailboxes by the secret key: they go on with it.
    if secret.exists() and not made.exists():
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret.read_text())
    return secret_key(home, made.name)


def require_database(url: str) -> None:
    """RunnerError when the PostgreSQL at ``url`` (SQLAlchemy's form) does not let us in."""
    import psycopg

    if not url.startswith(("postgresql+psycopg://", "postgresql://")):
        raise RunnerError(f"LIFT_DATABASE_URL must begin with postgresql+psycopg://, not {url.partition(':')[0]}:.")
    try:
        psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=4).close()
    except psycopg.Error as error:
        raise RunnerError(f"LIFT_DATABASE_URL does not work: {_reason(error, url)}") from None


def require_redis(url: str) -> None:
    """RunnerError when the Valkey or Redis at ``url`` does not let us in."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        client = Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
        client.ping()
        client.close()
    except (RedisError, ValueError) as error:
        raise RunnerError(f"LIFT_REDIS_URL does not work: {_reason(error, url)}") from None


def _reason(error: Exception, url: str) -> str:
    """The error in one line, without the password that the URL may hold."""
    text = " ".join(str(error).split()) or type(error).__name__
    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    return text.replace(password, "***") if password else text
