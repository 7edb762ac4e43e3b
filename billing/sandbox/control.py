"""The controls of the sandbox: the same calls in Python, and as ``POST /_sandbox/<call>`` with JSON arguments."""

import inspect
import json
from typing import Any, Literal

from pydantic import ValidationError, validate_call
from sqlalchemy import func, select
from werkzeug.wrappers import Request, Response

from billing.sandbox.api import customers, refunds
from billing.sandbox.due import LIVE
from billing.sandbox.engine.renewing import catch_up
from billing.sandbox.errors import Refusal
from billing.sandbox.faults import CallFault, DeliveryFault, Kind
from billing.sandbox.pages import flows
from billing.sandbox.pages.flows import Entry, Next
from billing.sandbox.runtime import Runtime
from billing.sandbox.store import public
from billing.sandbox.tables import Body, Delivery, Thing, empty
from billing.sandbox.webhooks import Courier


class Control:
    """Trouble on demand, the clock, and what people would do on the pages."""

    def __init__(self, runtime: Runtime, courier: Courier) -> None:
        self._runtime = runtime
        self._courier = courier

    # Deliveries

    def fail_deliveries(
        self, kind: Literal["drop", "duplicate", "delay"], types: str = "*", times: int = 1_000_000, copies: int = 1,
        seconds: int = 60,
    ) -> None:  # fmt: skip
        """The next ``times`` deliveries of events whose type matches are dropped, sent ``copies`` times more, or late."""
        self._runtime.faults.deliveries.append(DeliveryFault(kind, types, times, copies, seconds))

    def order_deliveries(self, order: Literal["first", "reverse", "shuffle"]) -> None:
        """In which order what waits is sent; hold first to gather, release to send."""
        self._runtime.faults.order = order

    def hold(self) -> None:
        """Send nothing until released."""
        self._runtime.faults.held = True

    def release(self) -> None:
        self._runtime.faults.held = False
        self._runtime.notify()

    def drain(self, seconds: float = 10) -> bool:
        """Wait until all that can be sent now was; False when it was not, or deliveries are held."""
        return self._courier.drain(seconds)

    def resend(self, event: str) -> None:
        """Send an event once more, whatever became of it."""
        with self._runtime.change() as store:
            store.get("event", event)
            store.queue(event)
            store.told += 1

    def undelivered(self) -> list[Body]:
        """Events that the webhook has not taken, oldest first, with state and last error."""
        query = (
            select(Delivery, Thing.body["type"].astext.label("type"))
            .join(Thing, Thing.id == Delivery.event)
            .where(Delivery.state != "delivered")
            .order_by(Delivery.id)
        )
        with self._runtime.engine.connect() as connection:
            return [
                {
                    "event": row.event,
                    "type": row.type,
                    "state": "held" if self._runtime.faults.held and row.state == "pending" else row.state,
                    "attempts": row.attempts,
                    "due_at": row.due_at,
                    "last_error": row.last_error,
                }
                for row in connection.execute(query)
            ]

    # Calls of the API

    def fail_calls(
        self, kind: Kind, when: Literal["before", "after"] = "before", method: str = "*", path: str = "*",
        times: int = 1, seconds: float = 60,
    ) -> None:  # fmt: skip
        """The next ``times`` matching calls end in 429, 500, a time-out or a cut connection, before or after the work."""
        self._runtime.faults.calls.append(CallFault(kind, when, method, path, times, seconds))

    def counts(self) -> dict[str, dict[str, int]]:
        """Calls by method and path: ``received``, and ``executed``, which leaves out replays and refused ones."""
        faults = self._runtime.faults
        with faults.lock:
            return {"received": dict(faults.received), "executed": dict(faults.executed)}

    def clear(self) -> None:
        """No more trouble; counts begin at nought."""
        self._runtime.faults.clear()
        self._runtime.notify()

    def reset(self) -> None:
        """The same, and every object forgotten. A clock that others follow stays: theirs cannot go back."""
        self.clear()
        ahead = self._runtime.ahead if self._runtime.moved is not None else 0
        empty(self._runtime.engine)
        with self._runtime.change() as store:
            store.set("ahead", ahead)
        self._runtime.load()

    # The clock

    def now(self) -> int:
        """The sandbox's moment."""
        return self._runtime.now()

    def advance(self, by: int | None = None, to: int | None = None) -> int:
        """Move the sandbox's own clock ahead by seconds or to a moment; all that is due happens in order."""
        with self._runtime.change() as store:
            target = to if to is not None else store.now + (by or 0)
            if target < store.now:
                raise Refusal("The sandbox's clock goes forward only.", param="to")
            ahead = self._runtime.ahead + target - store.now
            catch_up(store, target)
            store.set("ahead", ahead)
            store.told += 1
        self._runtime.go_to(ahead)
        self._runtime.notify()
        return target

    def after_retries(self, ending: Literal["cancel", "unpaid", "past_due"]) -> None:
        """What becomes of a subscription after the last failed try."""
        with self._runtime.change() as store:
            store.set("after_retries", ending)

    # Cards, disputes, customers

    def card_fails(self, customer: str, code: str = "generic_decline") -> None:
        """The customer's present cards are refused from now on; ``authentication_required`` asks for 3-D Secure."""
        self._cards(customer, code)

    def card_works(self, customer: str) -> None:
        self._cards(customer, "ok")

    def _cards(self, customer: str, rule: str) -> None:
        with self._runtime.change() as store:
            for card in store.where("payment_method", customer=store.get("customer", customer)["id"]):
                card["_charge"] = rule
                store.save(card)

    def card_renewed(self, customer: str, year: int = 2045) -> Body:
        """The bank gives the default card a new date of expiry, which the network tells."""
        with self._runtime.change() as store:
            id_ = store.get("customer", customer)["invoice_settings"]["default_payment_method"]
            card = store.get("payment_method", id_ or "")
            card["card"]["exp_year"], card["_charge"] = year, "ok"
            store.save(card)
            store.emit("payment_method.automatically_updated", card)
            return self._shown(card)

    def open_dispute(self, charge: str | None = None, invoice: str | None = None, reason: str = "fraudulent") -> Body:
        """Contest a charge, or the one that paid an invoice."""
        with self._runtime.change() as store:
            if invoice:
                paid = store.where("invoice_payment", invoice=invoice, status="paid")
                intent = store.get("payment_intent", paid[0]["payment"]["payment_intent"] if paid else "")
                charge = intent["latest_charge"]
            return self._shown(refunds.open_dispute(store, store.get("charge", charge or ""), reason))

    def close_dispute(self, dispute: str, won: bool) -> Body:
        with self._runtime.change() as store:
            return self._shown(refunds.close_dispute(store, store.get("dispute", dispute), won=won))

    def delete_customer(self, customer: str) -> Body:
        """As if somebody deleted it on the dashboard."""
        with self._runtime.change() as store:
            return customers.delete(store, customer, {})

    # What people do on the pages

    def pay_checkout(
        self, session: str, number: str = "4242424242424242", email: str | None = None, country: str | None = None,
        code: str | None = None, name: str | None = None,
    ) -> Next:  # fmt: skip
        """Fill in the checkout page and pay: ``done`` or ``challenge``."""
        with self._runtime.change() as store:
            entry = Entry(number, name=name, email=email, country=country, code=code)
            return flows.pay_session(store, store.get("checkout.session", session), entry)

    def answer_challenge(self, of: str, passed: bool = True) -> None:
        """Pass or fail the 3-D Secure page of a checkout session, a portal session or a payment intent."""
        refused = None
        with self._runtime.change() as store:
            body = store.find(of) or {"object": "nothing"}
            answers = {
                "checkout.session": flows.challenge_session,
                "billing_portal.session": flows.challenge_portal,
                "payment_intent": flows.challenge_intent,
            }
            if body["object"] not in answers:
                raise Refusal(f"There is no challenge for {of}.", status=404)
            try:
                answers[body["object"]](store, body, passed=passed)
            except Refusal as refusal:
                if not refusal.keep:
                    raise
                refused = refusal
        if refused and passed:
            raise refused

    def update_card(self, portal: str, number: str = "4242424242424242") -> Next:
        """Save another card on the portal's page."""
        with self._runtime.change() as store:
            return flows.update_card(store, store.get("billing_portal.session", portal), Entry(number))

    def portal_cancel(self, customer: str, undo: bool = False) -> None:
        """Cancel at the end of the period on the portal's page, or undo it."""
        with self._runtime.change() as store:
            for sub in store.where("subscription", customer=customer):
                if sub["status"] in LIVE:
                    (flows.undo_cancel if undo else flows.cancel_at_end)(store, sub)

    def size(self) -> int:
        """How many objects there are."""
        with self._runtime.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Thing)) or 0

    @staticmethod
    def _shown(body: Body) -> Body:
        shown: Body = public(body)
        return shown

    # Over HTTP

    def answer(self, request: Request) -> Response:
        """``GET /_sandbox/`` lists the calls; ``POST /_sandbox/<call>`` makes one and answers ``{"result": …}``."""
        name = request.path.removeprefix("/_sandbox").strip("/")
        calls = {key: call for key, call in inspect.getmembers(self, inspect.ismethod) if key in CALLS}
        if request.method == "GET" and not name:
            told = {
                key: f"{inspect.signature(call)} {inspect.getdoc(call) or ''}".strip() for key, call in calls.items()
            }
            return _json(200, {"calls": told})
        if request.method != "POST" or name not in calls:
            return _json(404, {"error": {"message": "There is no such control.", "type": "invalid_request_error"}})
        # A page elsewhere cannot send this type without asking first.
        if request.mimetype != "application/json":
            return _json(415, {"error": {"message": "Arguments are sent as JSON.", "type": "invalid_request_error"}})
        try:
            given: dict[str, Any] = json.loads(request.data or b"{}")
            return _json(200, {"result": validate_call(calls[name])(**given)})
        except Refusal as refusal:
            return _json(refusal.status, refusal.body)
        except (ValidationError, TypeError, ValueError) as error:
            return _json(400, {"error": {"message": str(error), "type": "invalid_request_error"}})


CALLS = {
    name for name, _ in inspect.getmembers(Control, inspect.isfunction) if not name.startswith("_") and name != "answer"
}


def _json(status: int, body: Body) -> Response:
    return Response(json.dumps(body, indent=2), status=status, mimetype="application/json")
