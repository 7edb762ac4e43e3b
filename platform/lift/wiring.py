"""Composition root: the only place that chooses adapters, from the settings."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from billing.desk import Desk
from billing.gateway import Gateway
from lift.interviews.model_calls import AccountPurse, Caps
from lift.interviews.models import Answer
from lift.kernel.clock import Clock, clock_of
from lift.kernel.db import SessionFactory, make_engine, make_session_factory, unit_of_work
from lift.kernel.job_runner import Work
from lift.kernel.jobs import Queue, nudge_after_commit
from lift.kernel.settings import Settings
from lift.payments.letters import promise_mail
from lift.providers.announcer import Announcer, RedisAnnouncer
from lift.providers.mail import Mailer, make_mailer
from lift.providers.payments import make_gateway
from lift.providers.queue import CeleryQueue
from lift.providers.scorers import make_breaker, make_llm_scorer, make_phraser, prices
from lift.scoring.embedded import EmbeddedScorer
from lift.scoring.llm.breaker import Breaker
from lift.scoring.llm.phraser import Phraser
from lift.scoring.llm.purse import micros
from lift.scoring.port import Scorer


@dataclass
class Services:
    """Everything a request or a task needs from outside its own rules."""

    settings: Settings
    engine: Engine
    session_factory: SessionFactory
    reading_factory: SessionFactory
    """For requests that change nothing."""
    reading: Callable[[], AbstractContextManager[Connection]]
    """One connection of those, for a page that asks one thing and needs no session around it."""
    clock: Clock
    redis: Redis
    queue: Queue
    announcer: Announcer
    mailer: Mailer

    @cached_property
    def scorer(self) -> EmbeddedScorer:
        """The embedded scorer; its model is read on first use, so only workers pay for it."""
        return EmbeddedScorer()

    @cached_property
    def breaker(self) -> Breaker:
        """What this process knows of the language model's outages."""
        return make_breaker()

    def scorer_for(self, work: Work, answer: Answer, now: datetime) -> Scorer:
        """Who reads ``answer``, paid for on its account."""
        purse = self._purse(work, answer.account_id, answer.id, now)
        return make_llm_scorer(self.settings, self.scorer, purse, self.breaker) or self.scorer

    def phraser_for(self, work: Work, account_id: UUID, now: datetime) -> Phraser | None:
        """Who puts the copilot's help to the account into words, paid for on it; None where no model is set."""
        return make_phraser(self.settings, self._purse(work, account_id, None, now), self.breaker)

    def _purse(self, work: Work, account_id: UUID, answer_id: UUID | None, now: datetime) -> AccountPurse:
        settings = self.settings
        caps = Caps(micros(settings.llm_cap_account_day), micros(settings.llm_cap_day))
        return AccountPurse(work, account_id, answer_id, prices(settings), caps, now)

    @cached_property
    def gateway(self) -> Gateway:
        """Whoever takes the money; made on first use, so that only who talks to Stripe pays for its library."""
        return make_gateway(self.settings)

    @property
    def desk(self) -> Desk:
        """What billing's use cases are handed."""
        return Desk(partial(unit_of_work, self.session_factory), self.gateway, self.mail)

    def mail(
        self, session: Session, account_id: UUID, kind: str, effect_key: str, context: dict[str, Any]
    ) -> UUID | None:
        """Promise one of billing's e-mails, in the session's transaction."""
        base_url = self.settings.base_url
        return promise_mail(session, base_url, account_id, kind, effect_key, context, self.clock.now())


def build(settings: Settings, *, writing: int = 4, reading: int = 2) -> Services:
    """Wire the services for ``settings``; connects to nothing yet.

    At most ``writing`` connections to the database for what changes something, and ``reading`` for requests that do not.
    """
    engine = make_engine(settings.database_url, connections=writing)
    reader = make_engine(settings.database_url, connections=reading, only_reads=True)
    factory = make_session_factory(engine)
    queue = CeleryQueue(settings.redis_url)
    nudge_after_commit(factory, queue)
    redis = Redis.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=2, health_check_interval=15)
    return Services(
        settings=settings,
        engine=engine,
        session_factory=factory,
        reading_factory=make_session_factory(reader),
        reading=reader.connect,
        clock=clock_of(settings),
        redis=redis,
        queue=queue,
        announcer=RedisAnnouncer(redis),
        mailer=make_mailer(settings),
    )
