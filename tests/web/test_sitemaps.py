"""Sitemaps: split at 50,000, and exactly the pages that do not ask to be left out."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from lift.web import sitemaps
from lift.web.pages import public

BASE = "http://127.0.0.1:8000"


def listed(xml: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(xml).iter() if found.tag.endswith("}loc")]  # noqa: S314 - our own page


def test_addresses_are_split_at_fifty_thousand() -> None:
    assert [len(part) for part in sitemaps.split(["a"] * 50_000)] == [50_000]
    assert [len(part) for part in sitemaps.split(["a"] * 100_001)] == [50_000, 50_000, 1]
    assert sitemaps.split([]) == [[]]


def test_an_address_is_escaped() -> None:
    assert listed(sitemaps.file_of(["http://here/?a=1&b=<2>"])) == ["http://here/?a=1&b=<2>"]


def test_one_file_has_all_while_they_are_few(client: FlaskClient) -> None:
    reply = client.get("/sitemap.xml")
    assert (reply.status_code, reply.mimetype) == (200, "application/xml")
    found = listed(reply.text)
    assert f"{BASE}/question-bank/microsoft" in found
    assert f"{BASE}/question-bank/topics/api-design" in found
    assert len(found) == len(set(found))
    again = client.get("/sitemap.xml", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/sitemap-2.xml").status_code == 404


def test_many_are_listed_by_an_index_of_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "_listed", lambda: [f"{BASE}/{number}" for number in range(50_001)])
    parts = listed(client.get("/sitemap.xml").text)
    assert parts == [f"{BASE}/sitemap-1.xml", f"{BASE}/sitemap-2.xml"]
    assert listed(client.get("/sitemap-2.xml").text) == [f"{BASE}/50000"]
    assert client.get("/sitemap-3.xml").status_code == 404


def test_what_is_listed_does_not_ask_to_be_left_out_and_has_this_address_as_its_own(client: FlaskClient) -> None:
    for address in listed(client.get("/sitemap.xml").text):
        page = client.get(address.removeprefix(BASE)).text
        assert 'name="robots"' not in page, address
        own = re.search(r'<link rel="canonical" href="([^"]+)">', page)
        assert own is None or own[1] == address


def test_robots_may_read_the_public_pages_and_find_the_sitemap(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /question-bank" not in robots
    assert f"Sitemap: {BASE}/sitemap.xml" in robots
