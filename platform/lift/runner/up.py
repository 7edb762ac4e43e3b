"""`lift up`: preflight, PostgreSQL, migrations and content beside Valkey, web and workers, ready, the address."""

import json
import os
import secrets
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lift.runner import commands
from lift.runner.binaries import ServerBinaries
from lift.runner.errors import RunnerError, Stopped
from lift.runner.lock import HomeLock
from lift.runner.ports import LOOPBACK, free_port, require_free
from lift.runner.postgres import EmbeddedPostgres
from lift.runner.preflight import (
    prepare_home,
    require_database,
    require_redis,
    require_settings,
    require_unmoved_clock,
    secret_key,
    trial_key,
)
from lift.runner.process import Child
from lift.runner.supervisor import Supervisor
from lift.runner.valkey import EmbeddedValkey

SERVERS, USERS = 0, 1
READY_WITHIN = 60.0
EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


@dataclass
class Stack:
    """One run of the whole product on one data directory."""

    home: Path
    host: str = LOOPBACK
    port: int = 8000
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    supervisor: Supervisor = field(default_factory=Supervisor)

    def __post_init__(self) -> None:
        self.home = self.home.absolute()
        self.logs = self.home / "logs"
        self.binaries = ServerBinaries()

    @property
    def address(self) -> str:
        """What a person types into the browser."""
        host = LOOPBACK if self.host in EVERY_ADDRESS else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def run(self, *, check: bool = False) -> None:
        """Start everything, print the address, stay until asked to end; with ``check`` end when ready."""
        own_database = self.environ.get("LIFT_DATABASE_URL", "")
        own_redis = self.environ.get("LIFT_REDIS_URL", "")
        self.refuse_production()
        prepare_home(self.home)
        lock = HomeLock(self.home)
        lock.acquire(self.address)
        self.supervisor.listen()
        try:
            require_free(self.host, self.port)
            self._start(own_database, own_redis)
            print(
                f"Interview Lift was ready at {self.address}" if check else f"Interview Lift is at {self.address}",
                flush=True,
            )
            if not check:
                self.supervisor.run()
        except Stopped:
            pass
        finally:
            self.supervisor.stop()
            lock.release()

    def _start(self, own_database: str, own_redis: str) -> None:
        env = self._environment()
        require_settings(env)
        if own_database:
            require_database(own_database)
        if own_redis:
            require_redis(own_redis)
        env["LIFT_DATABASE_URL"] = own_database or self._postgres()
        sandbox = self._sandbox(env)
        steps = self._child("steps", [sys.executable, "-m", "lift.runner.steps"], env)
        steps.start()
        try:
            env["LIFT_REDIS_URL"] = own_redis or self._valkey()
            _forget_workers(env["LIFT_REDIS_URL"])
            while steps.running():
                self.supervisor.tend()
                self.supervisor.pause(0.05)
        finally:
            steps.sweep()
        if steps.exit_code != 0:
            raise RunnerError(steps.last_line() or f"The database could not be prepared; see {steps.log}")
        self._start_users(env)
        if sandbox is not None:
            self.supervisor.wait_for("The sandbox for payments", lambda: sandbox.last_line() == "ready", READY_WITHIN)
        readiness = Readiness(self.address)
        try:
            self.supervisor.wait_for("Interview Lift", readiness, READY_WITHIN)
        except RunnerError as error:
            raise RunnerError(f"{error}{readiness.missing}") from None

    def _postgres(self) -> str:
        server = EmbeddedPostgres(
            self.home / "postgres", self.binaries, log=self.logs / "postgres.log", pause=self.supervisor.pause
        )
        try:
            server.start()
        finally:
            if server.child:
                self._keep_if_running(server.child)
        return server.url

    def _valkey(self) -> str:
        server = EmbeddedValkey(
            self.home / "valkey", self.binaries, log=self.logs / "valkey.log", pause=self.supervisor.pause
        )
        try:
            server.start()
        finally:
            if server.child:
                self._keep_if_running(server.child)
        return server.url

    def _sandbox(self, env: dict[str, str]) -> Child | None:
        """Start the sandbox where no key of Stripe is set, and tell the others where it is."""
        if env.get("LIFT_STRIPE_SECRET_KEY", "").strip():
            require_unmoved_clock(self.home)
            return None
        port = free_port()
        env["LIFT_STRIPE_SECRET_KEY"] = f"sk_test_{secrets.token_hex(16)}"
        env["LIFT_STRIPE_WEBHOOK_SECRET"] = f"whsec_{secrets.token_hex(16)}"
        env["LIFT_STRIPE_API_BASE"] = f"http://{LOOPBACK}:{port}"
        child = self._child("sandbox", commands.sandbox(port), env)
        self.supervisor.keep(child, stage=USERS)
        return child

    def _keep_if_running(self, child: Child) -> None:
        # A server that is still starting when Ctrl-C comes is kept too, so that the end finds it.
        if child.running():
            self.supervisor.keep(child, stage=SERVERS)

    def _start_users(self, env: dict[str, str]) -> None:
        commands.count_together(self.home / "metrics", env)
        # Two worker processes, not one a queue: a pair of processes costs over 100 MB before any model is read.
        # Scoring has its own so that a long assessment never holds up a mail. Beat is a child of its own: inside
        # a worker nobody would notice its death, and with it the sweep that keeps the promise of the job table.
        schedule = self.home / "beat-schedule"
        threads = int(env.get("LIFT_WEB_THREADS", "32"))
        for name, command in (
            ("web", commands.web(self.host, self.port, threads=threads)),
            ("worker-score", commands.worker(("score", "voice"), name="score")),
            ("worker-default", commands.worker(("mail", "default"), name="default")),
            ("beat", commands.beat(schedule)),
        ):
            self.supervisor.keep(self._child(name, command, env), stage=USERS)

    def _child(self, name: str, command: list[str], env: Mapping[str, str]) -> Child:
        return Child(name, command, log=self.logs / f"{name}.log", env=env)

    def _environment(self) -> dict[str, str]:
        """The settings of the children: ours, under what the caller's environment already says."""
        ours = {
            # Before the secret key, whose presence tells an older home.
            "LIFT_TRIAL_KEY": self.environ.get("LIFT_TRIAL_KEY") or trial_key(self.home),
            "LIFT_SECRET_KEY": self.environ.get("LIFT_SECRET_KEY") or secret_key(self.home),
            "LIFT_BASE_URL": self.address,
            "LIFT_EMBEDDED": "1",
            "LIFT_TRUSTED_HOSTS": json.dumps(trusted_hosts(self.host)),
            "HF_HUB_OFFLINE": "1",
            # Every process has a few busy threads at most; glibc's default of 8 arenas a core wastes memory.
            "MALLOC_ARENA_MAX": "2",
            # One thread of BLAS a process: the workers are the parallelism.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        keys = {name: ours[name] for name in ("LIFT_SECRET_KEY", "LIFT_TRIAL_KEY")}
        return {**ours, **self.environ, "LIFT_HOME": str(self.home), **keys}

    def refuse_production(self) -> None:
        """RunnerError when the settings are those of production: this stack shows everybody's mail to its user."""
        if self.environ.get("LIFT_ENVIRONMENT") == "production":
            raise RunnerError(
                "`lift up` is for development and LIFT_ENVIRONMENT is production: see docs/operations.md for its shape."
            )


def trusted_hosts(host: str) -> list[str]:
    """The names under which the site answers; any other name is that of somebody else's page pointed at us.

    Werkzeug takes a name up to its first colon, so no IPv6 address can be listed: who listens on one gets no list.
    """
    if ":" in host and host not in EVERY_ADDRESS:
        return []
    names = [LOOPBACK, "localhost"]
    if host in EVERY_ADDRESS:
        own = socket.gethostname()
        names += [own, f"{own}.local", *_addresses(own)]
    else:
        names.append(host)
    return list(dict.fromkeys(name.lower() for name in names))


def _addresses(own: str) -> list[str]:
    """The IPv4 addresses of this machine, as far as its own name and its way out tell them."""
    found = set()
    with suppress(OSError):
        found = {str(info[4][0]) for info in socket.getaddrinfo(own, None, socket.AF_INET, socket.SOCK_STREAM)}
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks which address would be used
        found.add(str(probe.getsockname()[0]))
    return sorted(found)


class Readiness:
    """Asks ``/readyz``; ``missing`` then says which parts were not ready, if the web answered at all."""

    def __init__(self, address: str) -> None:
        self._url = f"{address}/readyz"
        self.missing = ""

    def __call__(self) -> bool:
        try:
            with urllib.request.urlopen(self._url, timeout=3) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            self.missing = f"; /readyz answers {error.code}: {_parts(error.read())}"
        except OSError:
            self.missing = ""
        return False


def _parts(body: bytes) -> str:
    """The names of the parts that are not ready, from the answer of ``/readyz``."""
    try:
        return ", ".join(name for name, ready in json.loads(body)["parts"].items() if not ready)
    except (ValueError, KeyError, AttributeError):
        return "no details"


def _forget_workers(redis_url: str) -> None:
    """Drop the last run's signs of life, so that ready means that this run's workers were seen."""
    from redis import Redis

    from lift.operations.heartbeats import GROUPS, key

    with Redis.from_url(redis_url, socket_connect_timeout=3, socket_timeout=3) as client:
        client.delete(*map(key, GROUPS))
