"""A subscription's whole life in a browser, on the sandbox: half a year of it, because the site goes by its clock.

``advance`` moves that clock for both sides (docs/decisions/0007): trials end, reminders go out, bills are made and
refused as they would on that day. Meanwhile every webhook comes twice, and in any order.
"""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from billing.plans import PLANS, spell
from tests.journeys.test_main_job import ANSWER, join, look_at

(QUARTERLY,) = [plan for plan in PLANS if plan.key == "lift_quarterly_usd"]

pytestmark = pytest.mark.journey

GOOD = "4242424242424242"
NEEDS_3D_SECURE = "4000002500003155"
FAILS_LATER = "4000000000000341"
HOUR = 3_600
DAY = 24 * HOUR
ADA, GRACE = "ada.buys@example.org", "grace.waits@example.org"


@pytest.fixture
def buyer(browser: Browser, site: str) -> Iterator[Page]:
    """A page that may also ask the sandbox, which has a port of its own on this host, and nobody else."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    strangers: list[str] = []
    opened.on("request", lambda request: strangers.append(request.url))
    yield opened
    context.close()
    assert [url for url in strangers if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A page without JavaScript."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    yield context.new_page()
    context.close()


@dataclass
class Sandbox:
    """Its controls."""

    address: str

    def call(self, name: str, **arguments: object) -> Any:
        request = urllib.request.Request(
            f"{self.address}/_sandbox/{name}", json.dumps(arguments).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)["result"]

    def advance(self, seconds: int) -> None:
        """Let time pass for the whole site, and all be told what it brought."""
        self.call("advance", by=seconds)
        self.told()

    def told(self) -> None:
        """Wait until the webhook took every event, however often it comes."""
        assert self.call("drain")


def sandbox_of(page: Page) -> Sandbox:
    """The page of billing names it: its forms may lead there."""
    policy = page.request.get("/billing").headers["content-security-policy"]
    found = re.search(r"form-action 'self' (http://127\.0\.0\.1:\d+)", policy)
    assert found
    return Sandbox(found[1])


def shows(page: Page, address: str, words: str, tries: int = 60) -> None:
    """The page says so soon: what the provider tells is worked by a worker meanwhile."""
    for _ in range(tries):
        page.goto(address)
        if page.locator("main", has_text=words).count():
            return
        page.wait_for_timeout(250)
    expect(page.locator("main")).to_contain_text(words)


def banner(page: Page) -> Any:
    return page.get_by_role("complementary", name="Your subscription")


def pay(page: Page, number: str) -> None:
    """Fill in the hosted page."""
    expect(page.get_by_role("banner")).to_have_text("Sandbox. No card is charged.")
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Name on card").fill("Ada Lovelace")
    page.get_by_role("button", name=re.compile("^(Pay|Start the trial)")).click()


def change_card(page: Page, number: str) -> None:
    """On the provider's page, and back."""
    page.goto("/billing")
    page.get_by_role("button", name=re.compile("^(Card and billing address|Update your card)$")).click()
    page.get_by_label("Card number").fill(number)
    page.get_by_role("button", name="Save this card").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing")


def mailed(page: Page, to: str, subject: str) -> int:
    page.goto("/dev/mail")
    return page.locator("main li", has_text=to).filter(has_text=subject).count()


def gets(page: Page, to: str, subject: str) -> None:
    """The mail comes within seconds: beat looks at the clock that was moved. Once."""
    shows(page, "/dev/mail", subject)
    for _ in range(40):
        if mailed(page, to, subject):
            break
        page.wait_for_timeout(250)
    assert mailed(page, to, subject) == 1


def log_in(page: Page, email: str) -> None:
    """Months later no session lives any more."""
    page.goto("/billing")
    expect(page).to_have_url(re.compile("/log-in"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a lantern over the harbour")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing")


def practise(page: Page) -> str:
    """Answer a question; the address of what came of it."""
    page.goto("/questions/idempotency-keys-01")
    page.locator("main form[action='/practice/start'] button").first.click()
    page.locator("textarea").fill(ANSWER)
    page.get_by_label("Fairly sure").check(force=True)
    page.get_by_role("button", name="Submit the answer").click()
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible(timeout=60_000)
    return page.url


def buys_on_the_third_last_day(page: Page, sandbox: Sandbox, pictures: Path) -> None:
    page.goto("/billing")
    page.get_by_role("link", name="Choose a plan").click()
    page.get_by_role("link", name="Choose monthly").click()
    expect(page.locator("main")).to_contain_text("on or about")
    look_at(page, pictures, "billing-checkout")
    page.get_by_role("button", name="Go to the payment page").click()
    sandbox.call("fail_deliveries", kind="duplicate")
    sandbox.call("order_deliveries", order="shuffle")
    pay(page, NEEDS_3D_SECURE)
    page.get_by_role("button", name="Complete authentication").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    look_at(page, pictures, "billing-return")
    page.goto("/billing")
    expect(page.locator("main")).to_contain_text("Subscribed, trial still running")
    expect(page.locator(".trial-pill")).to_have_count(0)
    look_at(page, pictures, "billing-subscribed")


def waits_until_the_trial_is_over_and_buys(page: Page) -> None:
    """Without JavaScript, and with nothing left to lose: charged at once, canceled with one click."""
    page.goto("/billing")
    expect(page.locator("main")).to_contain_text("Your seven days are over. What you made stays yours to read.")
    page.goto("/questions")
    expect(page).to_have_url(re.compile("/billing$"))
    page.get_by_role("link", name="Choose a plan").click()
    page.get_by_role("link", name="Choose quarterly").click()
    expect(page.locator("main")).to_contain_text("The first charge is made at once")
    page.get_by_role("button", name="Go to the payment page").click()
    pay(page, GOOD)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    page.goto("/billing")
    page.get_by_role("button", name="Cancel the subscription").click()
    expect(page.get_by_role("button", name="Keep the subscription")).to_be_visible()


def changes_the_plan(page: Page, pictures: Path) -> None:
    page.get_by_role("link", name="Change plan").click()
    page.get_by_role("link", name="Quarterly").click()
    expect(page.locator("main")).to_contain_text("Charged now")
    look_at(page, pictures, "billing-plan")
    charged = page.get_by_role("row", name=re.compile("^Charged now")).locator("td").inner_text()
    page.get_by_role("button", name="Change to quarterly").click()
    expect(page.locator("main")).to_contain_text(f"Quarterly, {spell(QUARTERLY.amount, QUARTERLY.currency)}")
    page.goto("/billing/invoices")
    expect(page.locator("#bills li").first).to_contain_text(charged)


def cannot_pay_at_the_renewal_and_finds_another_card(page: Page, sandbox: Sandbox, pictures: Path) -> None:
    change_card(page, FAILS_LATER)
    sandbox.advance(93 * DAY)
    log_in(page, ADA)
    shows(page, "/billing", "Update your card, and the unpaid bill is tried with it within a minute.")
    expect(banner(page)).to_contain_text("Everything stays open until")
    look_at(page, pictures, "billing-past-due")
    page.goto("/questions")
    expect(page).to_have_url(re.compile("/questions$"))
    change_card(page, GOOD)
    shows(page, "/billing", "Your subscription is active.")
    expect(banner(page)).to_have_count(0)


def cancels_and_keeps_it_and_cancels(page: Page, pictures: Path) -> None:
    page.get_by_role("button", name="Cancel the subscription").click()
    expect(banner(page)).to_contain_text("stays open until")
    look_at(page, pictures, "billing-canceled")
    page.get_by_role("button", name="Keep the subscription").click()
    expect(banner(page)).to_have_count(0)
    shows(page, "/billing", "Your subscription is active.")
    page.get_by_role("button", name="Cancel the subscription").click()
    expect(banner(page)).to_contain_text("stays open until")


def reads_and_no_longer_practises(page: Page, sandbox: Sandbox, made: str, pictures: Path) -> None:
    """On the last day with a question in front of her, and then the day after."""
    sandbox.advance(87 * DAY)
    log_in(page, ADA)
    expect(banner(page)).to_contain_text("stays open until")
    page.goto("/questions/idempotency-keys-01")
    sandbox.advance(6 * DAY)
    page.locator("main form[action='/practice/start'] button").first.click()
    expect(page).to_have_url(re.compile("/billing$"))
    expect(page.locator("main")).to_contain_text("Your subscription has ended. What you made stays yours to read.")
    expect(page.get_by_role("link", name="Choose a plan")).to_be_visible()
    look_at(page, pictures, "billing-ended")
    page.goto(made)
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Both nodes look the key up, both miss, and both charge")


def subscribes_again(page: Page) -> None:
    page.goto("/billing")
    page.get_by_role("link", name="Choose a plan").click()
    page.get_by_role("link", name="Choose monthly").click()
    expect(page.locator("main")).to_contain_text("The first charge is made at once")
    page.get_by_role("button", name="Go to the payment page").click()
    pay(page, GOOD)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    shows(page, "/billing", "Your subscription is active.")
    page.goto("/questions/idempotency-keys-01")
    page.locator("main form[action='/practice/start'] button").first.click()
    expect(page.locator("textarea")).to_be_visible()


def test_from_the_trial_to_the_end_of_a_subscription_and_to_a_new_one(buyer: Page, plain: Page, pictures: Path) -> None:
    buyer.goto("/")
    buyer.get_by_role("link", name="Pricing").first.click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Pricing")
    look_at(buyer, pictures, "pricing")
    join(buyer, ADA)
    join(plain, GRACE)
    sandbox = sandbox_of(buyer)
    buyer.goto("/billing")
    look_at(buyer, pictures, "billing-trial")

    sandbox.advance(4 * DAY + HOUR)
    for person in (ADA, GRACE):
        gets(buyer, person, "Three days are left of your trial")
    buys_on_the_third_last_day(buyer, sandbox, pictures)

    sandbox.advance(2 * DAY)
    gets(plain, GRACE, "Your trial ends tomorrow")
    sandbox.advance(2 * DAY)
    gets(plain, GRACE, "Your trial has ended")
    waits_until_the_trial_is_over_and_buys(plain)

    shows(buyer, "/billing", "Your subscription is active.")
    expect(buyer.get_by_role("link", name=re.compile("^Invoice")).first).to_be_visible()
    look_at(buyer, pictures, "billing-active")
    changes_the_plan(buyer, pictures)
    made = practise(buyer)
    for subject, times in (
        ("Three days are left of your trial", 1),
        ("Your trial ends tomorrow", 0),
        ("Your trial has ended", 0),
        ("Your subscription has started", 1),
        # The first month, and the rest of the quarter.
        ("Your payment was received", 2),
        ("Your plan was changed", 1),
    ):
        assert mailed(buyer, ADA, subject) == times, subject
    assert mailed(buyer, GRACE, "Three days are left of your trial") == 1

    cannot_pay_at_the_renewal_and_finds_another_card(buyer, sandbox, pictures)
    cancels_and_keeps_it_and_cancels(buyer, pictures)
    for subject in (
        "Your payment failed",
        "Your payment was received",
        "Your subscription is canceled",
        "Your subscription goes on",
    ):
        assert mailed(buyer, ADA, subject) == 1, subject

    reads_and_no_longer_practises(buyer, sandbox, made, pictures)
    gets(buyer, ADA, "Your subscription has ended")
    subscribes_again(buyer)
    gets(buyer, ADA, "Your subscription has started")
