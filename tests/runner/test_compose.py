"""docker-compose.yml has the shape of production: commands that exist, every setting, every queue, one beat."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lift.cli import app as cli
from lift.kernel.settings import Settings
from lift.runner.commands import ALL_QUEUES

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if "LIFT_ENVIRONMENT" in service.get("environment", {})}
VALUES = {
    "LIFT_SECRET_KEY": "x" * 40,
    "LIFT_TRIAL_KEY": "y" * 40,
    "LIFT_DATABASE_PASSWORD": "database1",
    "LIFT_REDIS_PASSWORD": "redis1",
    "LIFT_BASE_URL": "https://lift.example",
    "LIFT_TRUSTED_HOSTS": '["lift.example", "127.0.0.1"]',
    "LIFT_SMTP_URL": "smtp://lift:mail1@mail.example:587",
    "LIFT_MAIL_FROM": "Interview Lift <hello@lift.example>",
    "LIFT_STRIPE_SECRET_KEY": "sk_live_of_nobody",
    "LIFT_STRIPE_WEBHOOK_SECRET": "whsec_of_nobody",
}
"""What an operator sets."""


def filled(text: str) -> str:
    """``text`` with its ``${VARIABLE:?…}`` and ``${VARIABLE:-…}`` filled in as docker-compose does."""

    def value(found: re.Match[str]) -> str:
        return VALUES.get(found[1]) or (found[3] if found[2] == ":-" else pytest.fail(f"{found[1]} is not set"))

    return re.sub(r"\$\{(\w+)(:-|:\?)([^}]*)\}", value, text)


def command_lines(service: dict[str, Any]) -> list[list[str]]:
    """The commands of `lift` that the service runs, each as its words."""
    words = [filled(str(word)) for word in service.get("command", ["lift", *image_command()[1:]])]
    script = " ".join(words[2:]) if words[:2] == ["sh", "-c"] else " ".join(words)
    return [line.split() for line in script.split(" && ")]


def image_command() -> list[str]:
    found = re.search(r"^CMD \[(.*)\]$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    return [word.strip(' "') for word in found[1].split(",")]


def test_the_services_are_those_of_the_house() -> None:
    assert set(OURS) == {"migrate", "web", "worker-score", "worker-default", "beat"}
    assert set(SERVICES) - set(OURS) == {"postgres", "valkey"}


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_that_the_command_line_takes(name: str) -> None:
    from typer.main import get_command

    known = get_command(cli)
    for program, *arguments in command_lines(OURS[name]):
        assert program == "lift"
        command = known.commands[arguments[0]]  # type: ignore[attr-defined]  # a group, for it has several commands
        command.make_context(arguments[0], arguments[1:])


@pytest.mark.parametrize("name", OURS)
def test_each_service_gets_all_that_production_needs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in OURS[name]["environment"].items():
        monkeypatch.setenv(key, filled(str(value)))
    settings = Settings()
    assert settings.environment == "production"
    assert settings.trusted_hosts == ["lift.example", "127.0.0.1"]
    assert "database1@postgres:5432" in settings.database_url
    assert "redis1@valkey:6379" in settings.redis_url


@pytest.mark.parametrize("name", VALUES)
def test_nothing_secret_and_nothing_of_the_operators_has_a_default(name: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert f"${{{name}:?" in text
    assert f"${{{name}:-" not in text


def queues_of(service: dict[str, Any]) -> list[str]:
    lines = [line for line in command_lines(service) if "--queues" in line]
    return [queue for line in lines for queue in line[line.index("--queues") + 1].split(",")]


def test_every_queue_is_read_by_exactly_one_service() -> None:
    assert sorted(queue for service in OURS.values() for queue in queues_of(service)) == sorted(ALL_QUEUES)


def test_exactly_one_beat_runs() -> None:
    beats = [name for name, service in OURS.items() for line in command_lines(service) if "--only-beat" in line]
    assert beats == ["beat"]
    assert "deploy" not in OURS["beat"]


def test_the_web_is_reached_from_this_host_only_and_the_servers_from_nowhere() -> None:
    assert [filled(port) for port in OURS["web"]["ports"]] == ["127.0.0.1:8000:8000"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
