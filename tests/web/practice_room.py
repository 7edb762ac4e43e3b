"""A person with real cookies who practises over HTTP, and the workers that read what was submitted."""

import html
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from billing.models import TrialGrant
from lift.accounts import sessions
from lift.accounts.models import Account
from lift.job_handlers import handlers
from lift.kernel.clock import FixedClock
from lift.kernel.ids import uuid7
from lift.kernel.job_runner import JobRunner
from lift.kernel.jobs import Job, JobRow
from lift.scoring.types import Assessment, DimensionBand, Rubric, SignalResult
from lift.wiring import Services
from tests.factories import an_account

TRIAL = timedelta(days=7)


class Candidate:
    """Somebody whose trial runs, at a browser."""

    def __init__(self, app: Flask, session: Session, now: datetime, email: str = "ada@example.org") -> None:
        self.account: Account = an_account(session, now, email)
        session.add(
            TrialGrant(
                id=uuid7(),
                account_id=self.account.id,
                email_hmac=email.encode(),
                starts_at=now,
                ends_at=now + TRIAL,
            )
        )
        token = sessions.start(session, self.account.id, now, "a test")
        session.commit()
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, data=fields)

    def starts(self, slug: str) -> str:
        """Begin the question; the address of the form."""
        reply = self.post("/practice/start", question=slug)
        assert reply.status_code == 303, reply.status
        return str(reply.location)

    def submits(self, address: str, text: str, confidence: str = "3") -> str:
        """Submit; the address of the debrief."""
        reply = self.post(address, text=text, confidence=confidence)
        assert reply.status_code == 303, reply.text
        return str(reply.location)


class Workers:
    """Runs every open job once, as the workers would."""

    def __init__(self, services: Services, clock: FixedClock) -> None:
        self.services = services
        self.clock = clock
        self.runner = JobRunner(services.session_factory, clock, handlers(services), lease=timedelta(minutes=2))

    def work(self) -> None:
        with self.services.session_factory() as session:
            open_ones = select(JobRow.id).where(JobRow.done_at.is_(None), JobRow.parked_at.is_(None))
            ids: list[UUID] = list(session.execute(open_ones).scalars())
        for job_id in ids:
            self.runner.run(job_id)

    def give_up(self) -> None:
        """Work, and wait for the next try, until no job is open."""
        while open_ones := [
            job for name in Job for job in self.promised(name) if not job.done_at and not job.parked_at
        ]:
            self.clock.moment = max(self.clock.moment, *(job.run_after for job in open_ones), self.clock.moment)
            self.work()

    def promised(self, job: Job) -> list[JobRow]:
        with self.services.session_factory() as session:
            return list(session.execute(select(JobRow).where(JobRow.job == job)).scalars())


class HearsTheFirst:
    """A scorer that hears the first signal in the first twenty characters, with a note of its own."""

    def __init__(self, note: str | None = None) -> None:
        self.note = note

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        heard = SignalResult(0, "covered", answer[:20], 0, 20, 0.9)
        missed = tuple(SignalResult(i, "missed", None, None, None, 0.8) for i in range(1, len(rubric.signals)))
        return Assessment(
            valid=True,
            reason=self.note,
            signals=(heard, *missed),
            dimensions=(DimensionBand(rubric.signals[0].dimension, 2, 3),),
            band=2,
            highest_level=None,
            followup_signal=1,
            scorer="fake",
            version="1",
        )


class AlwaysFails:
    """A scorer that is broken."""

    def assess(self, rubric: Rubric, answer: str) -> Assessment:
        raise RuntimeError("no model")


def words_of(page: str) -> str:
    """The page's text without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
