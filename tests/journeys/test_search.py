"""Search, refine, go back, save to a list and search within it: with a mouse, on a phone, and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.test_main_job import join, look_at

pytestmark = pytest.mark.journey


def count(page: Page) -> Locator:
    """How many questions match, as a screen reader is told."""
    return page.locator("#search-count")


def number(page: Page) -> int:
    return int(re.sub(r"\D", "", count(page).inner_text()))


def choice(page: Page, facet: str, value: str) -> Locator:
    return page.locator(f"input[type=checkbox][name={facet}][value='{value}']")


def test_from_words_to_a_list_and_back_again(page: Page, pictures: Path) -> None:
    join(page, "radia@example.org")
    page.goto("/questions")
    every = number(page)
    page.get_by_label("Words").fill("customer")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url(re.compile(r"/questions\?q=customer$"))
    with_words = number(page)
    assert 0 < with_words < every

    # Refined without leaving the page: the address, the count and the keyboard's place follow.
    microsoft = choice(page, "company", "microsoft")
    promised = int(page.locator("label", has=microsoft).locator(".facet-count").inner_text().split()[0])
    microsoft.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"\?q=customer&company=microsoft$"))
    expect(count(page)).to_contain_text(str(promised))
    expect(microsoft).to_be_focused()
    expect(page.locator("label", has=choice(page, "level", "senior"))).to_contain_text("63/64")
    look_at(page, pictures, "search-refined")

    # A company's own code is taken, its field is empty again, and the choice can be taken back.
    page.get_by_label("A company’s own code").fill("63")
    page.keyboard.press("Enter")
    expect(choice(page, "level", "senior")).to_be_checked()
    expect(page.get_by_label("A company’s own code")).to_have_value("")
    page.get_by_role("link", name=re.compile("Senior SE .*: remove")).click()
    expect(choice(page, "level", "senior")).not_to_be_checked()
    expect(count(page)).to_contain_text(str(promised))
    expect(count(page)).to_be_focused()

    page.go_back()
    expect(choice(page, "level", "senior")).to_be_checked()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/questions\?q=customer$"))
    expect(count(page)).to_contain_text(str(with_words))
    expect(choice(page, "company", "microsoft")).not_to_be_checked()

    # Saved where it stands, and found again by its list.
    first = page.locator(".hit").first
    slug = str(first.get_attribute("id")).removeprefix("hit-")
    first.get_by_role("link", name="Save to a list").click()
    expect(first.get_by_label("A new list")).to_be_focused()
    look_at(page, pictures, "search-saving")
    page.keyboard.type("To review")
    page.keyboard.press("Enter")
    expect(page.locator(f"#keep-{slug}")).to_contain_text("In To review")
    expect(page.locator(f"#keep-{slug} a")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/questions\?q=customer$"))
    page.reload()
    page.locator("#facet-list summary").click()
    page.get_by_label("To review").check()
    expect(count(page)).to_contain_text("1 question matches")
    assert page.locator(".hit").get_attribute("id") == f"hit-{slug}"

    # What was opened is seen.
    page.locator(".hit .question-row a").click()
    expect(page.locator("h1.question-prompt")).to_be_visible()
    page.goto("/questions?seen=yes")
    expect(count(page)).to_contain_text("1 question matches")

    page.goto("/lists")
    look_at(page, pictures, "lists")
    page.get_by_role("link", name="To review").click()
    look_at(page, pictures, "list")
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("Nothing in it yet")).to_be_visible()


def test_on_a_phone_results_come_first_and_the_choices_stay_open_while_one_chooses(
    browser: Browser, site: str, pictures: Path
) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 375, "height": 800}, has_touch=True)
    page = context.new_page()
    join(page, "karen@example.org")
    page.goto("/questions")
    microsoft = choice(page, "company", "microsoft")
    expect(microsoft).to_be_hidden()
    box = page.locator(".hit").first.bounding_box()
    assert box is not None
    assert box["y"] < 800
    page.get_by_text("Narrow it down").tap()
    page.locator("label", has=microsoft).tap()
    expect(page).to_have_url(re.compile("company=microsoft"))
    expect(page.locator("#facets > summary")).to_contain_text("1 chosen")
    expect(microsoft).to_be_visible()
    page.locator("#facet-kind summary").tap()
    page.locator("label", has=choice(page, "kind", "design")).tap()
    expect(page).to_have_url(re.compile("company=microsoft&kind=design"))
    expect(choice(page, "kind", "design")).to_be_visible()
    page.screenshot(path=pictures / "search-open-light-375.png", full_page=True)
    context.close()


def test_a_search_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    join(page, "sophie@example.org")
    page.goto("/questions")
    choice(page, "company", "microsoft").check()
    page.get_by_role("button", name="Search", exact=True).click()
    expect(choice(page, "company", "microsoft")).to_be_checked()
    first = page.locator(".hit").first.inner_text()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_text(re.compile(r"Page 2 of \d"))).to_be_visible()
    page.get_by_role("link", name="Previous", exact=True).click()
    assert page.locator(".hit").first.inner_text() == first
    page.get_by_role("link", name="Save to a list").first.click()
    page.get_by_label("A new list").fill("Later")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".keep").first).to_contain_text("In Later")
    page.get_by_role("link", name=re.compile("Microsoft.*remove")).click()
    expect(choice(page, "company", "microsoft")).not_to_be_checked()
    context.close()
