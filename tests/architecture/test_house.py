"""The rules of the house that a tool can see."""

import platform
import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, text

from billing.models import Base as BillingBase
from lift.kernel.jobs import QUEUES, Job
from lift.providers.queue import TASK_PREFIX
from lift.tables import metadata
from lift.web.guards import Guard
from workers.app import app as celery_app

ROOT = Path(__file__).resolve().parents[2]


def test_the_folder_platform_is_no_package_so_the_standard_library_keeps_its_name() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert list((ROOT / "platform").glob("*.py")) == []
    assert platform.python_version()


def test_every_job_has_a_task_and_a_queue() -> None:
    celery_app.loader.import_default_modules()
    for job in Job:
        assert TASK_PREFIX + job in celery_app.tasks
        assert job in QUEUES


def test_celery_reads_json_and_nothing_else() -> None:
    assert celery_app.conf.accept_content == ["json"]
    assert celery_app.conf.task_acks_late
    assert celery_app.conf.task_reject_on_worker_lost


def test_every_route_declares_its_guard(app: Flask) -> None:
    missing = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not isinstance(getattr(view, "__guard__", None), Guard)
    ]
    assert missing == []


def test_no_route_changes_state_on_get(app: Flask) -> None:
    mixed = [rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert mixed == [] or all(endpoint.startswith(("accounts.", "onboarding.")) for endpoint in mixed)


def test_the_models_match_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_type": True,
                "include_name": lambda name, kind, _: name in (None, "billing") if kind == "schema" else True,
            },
        )
        both = [metadata, BillingBase.metadata]
        differences = [d for d in compare_metadata(context, both) if "alembic_version" not in str(d)]  # type: ignore[arg-type]  # a list is accepted as in env.py
        if connection.execute(text("SELECT to_regtype('halfvec')")).scalar_one() is None:
            differences = [d for d in differences if "ix_question_vectors_near" not in str(d)]
    assert differences == []


def test_services_never_commit() -> None:
    sources = [*ROOT.glob("platform/lift/*/*.py"), *ROOT.glob("billing/*.py")]
    guilty = [p for p in sources if re.search(r"session\.commit\(|db\(\)\.commit\(", p.read_text())]
    assert [p.relative_to(ROOT).as_posix() for p in guilty] == ["platform/lift/web/context.py"]


def test_no_template_trusts_text_or_styles_inline() -> None:
    for template in (ROOT / "platform/lift/web/templates").rglob("*.html"):
        source = template.read_text()
        assert "|safe" not in source, template
        assert " style=" not in source, template
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", source), template
        assert not re.search(r"\son[a-z]+=", source), template


def test_the_locks_name_no_address() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        assert "://" not in "".join(
            line for line in (ROOT / name).read_text().splitlines() if '"url"' not in line and "funding" not in line
        ), name


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {p.parent for p in (ROOT / "tests").rglob("test_*.py")}
    assert [f for f in folders if not (f / "__init__.py").exists()] == []
