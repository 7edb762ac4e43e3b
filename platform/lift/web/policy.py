"""The content security policy, and its one opening: forms that lead to whoever takes the money."""

from urllib.parse import urlsplit

from lift.kernel.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
STRIPE = ("https://checkout.stripe.com", "https://billing.stripe.com")


def leading_to_payment(settings: Settings) -> str:
    """The policy of a page whose form is answered with the way to a hosted page: browsers look at that way too."""
    sandbox = urlsplit(settings.stripe_api_base)
    targets = (f"{sandbox.scheme}://{sandbox.netloc}",) if settings.sandbox else STRIPE
    return CONTENT_SECURITY_POLICY.replace("form-action 'self'", " ".join(("form-action 'self'", *targets)))
