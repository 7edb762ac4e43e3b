"""Stripe's test cards, and what each does."""

from dataclasses import dataclass

from billing.sandbox.errors import Refusal
from billing.sandbox.store import new_id
from billing.sandbox.tables import Body


@dataclass(frozen=True)
class Card:
    """``setup`` and ``charge`` are ``ok``, ``once`` or ``always`` (3-D Secure), or a decline code."""

    brand: str
    setup: str = "ok"
    charge: str = "ok"


CARDS = {
    "4242424242424242": Card("visa"),
    "5555555555554444": Card("mastercard"),
    "4000000000000002": Card("visa", "generic_decline", "generic_decline"),
    "4000000000009995": Card("visa", "insufficient_funds", "insufficient_funds"),
    "4000002500003155": Card("visa", "once", "once"),
    "4000002760003184": Card("visa", "always", "always"),
    "4000000000000341": Card("visa", "ok", "generic_decline"),
}

TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "tok_visa": "4242424242424242",
    "tok_mastercard": "5555555555554444",
    "tok_chargeDeclined": "4000000000000002",
    "tok_chargeCustomerFail": "4000000000000341",
}

MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}


def card_of(number: str, param: str = "card[number]") -> Card:
    """The test card; any other number is refused, so that no real one is ever taken."""
    plain = number.replace(" ", "").replace("-", "")
    if plain not in CARDS:
        raise Refusal(
            "Your card was declined. Only Stripe's test cards are taken here.",
            status=402,
            kind="card_error",
            code="incorrect_number",
            param=param,
        )
    return CARDS[plain]


def payment_method(number: str, *, now: int, month: int, year: int, name: str | None = None) -> Body:
    """A new card object, attached to nobody."""
    card = card_of(number)
    plain = number.replace(" ", "").replace("-", "")
    return {
        "id": new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "always",
        "billing_details": {"address": _NOWHERE, "email": None, "name": name, "phone": None, "tax_id": None},
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": f"sandbox{plain[-8:]}",
            "funding": "credit",
            "generated_from": None,
            "last4": plain[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_setup": card.setup,
        "_charge": card.charge,
        "_authenticated": False,
    }


_NOWHERE = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
