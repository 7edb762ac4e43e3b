"""The hosted pages over HTTP: plain forms, no script."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted

from jinja2 import Environment, FileSystemLoader
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from billing.sandbox.engine.charging import intent_of
from billing.sandbox.engine.lines import named
from billing.sandbox.engine.money import written
from billing.sandbox.errors import Refusal
from billing.sandbox.pages import flows
from billing.sandbox.pages.completing import quote
from billing.sandbox.pages.flows import Entry
from billing.sandbox.runtime import Runtime
from billing.sandbox.store import Store
from billing.sandbox.tables import Body

HERE = Path(__file__).parent
COUNTRIES = [
    ("AT", "Austria"), ("BE", "Belgium"), ("CA", "Canada"), ("CH", "Switzerland"), ("DE", "Germany"), ("DK", "Denmark"),
    ("ES", "Spain"), ("FI", "Finland"), ("FR", "France"), ("GB", "United Kingdom"), ("IE", "Ireland"), ("IT", "Italy"),
    ("JP", "Japan"), ("NL", "Netherlands"), ("US", "United States"),
]  # fmt: skip


def day(moment: int) -> str:
    """``3 December 2026``, in UTC."""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at.day} {at:%B %Y}"


def rhythm(price: Body) -> str:
    every = price["recurring"]
    count, interval = every["interval_count"], every["interval"]
    return f"every {interval}" if count == 1 else f"every {count} {interval}s"


class Pages:
    """Answers the hosted pages and their one stylesheet."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)
        self.templates.globals.update(money=written, day=day, rhythm=rhythm, countries=COUNTRIES)
        self.css = (HERE / "static" / "sandbox.css").read_bytes()
        self.map = Map(
            [
                Rule("/static/sandbox.css", methods=["GET"], endpoint="css"),
                Rule("/checkout/<a>", methods=["GET", "POST"], endpoint="checkout"),
                Rule("/checkout/<a>/challenge", methods=["GET", "POST"], endpoint="checkout_challenge"),
                Rule("/challenge/<a>", methods=["GET", "POST"], endpoint="challenge"),
                Rule("/invoice/<a>", methods=["GET", "POST"], endpoint="invoice"),
                Rule("/invoice/<a>/pdf", methods=["GET"], endpoint="invoice"),
                Rule("/portal/<a>", methods=["GET"], endpoint="portal"),
                Rule("/portal/<a>/challenge", methods=["GET", "POST"], endpoint="portal_challenge"),
                Rule("/portal/<a>/<b>", methods=["POST"], endpoint="portal_act"),
            ]
        )
        self.views: dict[str, Callable[..., Response]] = {
            "css": lambda _: Response(self.css, mimetype="text/css"),
            "checkout": self.checkout,
            "checkout_challenge": self.checkout_challenge,
            "challenge": self.challenge,
            "invoice": self.invoice,
            "portal": self.portal,
            "portal_challenge": self.portal_challenge,
            "portal_act": self.portal_act,
        }

    def __call__(self, request: Request) -> Response:
        try:
            name, ids = self.map.bind("", path_info=request.path).match(method=request.method)
            self.runtime.settle()
            reply = self.views[name](request, *(ids[key] for key in sorted(ids)))
        except HTTPException:
            reply = self._page("message.html", status=404, head="Not found", words="There is no such page here.")
        except Refusal as refusal:
            words = refusal.body["error"]["message"]
            reply = self._page("message.html", status=refusal.status, head="This did not work", words=words)
        back = " ".join(
            f"{scheme}://{host}{'' if ':' in host else ':*'}"
            for host in sorted(self.runtime.return_hosts)
            for scheme in ("http", "https")
        )
        reply.headers.update(
            {
                "Content-Security-Policy": f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {back}",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            }
        )
        return reply

    def _page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        return Response(self.templates.get_template(template).render(**values), status=status, mimetype="text/html")

    def _store(self, request: Request) -> AbstractContextManager[Store]:
        base = request.host_url.rstrip("/")
        return self.runtime.read(base=base) if request.method == "GET" else self.runtime.change(base=base)

    def checkout(self, request: Request, id_: str) -> Response:
        wrong = None
        entry = _entry(request)
        with self._store(request) as store:
            session = store.get("checkout.session", id_)
            if session["status"] == "complete":
                return redirect(_success(session), 303)
            if session["status"] == "expired":
                words = "This checkout has expired. Nothing was charged."
                return self._page("message.html", status=410, head="Expired", words=words, link=session["cancel_url"])
            code = None
            try:
                code = flows.code_for(store, session, entry.code)
            except Refusal as refusal:
                wrong = refusal.body["error"]["message"]
            if request.method == "POST" and request.form.get("action") == "pay" and wrong is None:
                try:
                    with store.savepoint():
                        following = flows.pay_session(store, session, entry)
                except Refusal as refusal:
                    wrong = refusal.body["error"]["message"]
                    session = store.get("checkout.session", id_)
                else:
                    to = f"/checkout/{id_}/challenge" if following == "challenge" else _success(session)
                    return redirect(to, 303)
            sums = quote(store, session, code, entry.country)
            status = 402 if wrong else 200
            return self._page("checkout.html", status=status, session=session, quote=sums, wrong=wrong, entry=entry)

    def checkout_challenge(self, request: Request, id_: str) -> Response:
        with self._store(request) as store:
            session = store.get("checkout.session", id_)
            if session["status"] == "complete":
                return redirect(_success(session), 303)
            if request.method == "GET":
                sums = quote(store, session, None, None)
                amount = written(sums.due_now, session["currency"]) if sums.due_now else None
                return self._page("challenge.html", amount=amount)
            try:
                flows.challenge_session(store, session, passed=request.form.get("answer") == "complete")
            except Refusal as refusal:
                if not refusal.keep:
                    raise
                sums = quote(store, session, None, None)
                wrong = refusal.body["error"]["message"]
                return self._page(
                    "checkout.html", status=402, session=session, quote=sums, wrong=wrong, entry=Entry("")
                )
            return redirect(_success(session), 303)

    def challenge(self, request: Request, id_: str) -> Response:
        with self._store(request) as store:
            intent = store.get("payment_intent", id_)
            if request.method == "GET":
                return self._page("challenge.html", amount=written(intent["amount"], intent["currency"]))
            try:
                flows.challenge_intent(store, intent, passed=request.form.get("answer") == "complete")
            except Refusal as refusal:
                if not refusal.keep:
                    raise
                return self._invoice(store, intent["_invoice"], refusal.body["error"]["message"])
            return redirect(f"/invoice/{intent['_invoice']}", 303)

    def invoice(self, request: Request, id_: str) -> Response:
        with self._store(request) as store:
            invoice = store.get("invoice", id_)
            if request.method == "POST":
                try:
                    following = flows.pay_invoice(store, invoice)
                except Refusal as refusal:
                    if not refusal.keep:
                        raise
                    return self._invoice(store, id_, refusal.body["error"]["message"])
                if following == "challenge":
                    intent = intent_of(store, invoice)
                    return redirect(f"/challenge/{intent['id']}", 303)
            return self._invoice(store, id_, None)

    def _invoice(self, store: Store, id_: str, wrong: str | None) -> Response:
        invoice = store.get("invoice", id_)
        return self._page("invoice.html", status=402 if wrong else 200, invoice=invoice, wrong=wrong)

    def portal(self, request: Request, id_: str) -> Response:
        with self._store(request) as store:
            return self._portal(store, store.get("billing_portal.session", id_), None)

    def _portal(self, store: Store, portal: Body, wrong: str | None) -> Response:
        customer = store.get("customer", portal["customer"])
        default = customer["invoice_settings"]["default_payment_method"]
        subs = store.where("subscription", customer=customer["id"])
        over = ("canceled", "incomplete_expired")
        return self._page(
            "portal.html", status=402 if wrong else 200, portal=portal, wrong=wrong,
            subscriptions=[sub for sub in subs if sub["status"] not in over],
            invoices=store.where("invoice", customer=customer["id"]), card=store.find(default) if default else None,
            named=lambda item: named(store, item),
        )  # fmt: skip

    def portal_challenge(self, request: Request, id_: str) -> Response:
        with self._store(request) as store:
            portal = store.get("billing_portal.session", id_)
            if request.method == "GET":
                return self._page("challenge.html", amount=None)
            try:
                flows.challenge_portal(store, portal, passed=request.form.get("answer") == "complete")
            except Refusal as refusal:
                if not refusal.keep:
                    raise
                return self._portal(store, portal, refusal.body["error"]["message"])
            return redirect(f"/portal/{id_}", 303)

    def portal_act(self, request: Request, id_: str, act: str) -> Response:
        with self._store(request) as store:
            portal = store.get("billing_portal.session", id_)
            if act == "card":
                try:
                    with store.savepoint():
                        following = flows.update_card(store, portal, _entry(request))
                except Refusal as refusal:
                    return self._portal(store, portal, refusal.body["error"]["message"])
                return redirect(f"/portal/{id_}/challenge" if following == "challenge" else f"/portal/{id_}", 303)
            sub = store.get("subscription", request.form.get("subscription", ""))
            if sub["customer"] != portal["customer"] or act not in ("cancel", "undo"):
                raise Refusal("There is no such subscription here.", status=404)
            (flows.cancel_at_end if act == "cancel" else flows.undo_cancel)(store, sub)
            return redirect(f"/portal/{id_}", 303)


def _success(session: Body) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", quoted(session["id"]))


def _entry(request: Request) -> Entry:
    form = request.form
    month, year = form.get("month", "12"), form.get("year", "2040")
    if not (month.isdigit() and year.isdigit() and 1 <= int(month) <= 12):
        raise Refusal("The date of expiry is a month from 1 to 12 and a year.")
    return Entry(
        number=form.get("number", ""), month=int(month), year=int(year), name=form.get("name"),
        email=form.get("email") or None, country=form.get("country") or None, code=form.get("code") or None,
    )  # fmt: skip
