"""A shop to be hurt: granian, a worker and the sandbox on one stack, and a person who buys over HTTP."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError, URLError
from uuid import UUID, uuid4

import stripe
from sqlalchemy import func, select

from billing.models import EventRow, Snapshot
from billing.sandbox.control import Control
from billing.sandbox.testing import API_KEY, WEBHOOK_SECRET, Running, running
from billing.store import OPEN
from billing.stripe_gateway import StripeGateway
from billing.stripe_setup import set_up
from billing.trial import grant
from lift.accounts.passwords import hash_password
from lift.kernel.db import make_engine, unit_of_work
from lift.notifications.models import MailMessage
from lift.runner import commands
from lift.runner.ports import LOOPBACK, free_port
from tests.factories import an_account
from tests.faults.conftest import Stack, eventually

PASSWORD = "a lantern over the harbour"


class _Stay(urllib.request.HTTPRedirectHandler):
    """The answer itself, not where it leads."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


@dataclass
class Person:
    """Somebody with real cookies and one token for all tabs."""

    site: str
    account_id: UUID
    jar: CookieJar = field(default_factory=CookieJar)
    token: str = ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> Answer:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _Stay)
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with opener.open(urllib.parse.urljoin(self.site, path), data, timeout=20) as reply:
                answer = Answer(reply.status, reply.read().decode(), "")
        except HTTPError as other:
            answer = Answer(other.code, other.read().decode(), other.headers.get("Location", ""))
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, **form: str) -> Answer:
        return self.ask(path, {**form, "csrf_token": self.token})


@dataclass
class Counter:
    """The running shop."""

    stack: Stack
    site: str
    sandbox: Running

    @property
    def control(self) -> Control:
        return self.sandbox.control

    @property
    def stripe(self) -> stripe.StripeClient:
        return stripe.StripeClient(API_KEY, base_addresses={"api": self.sandbox.address}, max_network_retries=0)

    def somebody(self, *, trial: bool = True) -> Person:
        """A person who is logged in, and whose trial runs unless told otherwise."""
        now, email = datetime.now(UTC), f"{uuid4().hex}@example.org"
        with unit_of_work(self.stack.services.session_factory) as session:
            account = an_account(session, now, email)
            account.password_hash = hash_password(PASSWORD)
            if trial:
                grant(session, account.id, email.encode()[:32], now)
        person = Person(self.site, account.id)
        person.ask("/log-in")
        assert person.post("/log-in", email=email, password=PASSWORD).status == 303
        person.ask("/billing")
        return person

    def subscriptions(self, person: Person) -> list[Snapshot]:
        """What we know of."""
        with unit_of_work(self.stack.services.session_factory) as session:
            return list(session.execute(select(Snapshot).where(Snapshot.account_id == person.account_id)).scalars())

    def mails(self, person: Person) -> list[str]:
        """The kinds that were written, in order of their names."""
        with unit_of_work(self.stack.services.session_factory) as session:
            written = select(MailMessage.kind).where(MailMessage.account_id == person.account_id)
            return sorted(session.execute(written).scalars())

    def unsettled(self) -> int:
        """Events that came and are not worked."""
        with unit_of_work(self.stack.services.session_factory) as session:
            return session.execute(select(func.count()).where(EventRow.state.in_(OPEN))).scalar_one()

    def settle(self, within: float = 60) -> None:
        """All that the provider has to say was heard and worked."""
        assert self.control.drain(within)
        eventually(lambda: self.unsettled() == 0, within, "every event worked")


@contextmanager
def counter_on(stack: Stack) -> Iterator[Counter]:
    """Web and worker of ``stack`` with the sandbox in Stripe's place."""
    port = free_port()
    site = f"http://{LOOPBACK}:{port}"
    engine = make_engine(stack.services.settings.database_url, connections=6)
    with running(engine, webhook_url=f"{site}/webhooks/stripe") as sandbox:
        set_up(StripeGateway(API_KEY, sandbox.address))
        stack.environment |= {
            "LIFT_BASE_URL": site,
            "LIFT_STRIPE_API_BASE": sandbox.address,
            "LIFT_STRIPE_SECRET_KEY": API_KEY,
            "LIFT_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }
        stack.kill_worker()
        stack.start_worker()
        stack.start_web(commands.web(LOOPBACK, port))
        eventually(lambda: _answers(f"{site}/readyz"), 60, "a site that is ready")
        yield Counter(stack, site, sandbox)
    engine.dispose()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False
