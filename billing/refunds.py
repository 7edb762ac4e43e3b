"""Giving money back: written down before the call, so that a crash in between neither loses nor doubles it."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from billing.customers import customer_of
from billing.desk import BillingError, Desk, TryAgain
from billing.gateway import Charge, GatewayDown, Missing, Refund, Refused
from billing.operators import record
from billing.plans import read_amount, spell
from billing.sync import sync_money, sync_subscription

DOWN = "The payment provider does not answer. Try the same refund again in a minute: it is made once."


def charges_of(desk: Desk, account_id: UUID) -> tuple[Charge, ...]:
    """The account's payments, for an operator to choose from."""
    with desk.uow() as session:
        customer_id = customer_of(session, account_id)
    try:
        return desk.gateway.charges(customer_id) if customer_id else ()
    except Missing:
        return ()
    except GatewayDown as down:
        raise TryAgain(DOWN) from down


class BadAmount(BillingError):
    """What was written is no amount of this payment."""


def amount_to_return(charges: tuple[Charge, ...], charge_id: str, text: str) -> int | None:
    """Minor units of what an operator wrote in the payment's currency; None, all that is left, for nothing."""
    charge = _chosen(charges, charge_id)
    if not text.strip():
        return None
    try:
        amount = read_amount(text, charge.currency)
    except ValueError as unread:
        example = spell(charge.amount, charge.currency)
        raise BadAmount(f"Write digits and a point, such as {example.split()[0]} for {example}.") from unread
    if not 0 < amount <= charge.amount:
        raise BadAmount(f"Write more than 0 and at most {spell(charge.amount, charge.currency)}, which was paid.")
    return amount


def _chosen(charges: tuple[Charge, ...], charge_id: str) -> Charge:
    charge = next((c for c in charges if c.id == charge_id), None)
    if charge is None:
        raise BillingError("This account has no such payment.")
    return charge


def refund(
    desk: Desk,
    account_id: UUID,
    charge_id: str,
    *,
    amount: int | None,
    who: str,
    why: str,
    act_key: str,
    now: datetime,
) -> Refund:
    """Give ``amount`` (minor units; None: all that is left) back. The last payment given back in full ends its subscription.

    ``act_key`` is the form's own: the same form sent twice gives back once.
    """
    charges = charges_of(desk, account_id)
    charge = _chosen(charges, charge_id)
    if amount is not None and not 0 < amount <= charge.amount:
        raise BillingError("This amount is not part of the payment.")
    detail = {"charge": charge_id, "amount": amount}
    with desk.uow() as session:
        record(session, act_key, account_id, who=who, what="refunded", why=why, now=now, detail=detail)
    try:
        made = desk.gateway.refund(charge_id, amount, f"refund:{act_key}")
    except GatewayDown as down:
        raise TryAgain(DOWN) from down
    except (Refused, Missing) as refused:
        raise BillingError(f"The provider refuses this refund: {refused}") from refused
    paid_later = any(c.subscription_id == charge.subscription_id and c.paid_until > charge.paid_until for c in charges)
    _after(desk, charge, made, paid_later, now)
    return made


def _after(desk: Desk, charge: Charge, made: Refund, paid_later: bool, now: datetime) -> None:
    returned = {refund.id: refund.amount for refund in charge.refunds} | {made.id: made.amount}
    if sum(returned.values()) >= charge.amount and not paid_later:
        # One that is gone needs no end.
        with suppress(Missing):
            desk.gateway.cancel_now(charge.subscription_id)
        sync_subscription(desk, charge.subscription_id, now)
    sync_money(desk, charge.customer_id, now)
