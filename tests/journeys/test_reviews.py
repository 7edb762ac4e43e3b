"""From a search to a question that is verified, and 24 months on to one that no longer is: two who report, two who review.

The product stands behind a proxy here, as it does in production, so that people come from networks of their own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lift.questions.exchange import Format
from tests.journeys.conftest import running
from tests.journeys.test_billing import DAY, sandbox_of
from tests.journeys.test_desk import let_in
from tests.journeys.test_main_job import join, look_at
from tests.questions.sheets import a_file, a_row

pytestmark = pytest.mark.journey

BANK = "/question-bank/competencies/idempotency-keys"
WORDS = "Two requests with the same idempotency key reached two nodes at once and the customer was charged twice."
STYLED = (
    "A courier reads a paper map of a city. Fold it so that it is never opened twice on one tour, and say how you "
    "would measure that."
)
Person = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reviews")


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with running(home, LIFT_PROXY_COUNT="1") as address:
        yield address


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[Person]:
    """Opens a browser of somebody at an address of their own; signs up where a mail address is given."""
    with ExitStack() as closing:

        def open_browser(network: str, email: str = "") -> Page:
            context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
            closing.callback(context.close)
            page = context.new_page()
            if email:
                # Mails are read on this machine itself, and nowhere else.
                join(page, email)
            context.set_extra_http_headers({"X-Forwarded-For": network})
            return page

        yield open_browser


def says(page: Page, address: str, words: str | re.Pattern[str]) -> None:
    """The page says so within a while: workers count, and beat looks at the clock that was moved."""
    for _ in range(60):
        page.goto(address)
        if re.search(words, " ".join(page.locator("main").inner_text().split())):
            return
        page.wait_for_timeout(1_000)
    expect(page.locator("main")).to_contain_text(words)


def fill_in(page: Page, *, months_ago: int) -> str:
    """The loop of a report; the month that was chosen."""
    page.get_by_label("Level of the loop").select_option("63/64")
    page.get_by_label("Round").select_option("system-design")
    months = page.get_by_label("Month of the loop")
    months.select_option(index=1 + months_ago)
    return str(months.evaluate("select => select.selectedOptions[0].label"))


def send(page: Page) -> None:
    page.get_by_role("button", name="Look at it before sending").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is what will be stored")
    page.get_by_label("It is in my own words").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Passed the checks|Corroborated"))


def search_and_refine(page: Page, slug: str) -> None:
    page.goto("/questions?q=idempotency+key+charged+twice")
    page.locator("input[type=checkbox][name=level][value=senior]").check()
    expect(page).to_have_url(re.compile("level=senior"))
    page.locator(f"a[href='/questions/{slug}']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mobile clients retry our payment call")


def report_in_own_words(page: Page, slug: str) -> str:
    """Another question than the one that was picked; while it is written what is near is shown, and it is this one."""
    page.get_by_role("link", name="I was asked this").click()
    page.get_by_label("Company").select_option("microsoft")
    page.get_by_label("Role").select_option("backend-engineer")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="No, it was another one").click()
    page.get_by_label("What you were asked, in your own words").press_sequentially(WORDS)
    page.locator(f"button[name=pick][value={slug}]").click()
    expect(page.get_by_role("heading", name="You were asked this")).to_be_visible()
    month = fill_in(page, months_ago=1)
    send(page)
    return month


def test_a_new_question_is_worded_a_request_answered_and_a_file_imported(
    person: Person, home: Path, pictures: Path
) -> None:
    ada = person("203.0.113.8", "ada.invents@example.org")
    ada.goto("/reports/new?company=microsoft&role=backend-engineer")
    ada.get_by_label("What you were asked, in your own words").fill(
        "Fold a paper map of a city so that a courier never opens it twice, and say how you would measure that."
    )
    fill_in(ada, months_ago=1)
    send(ada)
    ada.goto("/take-down/idempotency-keys-02")
    ada.get_by_label("Your name").fill("Grace")
    ada.get_by_label("E-mail address for our answer").fill("grace@example.org")
    ada.get_by_label("Why it should be taken down").fill("It is from our own guide.")
    ada.locator("main form button[type=submit]").click()

    boss = person("192.0.2.9", "boss.reviews@example.org")
    let_in(home, "boss.reviews@example.org")
    word_a_question(boss, pictures)
    answer_a_request(boss, pictures)
    import_a_file(boss, pictures)


def word_a_question(page: Page, pictures: Path) -> None:
    page.goto("/desk/reviews")
    page.get_by_role("link", name=re.compile("^Fold a paper map")).click()
    page.get_by_role("link", name="Put it into house style").click()
    words = page.get_by_label("The question")
    words.fill(STYLED)
    page.get_by_role("button", name="Keep this wording").click()
    words.fill(STYLED.replace("never", "hardly ever"))
    page.get_by_role("button", name="Keep this wording").click()
    expect(page.locator(".changes ins").first).to_contain_text("hardly ever")
    look_at(page, pictures, "wording")
    page.get_by_role("link", name="Make it a question of the bank").click()
    look_at(page, pictures, "house")
    page.get_by_role("button", name="Put it into the bank").click()
    expect(page.get_by_role("alert")).to_contain_text("TODO stands here")
    look_at(page, pictures, "house-refused")


def answer_a_request(page: Page, pictures: Path) -> None:
    page.goto("/desk/reviews/takedowns")
    page.locator(".queue a").first.click()
    look_at(page, pictures, "take-down-request")
    page.get_by_label("Keep the question").check(force=True)
    page.get_by_label("Answer, as it is mailed").fill("We wrote it ourselves, from public documents.")
    page.get_by_role("button", name="Decide and mail the answer").click()
    expect(page.locator(".flashes")).to_have_text("Kept, and the answer is mailed.")


def import_a_file(page: Page, pictures: Path) -> None:
    page.goto("/desk/questions")
    look_at(page, pictures, "desk-questions")
    for name, rows in (("wrong", [a_row(), a_row(91, minutes=0)]), ("new", [a_row()])):
        page.goto("/desk/questions")
        file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": a_file(*rows, form=Format.CSV)}
        page.get_by_label("File", exact=True).set_input_files([file])
        page.get_by_role("button", name="Look at it first").click()
        look_at(page, pictures, f"import-{name}")
    page.get_by_label("Reason").fill("from the workshop")
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.locator(".flashes")).to_have_text("Imported, and written down.")
    look_at(page, pictures, "import-done")
    page.goto("/questions/idempotency-keys-90")
    expect(page.get_by_role("heading", level=1)).to_have_text(a_row()["prompt"])


def test_a_question_is_reported_corroborated_verified_and_in_time_only_editorial_again(
    person: Person, home: Path, pictures: Path
) -> None:
    visitor = person("192.0.2.77", "")
    visitor.goto(BANK)
    expect(visitor.locator(".sample").first).to_contain_text("Editorial")
    expect(visitor.locator("main")).not_to_contain_text("Reported")

    slug = "idempotency-keys-01"
    ada = person("203.0.113.7", "ada.reports@example.org")
    search_and_refine(ada, slug)
    month = report_in_own_words(ada, slug)
    says(visitor, BANK, f"Reported · 1 report · last seen {month}")

    bob = person("198.51.100.9", "bob.reports@example.org")
    bob.goto(f"/reports/new?question={slug}&company=microsoft&role=backend-engineer")
    fill_in(bob, months_ago=2)
    send(bob)
    says(visitor, BANK, f"Corroborated · 2 reports · last seen {month}")

    rita, sam = (person(f"192.0.2.{number}", f"{name}@example.org") for number, name in ((1, "rita"), (2, "sam")))
    for email in ("rita@example.org", "sam@example.org"):
        let_in(home, email, role="reviewer")
    verify_by_keyboard(rita, pictures)
    expect(rita.locator(".flashes")).to_contain_text("A further reviewer is needed")
    verify_as_plain_form(sam)
    expect(sam.locator(".flashes")).to_contain_text("Verified.")
    says(visitor, BANK, f"Verified · 2 reports · last seen {month}")
    says(ada, f"/questions/{slug}", f"Verified · 2 reports · last seen {month}")

    look_around(rita, pictures)

    sandbox_of(ada).advance(800 * DAY)
    says(visitor, BANK, f"Editorial · Reported until {month}; no report of the last 24 months")
    assert "Verified ·" not in visitor.locator("main").inner_text()


def verify_by_keyboard(page: Page, pictures: Path) -> None:
    page.goto("/desk/reviews")
    look_at(page, pictures, "reviews")
    page.keyboard.press("?")
    expect(page.get_by_text("take the last decision back")).to_be_visible()
    page.get_by_role("button", name="Turn single keys off").click()
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile("/desk/reviews$"))
    page.get_by_role("button", name="Turn single keys on").click()
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile("/desk/reviews/reports/.*#verify$"))
    agree = page.get_by_label("The reports agree on what was asked.")
    expect(agree).to_be_focused()
    page.keyboard.press("Space")
    look_at(page, pictures, "review")
    agree.focus()
    page.keyboard.press("Enter")


def verify_as_plain_form(page: Page) -> None:
    page.goto("/desk/reviews")
    page.locator(".queue-row", has_text="second reviewer").get_by_role("link").click()
    page.get_by_label("The reports agree on what was asked.").check()
    page.get_by_role("button", name="Verify").click()


def look_around(page: Page, pictures: Path) -> None:
    for address, name in (
        ("/desk/reviews?state=decided", "reviews-decided"),
        ("/desk/reviews/takedowns", "takedowns"),
        ("/desk/reviews/problems", "problems"),
        ("/desk/reviews/agreement", "agreement"),
        ("/desk/reviews/questions/idempotency-keys-01", "question-edit"),
    ):
        page.goto(address)
        look_at(page, pictures, name)
