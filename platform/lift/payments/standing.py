"""Where a person stands: what the page of billing says and offers. A pure function of access and subscription."""

from dataclasses import dataclass
from datetime import datetime

from billing.access import Access, Right, State
from billing.models import Snapshot
from billing.plans import PLANS, Plan, plan_for

TITLES: dict[State, str] = {
    State.DELETED: "Deleted",
    State.HELD: "On hold",
    State.LEAVING: "To be deleted",
    State.COMPED: "Full access",
    State.ACTIVE: "Active",
    State.CONVERTED_TRIAL: "Subscribed, trial still running",
    State.CANCELING: "Canceled, still open",
    State.PAST_DUE_GRACE: "Payment failed, still open",
    State.TRIALING: "Trial",
    State.PAUSED: "Paused",
    State.PAST_DUE_LOCKED: "Payment failed",
    State.EXPIRED: "Ended",
    State.TRIAL_EXPIRED: "Trial ended",
    State.UNVERIFIED: "Address not confirmed",
    State.ANONYMOUS: "Not logged in",
}
"""Each state in a word or three."""

COLLECTING = ("past_due", "unpaid")


@dataclass(frozen=True)
class Charge:
    """The next payment: what the plan costs, before tax and discounts."""

    at: datetime
    amount: int
    currency: str


@dataclass(frozen=True)
class Standing:
    """What is so, and which buttons make sense."""

    title: str
    plan: Plan | None = None
    next_charge: Charge | None = None
    resumes_at: datetime | None = None
    ends_at: datetime | None = None
    may_subscribe: bool = False
    may_change: bool = False
    may_cancel: bool = False
    may_undo: bool = False
    may_pause: bool = False
    may_resume: bool = False
    card_failed: bool = False

    @property
    def other_plans(self) -> tuple[Plan, ...]:
        """What could be changed to: a subscription keeps its currency."""
        if self.plan is None:
            return ()
        return tuple(plan for plan in PLANS if plan.currency == self.plan.currency and plan != self.plan)


def standing(access: Access, sub: Snapshot | None) -> Standing:
    """``sub`` is the subscription of the account that lives, if any."""
    title = TITLES[access.state]
    may_pay = access.may(Right.PAY)
    if sub is None or sub.status == "incomplete":
        return Standing(title, may_subscribe=may_pay)
    runs = sub.status in ("active", "trialing")
    ending = sub.cancel_at is not None or sub.cancel_at_period_end
    over = runs and ending and access.state is not State.CANCELING
    goes_on = runs and not ending
    plan = plan_for(sub.price)
    return Standing(
        title,
        plan=plan,
        next_charge=Charge(sub.period_end, plan.amount, plan.currency) if goes_on and plan and sub.period_end else None,
        resumes_at=sub.resumes_at if sub.status == "paused" else None,
        ends_at=(sub.cancel_at or sub.period_end) if runs and ending else None,
        may_subscribe=may_pay and over,
        may_change=may_pay and goes_on,
        # The one thing that whoever can be charged may always do.
        may_cancel=not ending and (runs or sub.status == "past_due"),
        may_undo=may_pay and ending and runs and not over,
        may_pause=may_pay and goes_on and sub.status == "active",
        may_resume=may_pay and sub.status == "paused",
        card_failed=may_pay and sub.status in COLLECTING,
    )
