"""A loop in the browser: chosen, planned, gone through round by round, and the committee at its end."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_main_job import ANSWER, join, look_at, submit

pytestmark = pytest.mark.journey


def test_from_the_plan_to_the_committee(page: Page, pictures: Path) -> None:
    join(page, "radia@example.org")
    page.goto("/practice")
    page.get_by_role("link", name="Plan a loop").click()
    page.get_by_label("Company").select_option("microsoft")
    look_at(page, pictures, "loops")
    page.get_by_role("button", name="Go on").click()
    look_at(page, pictures, "loop-plan")
    page.get_by_label("Level").select_option("senior")
    page.get_by_label("One round of it").check(force=True)
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("main")).to_contain_text("Say which round")
    page.get_by_label("Which round").select_option(label="System design, 60 min")
    page.get_by_role("button", name="Plan it").click()
    loop = page.url
    look_at(page, pictures, "loop-ahead")
    go_on = page.get_by_role("button", name=re.compile("Begin the round|Go on"))
    while go_on.count():
        go_on.click()
        expect(page.locator("main")).to_contain_text(re.compile(r"Round 1 of 1, question \d of \d"))
        page.locator("textarea").fill(ANSWER)
        submit(page)
        # The page turns to the debrief by itself; to leave it before would race with that.
        page.get_by_role("link", name="Back to the loop").click(timeout=60_000)
        expect(page).to_have_url(loop)
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="The committee")).to_be_visible()
    expect(page.get_by_role("heading", name="The write-up")).to_have_count(1)
    look_at(page, pictures, "loop-committee")
