"""The hosted pages as a browser without scripts meets them."""

import re

import pytest
from werkzeug.test import Client, TestResponse

from tests.billing.sandbox.conftest import Shop

GOOD = {"number": "4242 4242 4242 4242", "month": "12", "year": "2040", "cvc": "123"}


@pytest.fixture
def browser(shop: Shop) -> Client:
    return Client(shop.sandbox.sandbox)


def _path(url: str | None) -> str:
    return "/" + (url or "").split("/", 3)[3]


def _pay(browser: Client, path: str, **more: str) -> TestResponse:
    return browser.post(path, data={**GOOD, "action": "pay", **more})


def test_every_page_says_that_no_card_is_charged_and_runs_no_script(shop: Shop, browser: Client) -> None:
    sub = shop.subscribed()
    portal = shop.client.v1.billing_portal.sessions.create({"customer": str(sub.customer)})
    invoice = shop.client.v1.invoices.retrieve(str(sub.latest_invoice))
    for path in (_path(shop.checkout(shop.customer().id).url), _path(portal.url), _path(invoice.hosted_invoice_url)):
        page = browser.get(path)
        assert page.status_code == 200
        assert "Sandbox. No card is charged." in page.text
        assert "<script" not in page.text
        assert not re.search(r'(?:src="|link [^>]*href=")https?://', page.text)
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")


def test_every_field_has_a_label(shop: Shop, browser: Client) -> None:
    session = shop.checkout(
        shop.customer(None).id,
        allow_promotion_codes=True,
        automatic_tax={"enabled": True},
        customer_update={"address": "auto"},
    )
    page = browser.get(_path(session.url)).text
    fields = re.findall(r'<(?:input|select) id="([^"]+)"', page)
    assert {"number", "month", "year", "cvc", "name", "country", "code"} <= set(fields)
    assert set(fields) <= set(re.findall(r'<label for="([^"]+)"', page))


def test_the_first_charge_is_shown_before_the_click(shop: Shop, browser: Client) -> None:
    customer = shop.customer(None, test_clock=shop.clock())
    session = shop.checkout(customer.id, subscription_data={"trial_period_days": 5})
    page = browser.get(_path(session.url)).text
    assert "0.00 USD" in page
    assert "19.00 USD" in page
    assert "26 September 2026" in page


def test_paying_leads_back_to_the_product_with_the_session(shop: Shop, browser: Client) -> None:
    session = shop.checkout(shop.customer(None).id)
    reply = _pay(browser, _path(session.url))
    assert (reply.status_code, reply.location) == (303, f"http://127.0.0.1:8000/billing/done?session={session.id}")
    again = browser.get(_path(session.url))
    assert again.location == reply.location


def test_a_declined_card_is_told_on_the_page_and_another_can_be_tried(shop: Shop, browser: Client) -> None:
    session = shop.checkout(shop.customer(None).id)
    reply = _pay(browser, _path(session.url), number="4000000000000002")
    assert reply.status_code == 402
    assert "Your card was declined." in reply.text
    assert _pay(browser, _path(session.url)).status_code == 303


def test_a_number_that_is_no_test_card_is_refused(shop: Shop, browser: Client) -> None:
    session = shop.checkout(shop.customer(None).id)
    assert "test cards" in _pay(browser, _path(session.url), number="4111111111111111").text


def test_3d_secure_is_failed_then_passed(shop: Shop, browser: Client) -> None:
    customer = shop.customer(None)
    session = shop.checkout(customer.id)
    challenge = _pay(browser, _path(session.url), number="4000002500003155").location
    assert challenge == f"/checkout/{session.id}/challenge"
    assert "Complete authentication" in browser.get(challenge).text
    failed = browser.post(challenge, data={"answer": "fail"})
    assert "could not confirm" in failed.text
    assert shop.client.v1.subscriptions.list({"customer": customer.id, "status": "all"}).data == []
    _pay(browser, _path(session.url), number="4000002500003155")
    assert browser.post(challenge, data={"answer": "complete"}).status_code == 303
    assert [sub.status for sub in shop.client.v1.subscriptions.list({"customer": customer.id}).data] == ["active"]


def test_a_promotion_code_changes_the_total_before_anything_is_paid(shop: Shop, browser: Client) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 10, "duration": "once"}).id
    shop.client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon}, "code": "TENTH"})
    session = shop.checkout(shop.customer(None).id, allow_promotion_codes=True)
    page = browser.post(_path(session.url), data={"action": "apply", "code": "tenth"})
    assert "17.10 USD" in page.text
    wrong = browser.post(_path(session.url), data={"action": "apply", "code": "nothing"})
    assert "not known" in wrong.text


def test_an_expired_session_cannot_be_paid(shop: Shop, browser: Client) -> None:
    session = shop.checkout(shop.customer(None).id)
    shop.client.v1.checkout.sessions.expire(session.id)
    assert browser.get(f"/checkout/{session.id}").status_code == 410
    assert _pay(browser, f"/checkout/{session.id}").status_code == 410


def test_the_portal_updates_a_card_cancels_and_undoes(shop: Shop, browser: Client) -> None:
    sub = shop.subscribed()
    portal = shop.client.v1.billing_portal.sessions.create(
        {"customer": str(sub.customer), "return_url": "http://127.0.0.1:8000/billing"}
    )
    path = f"/portal/{portal.id}"
    assert browser.post(f"{path}/card", data={**GOOD, "number": "5555555555554444"}).status_code == 303
    assert "mastercard ending in 4444" in browser.get(path).text
    browser.post(f"{path}/cancel", data={"subscription": sub.id})
    assert shop.again(sub).cancel_at is not None
    browser.post(f"{path}/undo", data={"subscription": sub.id})
    assert shop.again(sub).cancel_at is None


def test_a_renewal_that_needs_3d_secure_is_paid_from_its_invoice(shop: Shop, browser: Client) -> None:
    customer = shop.customer("pm_card_authenticationRequired", test_clock=shop.clock())
    sub = shop.client.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": shop.prices["monthly"]}], "trial_period_days": 7}
    )
    shop.advance(str(sub.test_clock), (sub.trial_end or 0) + 3600)
    assert shop.again(sub).status == "past_due"
    page = _path(shop.invoices(sub)[0].hosted_invoice_url)
    challenge = browser.post(page).location
    assert browser.post(challenge, data={"answer": "complete"}).status_code == 303
    assert shop.again(sub).status == "active"
    assert "paid" in browser.get(page).text


def test_the_controls_answer_this_machine_alone(browser: Client) -> None:
    assert browser.get("/_sandbox/", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200
    far = browser.get("/_sandbox/", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert far.status_code == 403
