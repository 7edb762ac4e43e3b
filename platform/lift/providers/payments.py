"""Who takes the money: Stripe, the sandbox in its place, or nobody."""

from typing import Any, cast

from billing.gateway import Gateway, GatewayDown
from lift.kernel.settings import Settings


class NoGateway:
    """No key is set: whatever is asked for is away, and nothing is half-done."""

    livemode = False

    def __getattr__(self, name: str) -> Any:
        def away(*_: object, **__: object) -> Any:
            raise GatewayDown("No key of Stripe is set: LIFT_STRIPE_SECRET_KEY is empty.")

        return away


def make_gateway(settings: Settings) -> Gateway:
    """The gateway that the settings ask for."""
    key = settings.stripe_secret_key.get_secret_value()
    if not key.strip():
        return cast(Gateway, NoGateway())
    # Read here, so that a process which never talks to Stripe does not hold its library.
    from billing.stripe_gateway import StripeGateway

    return StripeGateway(key, settings.stripe_api_base or None)
