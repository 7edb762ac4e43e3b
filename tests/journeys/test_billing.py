"""From the trial over a checkout with 3-D Secure to a plan change, a cancellation and its undoing, on the sandbox."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from billing.plans import PLANS, spell
from tests.journeys.test_main_job import join, look_at

(YEARLY,) = [plan for plan in PLANS if plan.key == "lift_yearly_usd"]

pytestmark = pytest.mark.journey

GOOD = "4242424242424242"
NEEDS_3D_SECURE = "4000002500003155"
FAILS_LATER = "4000000000000341"
DAY = 86_400


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


def control(sandbox: str, call: str, **arguments: object) -> None:
    request = urllib.request.Request(
        f"{sandbox}/_sandbox/{call}", json.dumps(arguments).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        assert reply.status == 200


def shows(page: Page, address: str, words: str, tries: int = 30) -> None:
    """The page says so soon: what the provider tells is worked by a worker meanwhile."""
    for _ in range(tries):
        page.goto(address)
        if page.locator("main", has_text=words).count():
            return
        page.wait_for_timeout(1000)
    expect(page.locator("main")).to_contain_text(words)


def pay(page: Page, number: str) -> str:
    """Fill in the hosted page; the sandbox's address."""
    expect(page.get_by_role("banner")).to_have_text("Sandbox. No card is charged.")
    at = urlsplit(page.url)
    page.get_by_label("Country").select_option("US")
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Name on card").fill("Ada Lovelace")
    page.get_by_role("button", name=re.compile("^(Pay|Start the trial)")).click()
    return f"{at.scheme}://{at.netloc}"


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


# First, because the other one moves the sandbox's clock ahead, and it only goes forward.
def test_a_subscription_is_bought_and_canceled_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    join(page, "grace.buys@example.org")
    page.goto("/billing/checkout?plan=lift_quarterly_eur")
    page.get_by_role("button", name="Go to the payment page").click()
    pay(page, GOOD)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    page.goto("/billing")
    page.get_by_role("button", name="Cancel the subscription").click()
    expect(page.get_by_role("button", name="Keep the subscription")).to_be_visible()
    context.close()


def test_from_the_trial_to_a_subscription_that_is_changed_kept_and_paid_after_all(buyer: Page, pictures: Path) -> None:
    page = buyer
    page.goto("/")
    page.get_by_role("link", name="Pricing").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pricing")
    look_at(page, pictures, "pricing")
    join(page, "ada.buys@example.org")
    page.goto("/billing")
    look_at(page, pictures, "billing-trial")
    page.get_by_role("link", name="Choose a plan").click()
    page.get_by_role("link", name="Choose monthly").click()
    expect(page.locator("main")).to_contain_text("on or about")
    look_at(page, pictures, "billing-checkout")
    page.get_by_role("button", name="Go to the payment page").click()

    # While its webhooks come twice and in any order.
    sandbox = pay(page, NEEDS_3D_SECURE)
    control(sandbox, "fail_deliveries", kind="duplicate")
    control(sandbox, "order_deliveries", order="shuffle")
    page.get_by_role("button", name="Complete authentication").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    look_at(page, pictures, "billing-return")
    page.goto("/billing")
    expect(page.locator("main")).to_contain_text("Subscribed, trial still running")
    expect(page.locator(".trial-pill")).to_have_count(0)
    look_at(page, pictures, "billing-subscribed")

    page.get_by_role("link", name="Change plan").click()
    page.get_by_role("link", name="Yearly").click()
    expect(page.locator("main")).to_contain_text("Charged now")
    look_at(page, pictures, "billing-plan")
    page.get_by_role("button", name="Change to yearly").click()
    expect(page.locator("main")).to_contain_text(f"Yearly, {spell(YEARLY.amount, YEARLY.currency)}")

    control(sandbox, "advance", by=8 * DAY)
    shows(page, "/billing", "Your subscription is active.")
    expect(page.get_by_role("link", name=re.compile("^Invoice")).first).to_be_visible()
    look_at(page, pictures, "billing-active")

    page.get_by_role("button", name="Cancel the subscription").click()
    expect(page.get_by_role("complementary", name="Your subscription")).to_contain_text("stays open until")
    look_at(page, pictures, "billing-canceled")
    page.get_by_role("button", name="Keep the subscription").click()
    expect(page.get_by_role("complementary", name="Your subscription")).to_have_count(0)
    shows(page, "/billing", "Your subscription is active.")

    change_card(page, FAILS_LATER)
    control(sandbox, "advance", by=366 * DAY)
    shows(page, "/billing", "Update your card, and the unpaid bill is tried again with it.")
    expect(page.get_by_role("complementary", name="Your subscription")).to_contain_text("Everything stays open until")
    look_at(page, pictures, "billing-past-due")
    change_card(page, GOOD)
    shows(page, "/billing", "Your subscription is active.")
    expect(page.get_by_role("complementary", name="Your subscription")).to_have_count(0)

    for subject in (
        "Your subscription has started",
        "Your plan was changed",
        "Your subscription is canceled",
        "Your subscription goes on",
        "Your payment failed",
    ):
        assert mailed(page, "ada.buys@example.org", subject) == 1, subject
    # One for the first year and one for the second.
    assert mailed(page, "ada.buys@example.org", "Your payment was received") == 2
