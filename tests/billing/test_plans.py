"""What is sold keeps to the rules of docs/decisions/0007."""

import itertools

import pytest

from billing.plans import CURRENCIES, PLANS, plan_for, saving, saving_percent


def test_a_month_of_each_plan_is_a_whole_amount() -> None:
    assert [plan.key for plan in PLANS if plan.a_month * plan.months != plan.amount] == []


@pytest.mark.parametrize("currency", CURRENCIES)
def test_each_longer_plan_costs_less_a_month(currency: str) -> None:
    sold = sorted((plan for plan in PLANS if plan.currency == currency), key=lambda plan: plan.months)
    assert [plan.months for plan in sold] == [1, 3, 12]
    for shorter, longer in itertools.pairwise(sold):
        assert longer.a_month < shorter.a_month
    assert [saving_percent(plan) >= least for plan, least in zip(sold, (0, 20, 40), strict=True)] == [True] * 3


def test_a_saving_is_what_the_months_cost_one_by_one_less_the_plan() -> None:
    monthly, yearly = plan_for("lift_monthly_usd"), plan_for("lift_yearly_usd")
    assert monthly is not None
    assert yearly is not None
    assert saving(monthly) == 0
    assert saving(yearly) + yearly.amount == 12 * monthly.amount
