"""The operator's desk in a browser: let in by the command line, who acts with a reason and finds it written down."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_billing import DAY, GOOD, pay, sandbox_of, shows
from tests.journeys.test_main_job import join, look_at

pytestmark = pytest.mark.journey

ADA, BOSS = "ada.pays@example.org", "boss@example.org"


@pytest.fixture
def ada(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    yield context.new_page()
    context.close()


@pytest.fixture
def boss(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def let_in(home: Path, email: str, role: str = "admin") -> None:
    """As the operator does it, on the database of the running product."""
    password = (home / "postgres" / "password").read_text().strip()
    port = (home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[3]
    url = f"postgresql+psycopg://lift:{password}@127.0.0.1:{port}/lift"
    command = [sys.executable, "-m", "lift.cli", "admin", "grant", email, "--role", role]
    subprocess.run(command, env={**os.environ, "LIFT_DATABASE_URL": url, "LIFT_HOME": str(home)}, check=True)


def test_an_operator_helps_a_subscriber_and_every_act_is_written_down(
    ada: Page, boss: Page, home: Path, pictures: Path
) -> None:
    join(ada, ADA)
    ada.goto("/billing/checkout?plan=lift_monthly_usd")
    ada.get_by_role("button", name="Go to the payment page").click()
    pay(ada, GOOD)
    sandbox_of(ada).advance(8 * DAY)
    shows(ada, "/billing", "Your subscription is active.")
    join(boss, BOSS)
    for stranger in (ada, boss):
        answer = stranger.goto("/desk")
        assert answer is not None
        assert answer.status == 404

    let_in(home, BOSS)
    boss.goto("/account")
    boss.get_by_text("Account", exact=True).first.click()
    boss.get_by_role("link", name="Desk").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("Desk")
    look_at(boss, pictures, "desk")
    boss.get_by_role("link", name="Numbers").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("Numbers")
    look_at(boss, pictures, "desk-numbers")

    boss.goto("/desk")
    boss.get_by_label("Account, by address or id").fill(ADA)
    boss.get_by_role("button", name="Open").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text(ADA)
    look_at(boss, pictures, "desk-account")
    give = boss.get_by_role("region", name="Give full access")
    give.get_by_label("Reason").fill("lost two days to our outage")
    give.get_by_role("button", name="Give access").click()
    expect(boss.locator(".flashes")).to_have_text("Done, and written down.")
    expect(boss.locator("main")).to_contain_text("decision: comped")

    back = boss.get_by_role("region", name="Refund")
    back.get_by_label("Amount").fill("14,50")
    back.get_by_label("Reason").fill("half of the month")
    back.get_by_role("button", name="Give it back").click()
    expect(back.get_by_label("Amount")).to_have_value("14,50")
    expect(back.get_by_label("Reason")).to_have_value("half of the month")
    expect(back).to_contain_text("Write digits and a point, such as 29.00")
    look_at(boss, pictures, "desk-refund-refused")
    back.get_by_label("Amount").fill("14.50")
    back.get_by_role("button", name="Give it back").click()
    expect(boss.locator(".flashes")).to_have_text("Given back: 14.50 USD. It is written down.")
    look_at(boss, pictures, "desk-account-helped")

    boss.get_by_role("link", name="Desk").first.click()
    boss.get_by_role("link", name="Event inbox").click()
    look_at(boss, pictures, "desk-events")
    boss.get_by_role("link", name=re.compile("^Replay")).first.click()
    boss.get_by_label("Reason").fill("to be sure")
    boss.get_by_role("button", name="Replay").click()
    expect(boss.locator(".flashes")).to_have_text("The event is worked once more.")

    boss.get_by_role("link", name="Audit").click()
    for reason in ("lost two days to our outage", "half of the month", "to be sure", "lift admin grant"):
        expect(boss.locator("main")).to_contain_text(reason)
    look_at(boss, pictures, "desk-audit")


def test_an_account_is_given_up_and_kept_after_all(ada: Page, pictures: Path) -> None:
    page = ada
    join(page, "ada.leaves@example.org")
    page.goto("/account")
    page.get_by_role("link", name="Delete your account").click()
    look_at(page, pictures, "delete")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator("main")).to_contain_text("Write your password.")
    page.get_by_label("Your password").fill("a lantern over the harbour")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account will be deleted")
    look_at(page, pictures, "delete-asked")
    page.goto("/home")
    look_at(page, pictures, "home-leaving")
    page.get_by_role("complementary", name="Your account").get_by_role("button", name="Keep my account").click()
    expect(page.locator(".flashes")).to_have_text("Your account stays, with everything in it.")
    expect(page.get_by_role("complementary", name="Your account")).to_have_count(0)
