"""`lift billing`: prices, comparison with the provider, an account explained."""

from billing.explain import explain as explained
from billing.reconcile import reconcile as compare
from lift.accounts import people
from lift.kernel.db import unit_of_work
from lift.kernel.settings import Settings
from lift.runner.errors import RunnerError
from lift.wiring import build


def _settings() -> Settings:
    """Settings with a key; RunnerError without."""
    settings = Settings()
    if not settings.stripe_secret_key.get_secret_value().strip():
        raise RunnerError("Set LIFT_STRIPE_SECRET_KEY: there is nobody to ask (see docs/billing.md).")
    return settings


def setup() -> None:
    """Make the product and its prices at Stripe; may be repeated."""
    from stripe import StripeError

    from billing.gateway import GatewayError
    from billing.stripe_gateway import StripeGateway
    from billing.stripe_setup import set_up

    settings = _settings()
    gateway = StripeGateway(settings.stripe_secret_key.get_secret_value(), settings.stripe_api_base or None)
    try:
        done = set_up(gateway)
    except (GatewayError, StripeError) as error:
        raise RunnerError(f"Stripe did not take it: {str(error) or type(error).__name__}") from error
    for line in done:
        print(line)
    mode = "live" if settings.livemode else "sandbox" if settings.sandbox else "test"
    print(f"The product and its prices are there ({mode} mode).")


def reconcile() -> None:
    """Compare every account with the provider now, and heal what differs."""
    wired = build(_settings())
    report = compare(wired.desk, wired.clock.now())
    for drift in report.drifts:
        print(f"healed: {drift}")
    for failure in report.failures:
        print(f"failed: {failure}")
    print(f"Compared {report.checked} accounts: {len(report.drifts)} differences.")
    if report.failures:
        raise RunnerError(f"{len(report.failures)} accounts could not be compared (above). Try again in a minute.")


def explain(account: str) -> None:
    """Print the facts of an account, the decision and why."""
    wired = build(Settings())
    with unit_of_work(wired.session_factory) as session:
        found = people.find(session, account)
        print(explained(session, people.holder_of(found), wired.clock.now(), livemode=wired.settings.livemode))
