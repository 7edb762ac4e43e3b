"""Stripe's errors and objects at the edge: what leaves this module is ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from billing.gateway import Busy, CardDeclined, GatewayDown, Missing, Refused


@contextmanager
def spoken() -> Iterator[None]:
    """Stripe's errors in our own terms."""
    try:
        yield
    except stripe.CardError as error:
        raise CardDeclined(error.user_message or "The card was declined.") from error
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing":
            raise Missing(str(error.user_message or error)) from error
        if error.http_status in (409, 429):
            raise GatewayDown(str(error)) from error
        raise Refused(str(error.user_message or error)) from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:
            raise Busy(str(error)) from error
        raise Refused(str(error)) from error
    except stripe.StripeError as error:
        if error.http_status == 409:
            # Another call with the same key is under way; the library knows such an error with the status 400 only.
            raise Busy(str(error)) from error
        # No connection, too many requests, their fault, or a key that does not work: nothing is known to be done.
        raise GatewayDown(f"{type(error).__name__}: {error}") from error


def as_dict(thing: stripe.StripeObject) -> dict[str, Any]:
    return thing.to_dict()


def short(key: str) -> str:
    if len(key) > 255:
        raise ValueError("an idempotency key has at most 255 characters")
    return key
