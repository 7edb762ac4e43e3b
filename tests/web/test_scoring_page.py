"""The public page of the rules says what the code does, and what docs/scoring.md says."""

from flask.testing import FlaskClient

from lift.scoring import bands, embedded
from tests.web.practice_room import words_of


def test_the_page_that_debriefs_link_to_states_the_limits_in_force(client: FlaskClient) -> None:
    page = words_of(client.get("/scoring").text)
    assert f"From {embedded.COVERED} of full agreement the point is covered , from {embedded.PARTLY} partly" in page
    assert f"the first {embedded.MAX_WORDS:,} words are read" in page
    assert "no word that carries meaning" in page
    for band, least in bands.BAND_FROM:
        assert f"at least {round(100 * least)} in 100" in page, band


def test_the_page_has_every_rule_of_the_document(client: FlaskClient) -> None:
    page = words_of(client.get("/scoring").text)
    for rule in (
        "A number agrees only with the same number",
        "A passage that denies the point",
        "A passage copied from the question earns nothing",
        "at the low end it earns a quarter, at the high end three quarters",
        "heaviest point that was not covered",
        "expects nothing yet is passed over",
        "English only",
    ):
        assert rule in page, rule
