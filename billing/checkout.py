"""From the click to the paid subscription: one customer and one open checkout an account, whatever is clicked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from billing.access import Right, State, SubSnapshot, decide_subscription
from billing.customers import ensure_customer, forget_customer
from billing.desk import AlreadySubscribed, Desk, TryAgain
from billing.gateway import ENDED, Busy, Checkout, GatewayDown, Missing, Refused, Subscription
from billing.models import Reservation
from billing.plans import Plan, plan_for
from billing.store import account_of
from billing.sync import sync_subscription
from billing.trial import grant_of

LIVES = timedelta(minutes=30, seconds=30)
"""How long a checkout is open. The provider refuses less than 30 minutes on its own clock: the rest is for the way."""

DOWN = "Our payment provider does not answer. Nothing was charged; please try again in a minute."
RUNNING = "You have a subscription already: change it instead of buying a second one."


class Returned(StrEnum):
    """What a person finds on coming back from the provider's page."""

    PAID = "paid"
    PENDING = "pending"
    OPEN = "open"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Buyer:
    """Who buys, and where the provider's page leads back to; ``success_url`` holds ``{CHECKOUT_SESSION_ID}``."""

    account_id: UUID
    email: str
    success_url: str
    cancel_url: str


def trial_days(ends_at: datetime | None, now: datetime) -> int:
    """Whole days, rounded up, that are left of the trial: no second of it is lost; 0 when it does not run."""
    if ends_at is None or ends_at <= now:
        return 0
    return -((now - ends_at) // timedelta(days=1))


def first_charge_at(session: Session, account_id: UUID, now: datetime) -> datetime:
    """About when the first money moves if the checkout is completed now: to be shown before the click."""
    granted = grant_of(session, account_id)
    return now + timedelta(days=trial_days(granted.ends_at if granted else None, now))


def start_checkout(desk: Desk, buyer: Buyer, plan_key: str, now: datetime) -> str:
    """The address of the hosted checkout: the same for every click while it is open.

    ``AlreadySubscribed`` when a subscription runs, ``TryAgain`` when the provider does not answer, ``KeyError`` for
    a plan that is not sold. What remains of a subscription that grants nothing is cancelled before a new one is sold.
    """
    plan = plan_for(plan_key)
    if plan is None:
        raise KeyError(plan_key)
    for _ in range(5):
        try:
            url = _attempt(desk, buyer, plan, now)
        except Busy:
            # Another click makes this very call, and the client has waited before it gave up: look what came of it.
            continue
        except GatewayDown as down:
            raise TryAgain(DOWN) from down
        if url is not None:
            return url
    raise TryAgain(DOWN)


def _attempt(desk: Desk, buyer: Buyer, plan: Plan, now: datetime) -> str | None:
    """One try; None when something in the way was cleared."""
    with desk.uow() as session:
        held = _reserve(session, buyer.account_id, plan, now)
    if held is None:
        return None
    customer_id = ensure_customer(desk, buyer.account_id, buyer.email, now)
    try:
        if held.session_id is None:
            _make_room(desk, customer_id, now)
            made = _create(desk, buyer, held, customer_id, now)
        else:
            made = desk.gateway.checkout(held.session_id)
    except AlreadySubscribed:
        _close(desk, held.id, "refused", now)
        raise
    except Missing:
        _close(desk, held.id, "missing", now)
        with desk.uow() as session:
            forget_customer(session, customer_id)
        return None
    except Refused:
        _close(desk, held.id, "refused", now)
        return None
    return _use(desk, held, made, plan, now)


def _use(desk: Desk, held: Reservation, made: Checkout, plan: Plan, now: datetime) -> str | None:
    if made.status == "open" and held.plan == plan.key:
        return made.url or held.url
    if made.status == "open":
        try:
            made = desk.gateway.expire_checkout(made.id)
        except Refused:
            made = desk.gateway.checkout(made.id)
    settle(desk, made.id, now, made)
    # Bought or not, it is closed. What was bought may be over by now: the next try asks the provider what runs.
    return None


def _reserve(session: Session, account_id: UUID, plan: Plan, now: datetime) -> Reservation | None:
    """The open reservation of the account, made now if there is none; None when it was closed this moment."""
    granted = grant_of(session, account_id)
    fresh = uuid4()
    session.execute(
        insert(Reservation)
        .values(
            id=fresh,
            account_id=account_id,
            plan=plan.key,
            trial_days=trial_days(granted.ends_at if granted else None, now),
            idempotency_key=f"checkout:{fresh}",
            created_at=now,
            expires_at=now + LIVES,
        )
        .on_conflict_do_nothing()
    )
    return session.execute(
        select(Reservation).where(Reservation.account_id == account_id, Reservation.closed_at.is_(None))
    ).scalar_one_or_none()


def _create(desk: Desk, buyer: Buyer, held: Reservation, customer_id: str, now: datetime) -> Checkout:
    """Ask with what the reservation says, so that a repeat of the call is the same call."""
    plan = plan_for(held.plan)
    if plan is None:
        raise Refused(held.plan)
    made = desk.gateway.create_checkout(
        customer_id=customer_id,
        plan=plan,
        trial_days=held.trial_days,
        expires_at=held.expires_at,
        success_url=buyer.success_url,
        cancel_url=buyer.cancel_url,
        account=str(buyer.account_id),
        key=held.idempotency_key,
    )
    with desk.uow() as session:
        session.execute(update(Reservation).where(Reservation.id == held.id).values(session_id=made.id, url=made.url))
    # A repeated key answers what was answered first: an old reservation is asked how it stands now.
    return made if now - held.created_at < timedelta(minutes=1) else desk.gateway.checkout(made.id)


def _make_room(desk: Desk, customer_id: str, now: datetime) -> None:
    """Refuse beside a subscription that runs; cancel one that only collects. The provider is asked, not our copy."""
    for sub in desk.gateway.subscriptions(customer_id):
        if sub.status in ENDED:
            continue
        if runs(sub, now):
            sync_subscription(desk, sub.id, now)
            raise AlreadySubscribed(RUNNING)
        desk.gateway.cancel_now(sub.id)
        sync_subscription(desk, sub.id, now)


def runs(sub: Subscription, now: datetime) -> bool:
    """Whether it gives rights now, or will again by itself."""
    fact = SubSnapshot(
        sub.id,
        sub.status,
        sub.period_end,
        sub.cancel_at,
        sub.cancel_at_period_end,
        sub.ended_at,
        sub.first_failed_at,
        livemode=sub.livemode,
    )
    decided = decide_subscription(fact, now)
    return decided is not None and (decided.may(Right.PRACTISE) or decided.state is State.PAUSED)


def _close(desk: Desk, reservation_id: UUID, outcome: str, now: datetime) -> None:
    with desk.uow() as session:
        session.execute(
            update(Reservation)
            .where(Reservation.id == reservation_id, Reservation.closed_at.is_(None))
            .values(closed_at=now, outcome=outcome)
        )


def settle(desk: Desk, session_id: str, now: datetime, found: Checkout | None = None) -> Checkout:
    """Copy what came of a checkout; its reservation is closed only when the provider's session has ended for good."""
    made = found or desk.gateway.checkout(session_id)
    if made.livemode is not desk.gateway.livemode or made.status == "open":
        return made
    if made.subscription_id is not None:
        sync_subscription(desk, made.subscription_id, now)
    with desk.uow() as session:
        session.execute(
            update(Reservation)
            .where(Reservation.session_id == session_id, Reservation.closed_at.is_(None))
            .values(closed_at=now, outcome=made.status)
        )
    return made


def return_from_checkout(desk: Desk, session_id: str, account_id: UUID, now: datetime) -> Returned:
    """What to show on the success page: asks the provider itself, so no webhook is waited for."""
    try:
        made = settle(desk, session_id, now)
        paid = made.status == "complete" and _granted(desk, made, now)
    except GatewayDown:
        return Returned.PENDING
    except (Missing, Refused):
        return Returned.UNKNOWN
    with desk.uow() as session:
        if account_of(session, made.customer_id, made.subscription_id) != account_id:
            return Returned.UNKNOWN
    if made.status != "complete":
        return Returned(made.status)
    return Returned.PAID if paid else Returned.PENDING


def _granted(desk: Desk, made: Checkout, now: datetime) -> bool:
    if made.subscription_id is None:
        return False
    return runs(desk.gateway.subscription(made.subscription_id), now)


def start_again(desk: Desk, buyer: Buyer, plan_key: str, now: datetime) -> str:
    """Subscribe anew after the end: a checkout like the first one, without a second trial."""
    return start_checkout(desk, buyer, plan_key, now)


def portal_url(desk: Desk, buyer: Buyer, return_url: str, now: datetime) -> str:
    """The provider's page for cards, bills and cancelling; a customer who is gone there is made anew."""
    try:
        customer_id = ensure_customer(desk, buyer.account_id, buyer.email, now)
        try:
            return desk.gateway.portal(customer_id, return_url)
        except Missing:
            with desk.uow() as session:
                forget_customer(session, customer_id)
            return desk.gateway.portal(ensure_customer(desk, buyer.account_id, buyer.email, now), return_url)
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
