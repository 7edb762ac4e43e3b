"""Lives of people, as hypothesis makes them up, with events repeated, shuffled, late and crashed: I1–I10, I12."""

import random
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from billing import trial
from billing.access import GRACE, PRIORITY, Right
from billing.checkout import return_from_checkout
from billing.desk import BillingError, Desk
from billing.events import process
from billing.gateway import CardDeclined, Refused
from billing.models import Snapshot, TrialGrant
from billing.reconcile import reconcile
from billing.reminders import send_reminders
from billing.subscriptions import cancel_at_period_end, change_plan, pause, preview_change, resume_due, undo_cancel
from billing.trial import TRIAL
from lift.kernel.db import unit_of_work
from tests.billing.fake_gateway import ENDED
from tests.billing.world import MONTHLY, QUARTERLY, YEARLY, World

START = datetime.fromisoformat("2026-11-24T09:30:00+00:00")
SECOND = timedelta(seconds=1)
STEPS = (
    timedelta(0),
    SECOND,
    timedelta(hours=5),
    TRIAL - SECOND,
    TRIAL,
    TRIAL + SECOND,
    GRACE - SECOND,
    GRACE,
    timedelta(days=31),
)


class Lives(RuleBasedStateMachine):
    """At most three people; the rules are what they, the provider and the network may do."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        factory = sessionmaker(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        self.world = World(lambda: unit_of_work(factory), START)
        self.people: list[UUID] = []
        self.old: list[dict[str, Any]] = []
        self.settled = True

    def teardown(self) -> None:
        self.outer.rollback()
        self.connection.close()

    def person(self, which: int) -> UUID:
        return self.people[which % len(self.people)]

    def living(self, which: int) -> str | None:
        """A subscription that is not over."""
        alive = [sub_id for sub_id, held in self.world.gateway.subs.items() if held.shown.status not in ENDED]
        return alive[which % len(alive)] if alive else None

    @precondition(lambda self: len(self.people) < 3)
    @rule(trying=st.booleans())
    def sign_up(self, trying: bool) -> None:
        self.people.append(self.world.account(trial_running=trying))

    @precondition(lambda self: self.people)
    @rule(which=st.integers(0, 2), plan=st.sampled_from([MONTHLY, QUARTERLY, YEARLY]), clicks=st.integers(1, 3))
    def click(self, which: int, plan: str, clicks: int) -> None:
        try:
            assert len({self.world.checkout(self.person(which), plan) for _ in range(clicks)}) == 1
        except BillingError:
            assert any(held.shown.status not in ENDED for held in self.world.gateway.subs.values())

    @rule(which=st.integers(0, 5), card=st.sampled_from(["good", "good", "3ds", "declined"]), back=st.booleans())
    def pay(self, which: int, card: str, back: bool) -> None:
        waiting = [s for s in self.world.gateway.sessions.values() if s.status == "open"]
        if not waiting:
            return
        session = waiting[which % len(waiting)]
        try:
            sub = self.world.gateway.complete(session.id, card)
        except CardDeclined:
            return
        self.settled = False
        account = UUID(
            next(key[1][1] for key in self.asked() if self.world.gateway.customers[sub.customer_id] == key[0])
        )
        if back:
            return_from_checkout(self.world.desk, session.id, account, self.world.now)

    def asked(self) -> list[tuple[object, Any]]:
        return [(made, asked) for asked, made in self.world.gateway.keys.values() if asked[0] == "customer"]  # type: ignore[index]  # a tuple

    @rule(which=st.integers(0, 5), card=st.sampled_from(["good", "declined"]))
    def card(self, which: int, card: str) -> None:
        sub_id = self.living(which)
        if sub_id:
            self.world.gateway.set_card(self.world.gateway.subs[sub_id].shown.customer_id, card)
            self.settled = False

    @rule(which=st.integers(0, 5), happens=st.sampled_from(["cape", "date", "undo", "end", "confirm", "reprice"]))
    def provider(self, which: int, happens: str) -> None:
        sub_id = self.living(which)
        if sub_id is None:
            return
        status = self.world.gateway.subs[sub_id].shown.status
        self.settled = False
        if happens == "end":
            self.world.gateway.cancel_now(sub_id)
        elif happens == "confirm" and status == "incomplete":
            self.world.gateway.confirm(sub_id)
        elif status in ("active", "trialing", "past_due"):
            if happens in ("cape", "date"):
                self.world.gateway.portal_cancel(sub_id, by_date=happens == "date")
            elif happens == "undo":
                self.world.gateway.set_cancel_at_period_end(sub_id, False)
            elif happens == "reprice":
                self.world.gateway.reprice(sub_id, self.world.gateway.subs[sub_id].plan.key)

    @rule(which=st.integers(0, 5), happens=st.sampled_from(["all", "part", "dispute", "won", "lost"]))
    def money(self, which: int, happens: str) -> None:
        charges = list(self.world.gateway.paid.values())
        if not charges:
            return
        charge = charges[which % len(charges)]
        self.settled = False
        if happens in ("all", "part"):
            try:
                self.world.gateway.refund(
                    charge.id, None if happens == "all" else 100, f"{charge.id}{len(charge.refunds)}"
                )
            except Refused:
                return
        else:
            outcome = {"dispute": "needs_response"}.get(happens, happens)
            if happens == "dispute" or charge.disputes:
                self.world.gateway.dispute(charge.id, f"dp_{charge.id}", outcome)

    @precondition(lambda self: self.people)
    @rule(which=st.integers(0, 2), act=st.sampled_from(["cancel", "undo", "pause", "change"]))
    def act(self, which: int, act: str) -> None:
        account, world = self.person(which), self.world
        try:
            if act == "cancel":
                cancel_at_period_end(world.desk, account, world.now)
            elif act == "undo":
                undo_cancel(world.desk, account, world.now)
            elif act == "pause":
                pause(world.desk, account, 1, world.now)
            else:
                preview = preview_change(world.desk, account, YEARLY, world.now)
                change_plan(world.desk, account, YEARLY, preview.proration_date, world.now)
        except BillingError:
            return
        self.settled = False

    @precondition(lambda self: self.world.gateway.events or self.old)
    @rule(which=st.integers(0, 50), crash=st.booleans())
    def deliver_any(self, which: int, crash: bool) -> None:
        """Any event that ever was; a crash is one in the last step, when all is written and nothing committed."""
        known = self.old + self.world.gateway.events
        event = known[which % len(known)]
        if event in self.world.gateway.events:
            self.world.gateway.events.remove(event)
            self.old.append(event)
        self.world.receive(event)
        if crash:
            broken = Desk(self.world.uow, self.world.gateway, _broken)
            with suppress(ConnectionError):
                process(broken, event["id"], self.world.now)
        process(self.world.desk, event["id"], self.world.now)

    @rule(seed=st.integers(0, 99))
    def settle(self, seed: int) -> None:
        """Everything that waits is delivered, shuffled and twice: facts are truth, without reconciliation."""

        def order(waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
            self.old += waiting
            return random.Random(seed).sample(waiting * 2, len(waiting) * 2)  # noqa: S311 - a fixed shuffle

        self.world.deliver_all(order)
        assert self.world.wrong() == []
        self.settled = True

    @rule()
    def drop(self) -> None:
        """Every event is lost; the hourly run heals and a second one finds nothing."""
        self.world.lose_events()
        reconcile(self.world.desk, self.world.now)
        assert self.world.wrong() == []
        assert reconcile(self.world.desk, self.world.now).rows_written == 0
        self.settled = True

    @rule(step=st.sampled_from(STEPS))
    def tick(self, step: timedelta) -> None:
        before = {account: self.world.access(account) for account in self.people}
        moment = self.world.now
        later = moment + step
        for account, shown in before.items():
            alone = self.world.access(account, at=later)
            assert PRIORITY[alone.state] >= PRIORITY[shown.state]
            if shown.valid_until is not None and later < shown.valid_until:
                assert alone.may(Right.PRACTISE) is shown.may(Right.PRACTISE)
        self.world.tick(step)
        resume_due(self.world.desk, self.world.now)
        with self.world.uow() as session:
            send_reminders(session, self.world.desk.mail, self.world.now)
        self.settled = False

    @invariant()
    def one_subscription_lives_per_account(self) -> None:
        alive = Counter(
            held.shown.customer_id for held in self.world.gateway.subs.values() if held.shown.status not in ENDED
        )
        assert all(count <= 1 for count in alive.values())
        owners = Counter(asked[1] for _, asked in self.asked())
        assert all(count == 1 for count in owners.values())

    @invariant()
    def one_trial_of_168_hours(self) -> None:
        with self.world.uow() as session:
            for grant in list(session.execute(select(TrialGrant)).scalars()):
                assert grant.ends_at - grant.starts_at == TRIAL
                assert trial.grant(session, uuid4(), grant.email_hmac, self.world.now) is None

    @invariant()
    def no_mail_goes_twice(self) -> None:
        keys = Counter(key for _, _, key in self.world.mails)
        assert all(count == 1 for count in keys.values())

    @invariant()
    def a_key_is_short(self) -> None:
        assert all(len(key) <= 255 for key in self.world.gateway.keys)

    @invariant()
    def only_test_facts_in_test_mode(self) -> None:
        with self.world.uow() as session:
            assert not any(session.execute(select(Snapshot.livemode)).scalars())


def _broken(session: Session, account_id: UUID, kind: str, effect_key: str, context: dict[str, Any]) -> None:
    raise ConnectionError


def test_lives_keep_every_invariant(engine: Engine) -> None:
    class Bound(Lives):
        pass

    Bound.engine = engine
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis ships it so
        Bound,
        settings=settings(
            max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
