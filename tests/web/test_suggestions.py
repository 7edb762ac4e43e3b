"""An unknown address of the bank is not found, and the page says what may have been meant."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from lift.web.suggestions import MOST, Known, closest, plain

KNOWN = [
    Known("company", "microsoft", "Microsoft", ("microsoft", "msft")),
    Known("company", "meta", "Meta", ("meta", "facebook")),
    Known("role", "backend-engineer", "Backend Engineer", ("backend-engineer",)),
]


def meant(page: str) -> list[tuple[str, str]]:
    line = re.search(r"Did you mean (.*?)\?</li>", page, re.DOTALL)
    return re.findall(r'href="([^"]+)">([^<]+)</a>', line[1]) if line else []


@pytest.mark.parametrize(
    ("wanted", "slug"),
    [
        ("microsfot", "microsoft"),
        ("MSFT", "microsoft"),
        ("facebok", "meta"),
        ("Backend_Enginer", "backend-engineer"),
        ("backend", "backend-engineer"),
    ],
)
def test_a_slip_another_name_or_a_part_is_understood(wanted: str, slug: str) -> None:
    assert closest(wanted, KNOWN)[0].slug == slug


def test_nothing_like_it_gives_nothing() -> None:
    assert closest("zzzzqqq", KNOWN) == []
    assert closest("", KNOWN) == []


@given(st.text(max_size=400))
def test_any_text_is_compared_and_at_most_four_come_back(wanted: str) -> None:
    assert len(closest(wanted, KNOWN)) <= MOST
    assert len(plain(wanted)) <= 120


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("/question-bank/microsfot", "/question-bank/microsoft"),
        ("/question-bank/msft/backend-engineer", "/question-bank/microsoft/backend-engineer"),
        ("/question-bank/microsoft/backend", "/question-bank/microsoft/backend-engineer"),
        ("/question-bank/gogle/sre", "/question-bank/google/sre-devops"),
        ("/question-bank/backend-engineer", "/question-bank?role=backend-engineer"),
        ("/question-bank/topics/api-desing", "/question-bank/topics/api-design"),
        ("/question-bank/competencies/idempotency", "/question-bank/competencies/idempotency-keys"),
        ("/question-bank?role=front-end", "/question-bank?role=frontend-engineer"),
    ],
)
def test_the_page_leads_to_what_was_meant(client: FlaskClient, address: str, href: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 404
    assert "noindex" in reply.text
    assert href in [found for found, _ in meant(reply.text)], meant(reply.text)
    assert client.get(href).status_code == 200


@pytest.mark.parametrize("wanted", ["\x00", "a" * 5_000, "<script>alert(1)</script>", "' OR 1=1 --", "%", "..."])
@pytest.mark.parametrize(
    "place", ["/question-bank/{}", "/question-bank/{}/{}", "/question-bank/topics/{}", "/question-bank/competencies/{}"]
)
def test_a_strange_address_is_not_found_and_nothing_of_it_becomes_markup(
    client: FlaskClient, place: str, wanted: str
) -> None:
    reply = client.get(place.format(quote(wanted, safe=""), quote(wanted, safe="")))
    assert reply.status_code == 404
    assert "<script>alert" not in reply.text
