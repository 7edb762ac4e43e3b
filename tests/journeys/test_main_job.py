"""Visit, sign up, read the mail, verify, search, practise, read the debrief, log out; every page is looked at by axe."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
  () => Promise.allSettled(document.getAnimations().map(one => one.finished)).then(done))))"""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ANSWER = (
    "Both nodes look the key up, both miss, and both charge: that is a check then act race, so a lookup in Redis decides "
    "nothing. I would insert the key under a unique constraint before the charge, so exactly one request wins. The loser "
    "polls for the stored result of the winner or answers 409 with a retry hint, and it never charges."
)


def look_at(page: Page, pictures: Path, name: str) -> None:
    """Axe on the page in both modes and widths, with a picture of each; nothing may scroll sideways."""
    for scheme in ("light", "dark"):
        for width in (375, 1280):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            # A change of colours may be on its way: axe looks when it has come to rest.
            page.evaluate(SETTLED)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                f"{name} scrolls at {width}"
            )
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
            page.screenshot(path=pictures / f"{name}-{scheme}-{width}.png", full_page=True)
            assert found.response["violations"] == [], f"{name} {scheme} {width}: {found.generate_report()}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


def sign_up(page: Page, pictures: Path, email: str) -> None:
    page.goto("/")
    look_at(page, pictures, "landing")
    page.goto("/sign-up")
    look_at(page, pictures, "sign-up")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a lantern over the harbour")
    page.locator("main form button[type=submit]").click()
    look_at(page, pictures, "check-your-mail")


def verify(page: Page, pictures: Path, email: str) -> None:
    page.goto("/dev/mail")
    look_at(page, pictures, "mailbox")
    page.locator("main a", has_text=re.compile("confirm|verify", re.IGNORECASE)).first.click()
    look_at(page, pictures, "mail")
    page.locator("main a[href*='/verify/']").first.click()
    look_at(page, pictures, "verify")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".trial-pill, .trial").first).to_contain_text("left")


def practise(page: Page, pictures: Path) -> None:
    page.goto("/questions?q=idempotency")
    look_at(page, pictures, "search")
    page.goto("/questions/idempotency-keys-01")
    look_at(page, pictures, "question")
    page.locator("main form[action='/practice/start'] button").first.click()
    look_at(page, pictures, "answer")
    page.locator("textarea").fill(ANSWER)
    page.get_by_label("Fairly sure").check(force=True)
    page.get_by_role("button", name="Submit the answer").click()
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible(timeout=60_000)


def test_the_main_job_from_visit_to_debrief(page: Page, pictures: Path) -> None:
    sign_up(page, pictures, "ada@example.org")
    verify(page, pictures, "ada@example.org")
    for address, name in (
        ("/home", "home"),
        ("/onboarding", "onboarding"),
        ("/account", "account"),
        ("/practice", "practice"),
    ):
        page.goto(address)
        look_at(page, pictures, name)
    practise(page, pictures)
    look_at(page, pictures, "debrief")
    quotes = page.locator("mark.covered, mark.partly").all_inner_texts()
    assert quotes
    assert all(quote in ANSWER for quote in quotes)
    page.get_by_role("button", name="Answer again").click()
    page.locator("textarea").fill(
        ANSWER
        + " I would pass the same key on to the card processor, so a retry after our own crash cannot charge again."
    )
    page.get_by_label("Certain").check(force=True)
    page.get_by_role("button", name="Submit the answer").click()
    expect(page.get_by_text("Against your last try")).to_be_visible(timeout=60_000)
    look_at(page, pictures, "debrief-again")
    page.goto("/notices")
    look_at(page, pictures, "notices")
    page.goto("/account")
    page.locator("form[action='/log-out'] button").first.evaluate("button => button.form.requestSubmit()")
    page.wait_for_url(re.compile(r"/(log-in)?$"))
    page.goto("/home")
    expect(page).to_have_url(re.compile("/log-in"))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/question-bank", "bank"),
        ("/question-bank/microsoft/backend-engineer", "bank-microsoft"),
        ("/question-bank/google/backend-engineer", "bank-google"),
        ("/log-in", "log-in"),
        ("/forgot", "forgot"),
        ("/privacy", "privacy"),
        ("/terms", "terms"),
        ("/scoring", "scoring"),
        ("/no-such-page", "error-404"),
    ],
)
def test_a_public_page_is_clean_in_both_modes_and_widths(page: Page, pictures: Path, address: str, name: str) -> None:
    page.goto(address)
    look_at(page, pictures, name)


def test_the_journey_works_without_javascript(browser, site: str) -> None:  # type: ignore[no-untyped-def]  # playwright's Browser, see conftest
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/question-bank/microsoft/backend-engineer")
    expect(page.locator("h1")).to_contain_text("Microsoft")
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill("not an address")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_label("E-mail")).to_have_value("not an address")
    context.close()


def join(page: Page, email: str) -> None:
    """Sign up and confirm, without looking around."""
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a lantern over the harbour")
    page.locator("main form button[type=submit]").click()
    page.goto("/dev/mail")
    page.locator("main a", has_text=re.compile("confirm|verify", re.IGNORECASE)).first.click()
    page.locator("main a[href*='/verify/']").first.click()
    page.locator("main form button[type=submit]").first.click()


def start(page: Page) -> str:
    """Begin a question; the address of its form."""
    page.goto("/questions/idempotency-keys-01")
    page.locator("main form[action='/practice/start'] button").first.click()
    expect(page.locator("textarea")).to_be_visible()
    return page.url


def submit(page: Page) -> None:
    page.get_by_label("Fairly sure").check(force=True)
    page.get_by_role("button", name="Submit the answer").click()


def test_no_failure_on_the_way_takes_a_word_and_the_server_has_them_before_the_submission(page: Page) -> None:
    join(page, "grace@example.org")
    form = start(page)
    page.locator("textarea").fill("Half a thought")
    expect(page.locator("[data-autosave-note]")).to_have_text("Saved", timeout=15_000)
    page.route("**/save", lambda route: route.abort())
    page.locator("textarea").fill(ANSWER)
    expect(page.locator("[data-autosave-note]")).to_contain_text("this tab keeps the text", timeout=15_000)
    # A form that is too old, a page without the field, and back.
    page.evaluate("document.querySelector('main [name=csrf_token]').value = 'stale'")
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("could not be read")
    page.goto("/account")
    page.goto(form)
    expect(page.locator("textarea")).to_have_value(ANSWER)
    page.unroute("**/save")
    submit(page)
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible(timeout=60_000)
    assert page.evaluate("Object.keys(sessionStorage).filter(name => name.startsWith('draft:'))") == []


def test_words_that_were_saved_from_two_places_are_both_kept(page: Page) -> None:
    join(page, "edsger@example.org")
    form = start(page)
    page.route("**/save", lambda route: route.abort())
    page.locator("textarea").fill("written in this tab")
    expect(page.locator("[data-autosave-note]")).to_contain_text("this tab keeps the text", timeout=15_000)
    page.unroute("**/save")
    other = page.context.new_page()
    other.goto(form)
    other.locator("textarea").fill("written elsewhere")
    other.get_by_role("button", name="Save for later").click()
    expect(other.get_by_text("It waits for you")).to_be_visible()
    page.goto(form)
    expect(page.locator("textarea")).to_have_value("written elsewhere\n\nwritten in this tab")


def test_from_the_question_to_the_debrief_without_javascript(browser, site: str) -> None:  # type: ignore[no-untyped-def]  # playwright's Browser, see conftest
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    join(page, "barbara@example.org")
    start(page)
    page.locator("textarea").fill(ANSWER)
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_text("It waits for you")).to_be_visible()
    expect(page.locator("textarea")).to_have_value(ANSWER)
    submit(page)
    # The page looks again by itself.
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible(timeout=60_000)
    context.close()
