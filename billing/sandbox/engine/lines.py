"""Lines of an invoice: charges for a period, prorations, and pending items waiting for the next invoice."""

from billing.sandbox.engine.money import part, percent
from billing.sandbox.store import Store, new_id
from billing.sandbox.tables import Body


def listed(url: str, data: list[Body]) -> Body:
    """A whole list, as it stands inside another object."""
    return {"object": "list", "data": data, "has_more": False, "total_count": len(data), "url": url}


def line(
    sub: Body,
    item: Body,
    amount: int,
    start: int,
    end: int,
    *,
    what: str,
    proration: bool = False,
    discountable: bool = True,
) -> Body:
    """One line for ``item`` over a period; ``amount`` is before discount and tax and may be a credit."""
    price = item["price"]
    return {
        "id": new_id("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": what,
        "discount_amounts": [],
        "discountable": discountable,
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": dict(sub["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": proration,
                "proration_details": {"credited_items": None},
                "subscription": sub["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"start": start, "end": end},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "subscription": sub["id"],
        "subtotal": amount,
        "taxes": [],
    }


def named(store: Store, item: Body) -> str:
    product = store.find(item["price"]["product"])
    return str(product["name"]) if product else item["price"]["product"]


def cycle(store: Store, sub: Body, items: list[Body]) -> list[Body]:
    """The full charge of each item for its current period."""
    return [
        line(
            sub,
            item,
            item["price"]["unit_amount"] * item["quantity"],
            item["current_period_start"],
            item["current_period_end"],
            what=f"{item['quantity']} × {named(store, item)}",
        )
        for item in items
    ]


def unused(store: Store, sub: Body, item: Body, at: int) -> list[Body]:
    """The credit for what was billed for time after ``at``: of the amount after discount, by the second."""
    found = []
    for billed in item["_billed"]:
        if billed["amount"] and billed["end"] > at:
            start = max(at, billed["start"])
            credit = -part(billed["amount"], billed["end"] - start, billed["end"] - billed["start"])
            what = f"Unused time on {named(store, item)}"
            found.append(line(sub, item, credit, start, billed["end"], what=what, proration=True, discountable=False))
    return [credit for credit in found if credit["amount"]]


def remaining(store: Store, sub: Body, item: Body, at: int) -> list[Body]:
    """The charge for the rest of the period from ``at``."""
    start, end = item["current_period_start"], item["current_period_end"]
    amount = part(item["price"]["unit_amount"] * item["quantity"], end - at, end - start)
    what = f"Remaining time on {named(store, item)}"
    return [line(sub, item, amount, at, end, what=what, proration=True)] if amount else []


def note_billed(items: list[Body], lines: list[Body]) -> None:
    """Remember on the items what each was billed, so that it can be credited to the second."""
    for item in items:
        mine = [one for one in lines if one["parent"]["subscription_item_details"]["subscription_item"] == item["id"]]
        charges = [one for one in mine if one["amount"] > 0]
        if mine:
            item["_billed"] = [
                {
                    "start": one["period"]["start"],
                    "end": one["period"]["end"],
                    "amount": one["amount"] - sum(d["amount"] for d in one["discount_amounts"]),
                }
                for one in charges
            ]


def keep_pending(store: Store, sub: Body, lines: list[Body]) -> None:
    """Keep lines for the subscription's next invoice."""
    for one in lines:
        body = {
            "id": new_id("ii_"),
            "object": "invoiceitem",
            "amount": one["amount"],
            "created": store.at(sub),
            "currency": one["currency"],
            "customer": sub["customer"],
            "date": store.at(sub),
            "description": one["description"],
            "discountable": one["discountable"],
            "discounts": [],
            "invoice": None,
            "livemode": False,
            "metadata": one["metadata"],
            "period": one["period"],
            "pricing": one["pricing"],
            "proration": True,
            "quantity": one["quantity"],
            "subscription": sub["id"],
            "_line": one,
        }
        store.emit("invoiceitem.created", store.add(body, like=sub))


def take_pending(store: Store, sub: Body, invoice_id: str) -> list[Body]:
    """The lines that waited, now of this invoice."""
    taken = []
    for item in store.where("invoiceitem", customer=sub["customer"], oldest_first=True, subscription=sub["id"]):
        if item["invoice"] is None:
            item["invoice"] = invoice_id
            store.save(item)
            one: Body = item["_line"]
            one["parent"]["subscription_item_details"]["invoice_item"] = item["id"]
            taken.append(one)
    return taken


def discount(lines: list[Body], discounts: list[tuple[str, Body]]) -> None:
    """Take (discount id, coupon) pairs off the discountable lines, one after the other."""
    for one in lines:
        one["discount_amounts"] = []
    for id_, coupon in discounts:
        open_lines = [one for one in lines if one["discountable"] and one["amount"] > 0]
        rest = {one["id"]: one["amount"] - sum(d["amount"] for d in one["discount_amounts"]) for one in open_lines}
        whole = sum(rest.values())
        left = min(coupon["amount_off"] or 0, whole)
        for one in open_lines:
            here = rest[one["id"]]
            if coupon["percent_off"] is not None:
                off = percent(here, coupon["percent_off"])
            else:
                off = left if one is open_lines[-1] else part(coupon["amount_off"], here, whole) if whole else 0
                off = min(off, here, left)
                left -= off
            one["discount_amounts"].append({"amount": off, "discount": id_})
            one["discounts"].append(id_)


TAX = {"AT": 20, "BE": 21, "DE": 19, "DK": 25, "ES": 21, "FI": 25.5, "FR": 20, "GB": 20, "IE": 23, "IT": 22, "NL": 21}
"""Rates by country of the billing address; elsewhere none is collected."""


def tax(lines: list[Body], country: str | None, behaviour: str) -> None:
    """Tax each line on what is left after discount; credits get theirs back."""
    rate = TAX.get(country or "", 0)
    for one in lines:
        base = one["amount"] - sum(d["amount"] for d in one["discount_amounts"])
        inclusive = behaviour == "inclusive"
        amount = base - part(base, 10_000, 10_000 + int(rate * 100)) if inclusive else percent(base, rate)
        one["taxes"] = [
            {
                "amount": amount,
                "tax_behavior": "inclusive" if inclusive else "exclusive",
                "tax_rate_details": {"tax_rate": f"txr_sandbox_{(country or 'none').lower()}"},
                "taxability_reason": "standard_rated" if rate else "not_collecting",
                "taxable_amount": base - amount if inclusive else base,
                "type": "tax_rate_details",
            }
        ]
