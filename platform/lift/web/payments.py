"""What the pages of billing share: who buys, what is said when something cannot be done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from billing.checkout import Buyer
from billing.desk import BillingError
from billing.gateway import GatewayError
from lift.web.context import release, required_account, services
from lift.web.policy import leading_to_payment

log = structlog.get_logger(__name__)
View = Callable[..., ResponseReturnValue]

ODD = "The payment provider did not take this. Nothing was charged; please try again in a minute."


def buyer() -> Buyer:
    """The person who is logged in, as one who buys. Gives the connection back: the provider may take its time."""
    account, base = required_account(), services().settings.base_url
    found = Buyer(
        account.id, account.email, f"{base}/billing/return?session_id={{CHECKOUT_SESSION_ID}}", f"{base}/billing"
    )
    release()
    return found


def told(view: View) -> View:
    """Say why something could not be done, on the page of billing."""

    @wraps(view)
    def telling(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            return view(*args, **kwargs)
        except BillingError as refused:
            flash(str(refused), "warn")
        except GatewayError as odd:
            log.error("provider_refused", error=f"{type(odd).__name__}: {odd}"[:300])
            flash(ODD, "warn")
        return redirect(url_for("billing.show"), 303)

    return telling


def page_to_payment(html: str, status: int = 200) -> ResponseReturnValue:
    """A page whose forms may be answered with the way to a hosted page."""
    response = make_response(html, status)
    response.headers["Content-Security-Policy"] = leading_to_payment(services().settings)
    return response
