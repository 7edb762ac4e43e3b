"""Two people who were asked the same, in a browser: reported, near-duplicate found, corroborated, and 24 months later.

The site is one of its own: it stands behind a proxy, so that two networks can be told apart, and its time moves far.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import running
from tests.journeys.test_billing import DAY, sandbox_of, shows
from tests.journeys.test_main_job import join, look_at

pytestmark = pytest.mark.journey

SLUG = "retry-policy-and-backoff-01"
PUBLIC = "/question-bank/competencies/retry-policy-and-backoff"
WORDS = "Three layers each retry three times without waiting when the database stalls. How much load arrives?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with running(home, LIFT_PROXY_COUNT="1") as address:
        yield address


@pytest.fixture
def ada(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def bob(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def comes_from(page: Page, address: str) -> None:
    """From here on; the mailbox before was only for this host."""
    page.set_extra_http_headers({"X-Forwarded-For": address})


def says_when(page: Page, months_ago: int) -> None:
    page.get_by_label("Level of the loop").select_option("63/64")
    page.get_by_label("Round").select_option("system-design")
    page.get_by_label("Month of the loop").select_option(index=1 + months_ago)


def sends(page: Page) -> None:
    page.get_by_label("It is in my own words").check()
    page.get_by_role("button", name="Send the report").click()


def reports_a_question_of_the_bank(page: Page, pictures: Path) -> str:
    page.goto("/questions?q=gateway+attempts+pause+stalls")
    page.locator(f"a[href='/questions/{SLUG}']").first.click()
    expect(page.locator("main")).to_contain_text("Written by us, for practice")
    page.get_by_role("link", name="I was asked this").click()
    look_at(page, pictures, "report-where")
    page.get_by_label("Company").select_option("microsoft")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="You were asked this")).to_be_visible()
    look_at(page, pictures, "report-picked")
    says_when(page, 1)
    page.get_by_role("button", name="Look at it before sending").click()
    sends(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed the checks")
    expect(page.locator("main")).to_contain_text("everything is open to you until")
    look_at(page, pictures, "report-screened")
    return page.url


def finds_that_it_is_in_the_bank(page: Page, pictures: Path) -> None:
    page.goto("/reports/new?company=microsoft&role=backend-engineer")
    words = page.get_by_label("What you were asked, in your own words")
    words.press_sequentially(f"My interviewer Jane Doe asked: {WORDS}")
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    expect(page.locator("#report-near")).to_contain_text("This will be masked")
    look_at(page, pictures, "report-near")
    page.reload()
    expect(words).to_have_value(f"My interviewer Jane Doe asked: {WORDS}")
    page.locator(f"button[name=pick][value={SLUG}]").click()
    expect(page.get_by_role("heading", name="You were asked this")).to_be_visible()
    says_when(page, 2)
    page.get_by_role("button", name="Look at it before sending").click()
    expect(page.locator("main")).to_contain_text("My interviewer [name] asked: Three layers")
    look_at(page, pictures, "report-check")
    sends(page)


def test_two_people_report_one_question_and_after_24_months_it_says_so_no_longer(
    ada: Page, bob: Page, pictures: Path
) -> None:
    join(ada, "ada.reports@example.org")
    join(bob, "bob.reports@example.org")
    comes_from(ada, "203.0.113.7")
    comes_from(bob, "198.51.100.7")
    first = reports_a_question_of_the_bank(ada, pictures)
    shows(bob, PUBLIC, "Reported · 1 report")
    finds_that_it_is_in_the_bank(bob, pictures)
    expect(bob.get_by_role("heading", level=1)).to_have_text("Corroborated")
    ada.goto(first)
    expect(ada.get_by_role("heading", level=1)).to_have_text("Corroborated")
    expect(ada.locator(".trail")).to_contain_text("A second report supports it")
    look_at(ada, pictures, "report-corroborated")
    ada.goto("/reports")
    look_at(ada, pictures, "reports")
    shows(ada, PUBLIC, "Corroborated · 2 reports · last seen")
    sandbox_of(ada).advance(25 * 31 * DAY)
    ada.context.clear_cookies()
    # All that falls due in two years is worked first.
    shows(ada, PUBLIC, "no report of the last 24 months", tries=240)
    expect(ada.locator("main")).to_contain_text("was corroborated until its reports were older than 24 months")


@pytest.mark.parametrize(
    ("address", "name"), [("/provenance", "provenance"), (f"/take-down/{SLUG}", "take-down"), (PUBLIC, "competency")]
)
def test_public_pages_of_reports_are_clean(page: Page, pictures: Path, address: str, name: str) -> None:
    page.goto(address)
    look_at(page, pictures, name)


def test_a_report_is_made_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    join(page, "nora.reports@example.org")
    page.goto("/reports/new?company=microsoft&role=backend-engineer")
    page.get_by_label("What you were asked, in your own words").fill(WORDS)
    page.get_by_role("button", name="Keep the draft").click()
    says_when(page, 0)
    page.get_by_role("button", name="Look at it before sending").click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    page.get_by_role("button", name=re.compile("^It is this one")).first.click()
    sends(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Passed the checks|Corroborated"))
    context.close()
