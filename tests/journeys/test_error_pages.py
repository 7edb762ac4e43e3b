"""Error pages and forms with errors, looked at by axe; and every page a person uses at 320 px.

On an app of this test's own, which can be made to fail; each test's people and answers are rolled back.
"""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, abort
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from billing import trial
from lift.accounts import passwords, service
from lift.accounts.models import Account
from lift.interviews import queries
from lift.interviews import service as interviews
from lift.kernel.errors import Conflict, Denied, RateLimited, Unavailable
from lift.kernel.settings import Settings
from lift.notifications.service import notify
from lift.scoring.embedded import EmbeddedScorer
from tests.accounts.conftest import Post
from tests.factories import a_question, a_submitted_answer, an_account
from tests.journeys.test_main_job import ANSWER, AXE_TAGS, SETTLED

pytestmark = pytest.mark.journey

EMAIL = "somebody.with.a.very.long.name.indeed@a-subdomain.of-a-long-company-name.example.org"
PASSWORD = "a lantern over the harbour"
SCHEMES = ("light", "dark")
WIDTHS = (320, 1280)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the app of this test answers, with routes that fail in each way."""
    failures = {
        "403": Denied("This belongs to another account."),
        "409": Conflict("This answer was submitted in another tab."),
        "429": RateLimited(retry_after=250),
        "500": RuntimeError("broken on purpose"),
        "503": Unavailable("Too many people are logging in right now. Please try again in a moment."),
    }

    @app.get("/fails/<status>")
    def fails(status: str) -> str:
        if status in failures:
            raise failures[status]
        abort(int(status))

    app.config["WTF_CSRF_ENABLED"] = True
    # One request at a time: they share the test's one connection.
    server = make_server("127.0.0.1", 0, app, threaded=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def own_page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    broken: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert broken == []


@pytest.fixture
def person(session: Session, now: datetime) -> Account:
    """Somebody on a running trial, with an answer that was read, one that was not begun in earnest, and a notice."""
    account = an_account(session, now, EMAIL)
    account.password_hash = passwords.hash_password(PASSWORD)
    trial.grant(session, account.id, b"a mailbox", now)
    question = a_question(session, "idempotency-keys-01")
    answer = a_submitted_answer(session, account, question, ANSWER, now)
    interviews.assess(session, answer.id, EmbeddedScorer(), now)
    interviews.begin(session, account.id, question, now)
    notify(
        session, account_id=account.id, kind="test", effect_key="a", text="Your answer was read.", href="/home", now=now
    )
    session.commit()
    return account


def log_in(page: Page) -> None:
    page.goto("/log-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    send(page)
    page.wait_for_url("**/home")


def send(page: Page) -> None:
    """Press the button of the page's first form."""
    with page.expect_navigation():
        # What the browser would hold back is sent too: the server's own words are looked at.
        page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")


def fits(page: Page, name: str, width: int) -> None:
    """Nothing may scroll sideways or stick out."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(SETTLED)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls at {width}"


def look_at(page: Page, pictures: Path, name: str) -> None:
    """Axe in both colour schemes, narrow and wide, with a picture of each."""
    fits(page, name, 375)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that it takes
        for width in WIDTHS:
            fits(page, name, width)
            page.screenshot(path=pictures / f"{name}-{scheme}-{width}.png", full_page=True)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
            assert found.response["violations"] == [], f"{name} {scheme} {width}: {found.generate_report()}"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 429, 500, 503])
def test_an_error_page_is_clean(own_page: Page, pictures: Path, status: int) -> None:
    reply = own_page.goto(f"/fails/{status}")
    assert reply is not None
    assert reply.status == status
    look_at(own_page, pictures, f"error-{status}")


def test_a_form_without_its_token_is_answered_by_a_clean_page(own_page: Page, pictures: Path) -> None:
    own_page.goto("/sign-up")
    own_page.evaluate("document.querySelector('input[name=csrf_token]').remove()")
    send(own_page)
    assert "form had been open for too long" in own_page.locator("main").inner_text()
    look_at(own_page, pictures, "error-400-token")


@pytest.mark.parametrize("path", ["/sign-up", "/log-in", "/forgot"])
def test_a_visitors_form_with_errors_is_clean(own_page: Page, pictures: Path, path: str) -> None:
    own_page.goto(path)
    send(own_page)
    assert own_page.locator(".field-error").count() >= 1
    look_at(own_page, pictures, f"errors{path.replace('/', '-')}")


def test_a_form_that_was_sent_too_often_is_clean_and_keeps_what_was_typed(own_page: Page, pictures: Path) -> None:
    for _ in range(6):
        own_page.goto("/forgot")
        own_page.get_by_label("E-mail").fill(EMAIL)
        send(own_page)
    assert "There were too many tries" in own_page.locator("main").inner_text()
    assert own_page.get_by_label("E-mail").input_value() == EMAIL
    look_at(own_page, pictures, "errors-too-often")


def test_the_mailed_links_forms_with_errors_are_clean(
    own_page: Page, pictures: Path, session: Session, settings: Settings, now: datetime
) -> None:
    service.sign_up(session, settings, EMAIL, PASSWORD, now, "")
    service.request_reset(session, settings, EMAIL, now)
    session.commit()
    mails = Post(session, settings.base_url)
    for kind in ("verify", "reset"):
        own_page.goto(mails.link(kind, EMAIL))
        look_at(own_page, pictures, kind)
        own_page.locator("input[type=password]").fill("short")
        send(own_page)
        assert own_page.locator(".field-error").count() == 1
        look_at(own_page, pictures, f"errors-{kind}")


@pytest.mark.parametrize("path", ["/onboarding", "/practice/{unfinished}"])
def test_a_persons_form_with_errors_is_clean(
    own_page: Page, pictures: Path, session: Session, person: Account, path: str
) -> None:
    log_in(own_page)
    own_page.goto(path.format(unfinished=unfinished(session, person)))
    if path == "/onboarding":
        own_page.get_by_label("Date of the interview").fill("2020-01-01")
    send(own_page)
    assert own_page.locator(".field-error").count() >= 1
    look_at(own_page, pictures, f"errors{path.partition('/{')[0].replace('/', '-')}")


def unfinished(session: Session, person: Account) -> str:
    """The id of the answer that was begun and not submitted."""
    href = next(one.href for one in queries.recent(session, person.id) if one.state == "unfinished")
    return href.rpartition("/")[2]


PUBLIC = (
    "/", "/question-bank", "/question-bank/microsoft/backend-engineer", "/question-bank/google/backend-engineer",
    "/question-bank/microsoft", "/question-bank/tcs/engineering-manager", "/question-bank/topics/api-design",
    "/question-bank/competencies/idempotency-keys", "/question-bank/microsfot",
    "/scoring", "/privacy", "/terms", "/sign-up", "/log-in", "/forgot", "/forgot/sent", "/dev/mail", "/no-such-page",
)  # fmt: skip
OWN = ("/home", "/account", "/onboarding", "/notices", "/practice", "/questions", "/questions?q=idempotency", "/questions/idempotency-keys-01")  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_fits_320_pixels(own_page: Page, path: str) -> None:
    own_page.goto(path)
    fits(own_page, path, 320)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/question-bank", "bank"),
        ("/question-bank/microsoft", "company"),
        ("/question-bank/microsoft/ml-engineer", "outlined-role"),
        ("/question-bank/spotify/product-manager", "role-with-few"),
        ("/question-bank/topics/api-design", "topic"),
        ("/question-bank/competencies/idempotency-keys", "competency"),
        ("/question-bank/microsfot/backend", "did-you-mean"),
    ],
)
def test_a_page_of_the_bank_is_clean(own_page: Page, pictures: Path, path: str, name: str) -> None:
    own_page.goto(path)
    look_at(own_page, pictures, name)


def test_every_page_of_a_person_fits_320_pixels(
    own_page: Page, pictures: Path, session: Session, settings: Settings, person: Account
) -> None:
    log_in(own_page)
    answers = [one.href for one in queries.recent(session, person.id)]
    assert len(answers) == 2
    for path in (*OWN, *answers):
        reply = own_page.goto(path)
        assert reply is not None
        assert reply.status == 200, path
        fits(own_page, path, 320)
        own_page.screenshot(path=pictures / f"320{path.partition('?')[0].replace('/', '-')[:30]}.png", full_page=True)
        own_page.locator(".menu summary").click()
        fits(own_page, f"{path} with its menu open", 320)


def test_the_pages_before_the_mailbox_is_proved_fit_320_pixels(own_page: Page) -> None:
    own_page.goto("/sign-up")
    own_page.get_by_label("E-mail").fill(EMAIL)
    own_page.get_by_label("Password", exact=True).fill(PASSWORD)
    send(own_page)
    for path in ("/verify", "/home", "/account"):
        own_page.goto(path)
        fits(own_page, path, 320)


def test_the_browsers_zone_reaches_the_account(
    browser: Browser, address: str, session: Session, settings: Settings, now: datetime
) -> None:
    service.sign_up(session, settings, EMAIL, PASSWORD, now, "")
    session.commit()
    context = browser.new_context(base_url=address, timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(Post(session, settings.base_url).link("verify", EMAIL))
    page.locator("input[type=password]").fill(PASSWORD)
    send(page)
    page.goto("/account")
    assert page.locator("#timezone").input_value() == "Asia/Tokyo"
    assert "JST" in page.locator("main").inner_text()
    context.close()
