"""What `lift up` gives to its children."""

import json
import socket
from pathlib import Path

import pytest

from lift.kernel.settings import Settings
from lift.runner.errors import RunnerError
from lift.runner.sandbox import make_sandbox
from lift.runner.up import Stack, trusted_hosts
from lift.web.app import create_app
from lift.wiring import Services


@pytest.mark.parametrize(
    ("host", "more"),
    [("127.0.0.1", []), ("localhost", []), ("Lift.Example", ["lift.example"]), ("192.0.2.7", ["192.0.2.7"])],
)
def test_the_site_answers_to_this_machines_names_and_to_the_host_that_was_asked_for(host: str, more: list[str]) -> None:
    assert trusted_hosts(host) == ["127.0.0.1", "localhost", *more]


def test_open_to_the_network_it_answers_to_this_machines_own_name_and_addresses_too() -> None:
    names = trusted_hosts("::")
    assert names[:2] == ["127.0.0.1", "localhost"]
    assert socket.gethostname().lower() in names


def test_whoever_listens_on_an_address_of_ipv6_can_reach_it() -> None:
    assert trusted_hosts("::1") == []


def test_a_page_of_somebody_else_that_points_its_name_at_us_reads_no_mail(services: Services, tmp_path: Path) -> None:
    environment = Stack(tmp_path, environ={})._environment()
    hosts = json.loads(environment["LIFT_TRUSTED_HOSTS"])
    client = create_app(services.settings.model_copy(update={"trusted_hosts": hosts}), services).test_client()
    for host, status in (("127.0.0.1:8000", 200), ("localhost:8000", 200), ("evil.example", 400)):
        assert client.get("/dev/mail", headers={"Host": host}).status_code == status


def test_hosts_that_the_environment_names_win(tmp_path: Path) -> None:
    stack = Stack(tmp_path, environ={"LIFT_TRUSTED_HOSTS": '["mine.example"]'})
    assert stack._environment()["LIFT_TRUSTED_HOSTS"] == '["mine.example"]'


def test_it_refuses_the_settings_of_production_whatever_servers_they_name(tmp_path: Path) -> None:
    environ = {
        "LIFT_ENVIRONMENT": "production",
        "LIFT_DATABASE_URL": "postgresql://db/lift",
        "LIFT_REDIS_URL": "redis://valkey",
    }
    with pytest.raises(RunnerError, match="is for development"):
        Stack(tmp_path / "home", environ=environ).run(check=True)
    assert not (tmp_path / "home").exists()


def test_without_a_key_of_stripe_the_sandbox_is_started_and_everybody_is_told_where(tmp_path: Path) -> None:
    stack = Stack(tmp_path, environ={})
    started: list[str] = []
    stack.supervisor.keep = lambda child, stage: started.append(child.name)  # type: ignore[method-assign]  # nothing runs
    env = stack._environment()
    assert stack._sandbox(env) is not None
    assert started == ["sandbox"]
    assert env["LIFT_STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert env["LIFT_STRIPE_WEBHOOK_SECRET"].startswith("whsec_")
    assert env["LIFT_STRIPE_API_BASE"].startswith("http://127.0.0.1:")


def test_with_a_key_of_stripe_there_is_no_sandbox(tmp_path: Path) -> None:
    stack = Stack(tmp_path, environ={"LIFT_STRIPE_SECRET_KEY": "sk_test_of_mine"})
    env = stack._environment()
    assert stack._sandbox(env) is None
    assert "LIFT_STRIPE_API_BASE" not in env


def test_the_sandbox_refuses_production() -> None:
    production = Settings.model_construct(environment="production")
    with pytest.raises(RuntimeError, match="does not run in the environment 'production'"):
        make_sandbox(production)
