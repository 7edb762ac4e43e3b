"""The command line: what is wrong is one line and exit code 1."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete

from lift.kernel.db import make_engine, make_session_factory, unit_of_work
from lift.kernel.ids import uuid7
from lift.kernel.jobs import Job, JobRow
from lift.runner.ports import free_port
from tests.conftest import NOW


def lift(*arguments: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """`lift …` with these settings and no others."""
    kept: Mapping[str, str] = {k: v for k, v in os.environ.items() if not k.startswith("LIFT_")}
    return subprocess.run(
        [sys.executable, "-m", "lift.cli", *arguments],
        env={**kept, "LIFT_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """What it said in the one line that it said."""
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("LIFT_WEB_THREADS", "2", "LIFT_WEB_THREADS: Input should be greater than or equal to 4"),
        ("LIFT_WEB_THREADS", "many", "LIFT_WEB_THREADS: Input should be a valid integer"),
        ("LIFT_TRUSTED_HOSTS", "lift.example", "LIFT_TRUSTED_HOSTS: this is not JSON"),
        ("LIFT_LEASE_SECONDS", "1", "LIFT_LEASE_SECONDS: Input should be greater than or equal to 15"),
        ("LIFT_ENVIRONMENT", "production", "`lift up` is for development"),
        ("LIFT_DATABASE_URL", "sqlite:///x.db", "LIFT_DATABASE_URL must begin with postgresql+psycopg://"),
        ("LIFT_DATABASE_URL", "postgresql://lift:hunter2@127.0.0.1:1/lift", "LIFT_DATABASE_URL does not work"),
        ("LIFT_REDIS_URL", "redis://:hunter2@127.0.0.1:1/0", "LIFT_REDIS_URL does not work"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_starts(tmp_path: Path, setting: str, value: str, said: str) -> None:
    line = one_line(lift("up", "--check", "--port", str(free_port()), home=tmp_path, **{setting: value}))
    assert line.startswith(said)
    assert "hunter2" not in line
    assert not (tmp_path / "postgres").exists()


def test_a_home_whose_key_is_empty_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    line = one_line(lift("up", "--check", "--port", str(free_port()), home=tmp_path))
    assert line.startswith(f"{tmp_path}/secret_key holds no key")


@pytest.mark.parametrize("command", [["serve"], ["work"], ["migrate"], ["load"], ["check"], ["jobs", "list"]])
def test_no_part_of_production_starts_half_set(tmp_path: Path, command: list[str]) -> None:
    line = one_line(lift(*command, home=tmp_path, LIFT_ENVIRONMENT="production", LIFT_SECRET_KEY="x" * 40))
    assert line.startswith("production needs LIFT_TRIAL_KEY (32 random characters or more), LIFT_DATABASE_URL")


def test_beat_is_no_part_of_a_worker(tmp_path: Path) -> None:
    assert lift("work", "--beat", home=tmp_path).returncode == 2


@pytest.fixture
def parked(database_url: str) -> Iterator[list[UUID]]:
    """Two parked jobs, committed; the test of the command line must see them."""
    engine, made = make_engine(database_url), [uuid7(), uuid7()]
    with unit_of_work(make_session_factory(engine)) as session:
        session.execute(delete(JobRow))
        for job_id in made:
            fixed = {"payload": {}, "created_at": NOW, "run_after": NOW, "attempts": 5, "parked_at": NOW}
            session.add(JobRow(id=job_id, job=Job.SCORE_ANSWER, key=str(job_id), last_error="ValueError: no", **fixed))
    yield made
    with unit_of_work(make_session_factory(engine)) as session:
        session.execute(delete(JobRow))
    engine.dispose()


def test_parked_jobs_are_listed_and_released(
    tmp_path: Path, database_url: str, redis_url: str, parked: list[UUID]
) -> None:
    def jobs(*arguments: str) -> subprocess.CompletedProcess[str]:
        return lift("jobs", *arguments, home=tmp_path, LIFT_DATABASE_URL=database_url, LIFT_REDIS_URL=redis_url)

    listed = jobs("list").stdout
    assert f"{parked[0]}  score_answer  5 tries  2026-11-24 09:30 UTC  ValueError: no" in listed
    assert "2 parked." in listed
    assert jobs("release", str(parked[0])).stdout.startswith("Released: 1.")
    assert one_line(jobs("release", str(parked[0]))).startswith(f"No parked job has the id {parked[0]}")
    assert one_line(jobs("release")) == "Name one job, or say --all."
    assert jobs("release", "--all").stdout.startswith("Released: 1.")
    assert jobs("list").stdout == "No job is parked.\n"


ANSWERS = (
    '{"id": 1, "question": "Where did the water go?", "reference": "The water evaporated.", "answer": "It evaporated."}\n'
    "not json\n"
)


def test_score_writes_a_line_for_every_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(ANSWERS)
    done = lift("score", "--in", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["id"], first["valid"]) == (1, True)
    assert second["error"].startswith("Line 2")


def test_score_reads_standard_input_and_writes_standard_output(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lift.cli", "score", "--in", "-", "--out", "-"],
        input=ANSWERS, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "LIFT_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--in", "nowhere.jsonl", "--out", "-"], "nowhere.jsonl cannot be read: no such file or directory."),
        (["--in", "-", "--out", "no/such/folder"], "no/such/folder cannot be written: no such file or directory."),
        (["--in", "-", "--out", "-", "--scorer", "dice"], "There is no scorer dice; there are embedded and llm."),
        (["--in", "-", "--out", "-", "--scorer", "llm"], "The scorer llm needs LIFT_LLM_PROVIDER"),
    ],
)
def test_score_says_in_one_line_what_is_wrong(arguments: list[str], said: str, tmp_path: Path) -> None:
    assert said in one_line(lift("score", *arguments, home=tmp_path))


def test_bench_of_scoring_without_its_data_says_so_in_one_line(tmp_path: Path) -> None:
    said = one_line(lift("bench", "scoring", "--data", str(tmp_path), home=tmp_path))
    assert said.startswith(f"No graded answers in {tmp_path}")
