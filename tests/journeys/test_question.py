"""A question's page from first look to report: hints one by one, practise, back with attempts, explain, improve, report."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_main_job import ANSWER, join, look_at, submit

pytestmark = pytest.mark.journey

QUESTION = "/questions/idempotency-keys-01"
SENTENCE = "I think we could maybe just insert the key under a unique constraint, which is basically robust."


def take_hint(page: Page, rung: int) -> None:
    page.get_by_role("button", name=re.compile("Take (a|the next) hint")).click()
    expect(page.locator(f"#hint-{rung}")).to_be_visible()
    expect(page.locator(".rungs > li")).to_have_count(rung)


def focused(page: Page) -> str:
    """The id of whatever has the keyboard."""
    return str(page.evaluate("document.activeElement.closest('[id]')?.id"))


def answer_it(page: Page, text: str) -> None:
    page.locator("main form[action='/practice/start'] button").first.click()
    page.locator("textarea").fill(text)
    submit(page)
    expect(page.get_by_role("heading", name="What an interviewer listened for")).to_be_visible(timeout=60_000)


def improve(page: Page, sentence: str) -> None:
    page.get_by_label("One or two sentences of your answer").fill(sentence)
    page.get_by_role("button", name="Improve it").click()
    expect(page.locator("#improve .skeleton")).to_be_visible()
    expect(page.get_by_label("One or two sentences of your answer")).to_have_value(sentence)


def report_problem(page: Page) -> None:
    page.get_by_text("Report a problem").click()
    page.get_by_label("It is unclear").check(force=True)
    page.get_by_label("Say it in a sentence or two").fill("It does not say who retries.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".flashes")).to_contain_text("the report is with us")


def test_from_the_first_hint_to_the_explained_point(page: Page, pictures: Path) -> None:
    join(page, "margaret@example.org")
    page.goto(QUESTION)
    expect(page.locator(".rungs")).to_have_count(0)
    expect(page.get_by_role("heading", name="A model answer, in short")).to_have_count(0)
    for rung in (1, 2, 3):
        take_hint(page, rung)
        assert focused(page) == f"hint-{rung}"
    look_at(page, pictures, "question-hints")
    answer_it(page, ANSWER)
    page.goto(QUESTION)
    expect(page.locator(".attempts > li")).to_have_count(1)
    expect(page.locator(".attempts")).to_contain_text("with 3 hints")
    expect(page.get_by_role("heading", name="A model answer, in short")).to_be_visible()
    page.get_by_role("button", name=re.compile("Explain this point")).first.click()
    expect(page.locator("#point-1 .explanation")).to_contain_text("It is a must")
    assert focused(page) == "point-1"
    improve(page, SENTENCE)
    expect(page.locator("#improve .skeleton")).to_contain_text("We insert the key under a unique constraint")
    look_at(page, pictures, "question-open")
    report_problem(page)
    look_at(page, pictures, "question-reported")
    answer_it(
        page, ANSWER + " I would pass the key on to the card processor, so a retry after a crash cannot charge again."
    )
    page.goto(QUESTION)
    expect(page.locator(".attempts > li")).to_have_count(2)
    expect(page.locator(".attempts > li").first).to_contain_text("the try before")
    look_at(page, pictures, "question-again")
    page.goto("/notices")
    expect(page.get_by_text("We have your report of a problem")).to_be_visible()


def test_a_refused_sentence_says_why_and_is_kept_for_another_try(page: Page, pictures: Path) -> None:
    join(page, "adele@example.org")
    page.goto(QUESTION)
    page.get_by_label("One or two sentences of your answer").fill("It is.")
    page.get_by_role("button", name="Improve it").click()
    expect(page.locator("#improve [role=alert]")).to_contain_text("too little")
    expect(page.get_by_label("One or two sentences of your answer")).to_have_value("It is.")
    look_at(page, pictures, "question-refused")


def test_the_whole_page_works_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    join(page, "mary@example.org")
    page.goto(QUESTION)
    for rung in (1, 2, 3, 4):
        take_hint(page, rung)
        expect(page).to_have_url(re.compile(f"#hint-{rung}$"))
    expect(page.get_by_text("These were all the hints")).to_be_visible()
    page.get_by_role("button", name="Show them now").click()
    expect(page).to_have_url(re.compile("#answers$"))
    page.get_by_role("button", name=re.compile("Explain this point")).nth(1).click()
    expect(page).to_have_url(re.compile("#point-2$"))
    expect(page.locator("#point-2 .explanation")).to_be_visible()
    improve(page, SENTENCE)
    report_problem(page)
    context.close()
