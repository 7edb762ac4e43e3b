"""What stands above every page while something about the subscription needs to be known."""

from dataclasses import dataclass
from datetime import datetime

from billing.access import Access, State


@dataclass(frozen=True)
class Banner:
    """One line; ``until`` follows the text as a date, ``action`` leads to the page of billing, ``button`` keeps the account."""

    text: str
    action: str | None = None
    until: datetime | None = None
    kind: str = "warn"
    button: str | None = None
    label: str = "Your subscription"


def banner_for(decided: Access) -> Banner | None:
    """None for most people on most days."""
    if decided.state is State.PAST_DUE_GRACE:
        return Banner("Your last payment failed. Everything stays open until", "Set it right", decided.valid_until)
    if decided.state is State.PAST_DUE_LOCKED:
        return Banner("Your last payment failed. Pay to practise again.", "Set it right")
    if decided.state is State.PAUSED:
        return Banner("Your subscription is paused.", "Resume it", kind="info")
    if decided.state is State.CANCELING:
        return Banner("Your subscription is canceled and stays open until", "Keep it", decided.valid_until, "info")
    if decided.state is State.HELD:
        return Banner("Your account is on hold. Write to us and a person will look at it.", "Billing")
    if decided.state is State.LEAVING:
        text = "Your account will be deleted on"
        return Banner(text, until=decided.valid_until, button="Keep my account", label="Your account")
    return None
