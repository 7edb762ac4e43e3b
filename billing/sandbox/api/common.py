"""What the resources share: lists and metadata."""

from typing import Any

from billing.sandbox.errors import Refusal, missing
from billing.sandbox.store import Store
from billing.sandbox.tables import Body

Given = dict[str, Any]


def page(
    store: Store, kind: str, url: str, given: Given, *, customer: str | None = None, keep: Any = None, **equal: Any
) -> Body:
    """A page of a list, the newest first, by ``limit``, ``starting_after``, ``ending_before`` and ``created``."""
    found = store.where(kind, customer=customer, **equal)
    found = [body for body in found if (keep is None or keep(body)) and within(body["created"], given.get("created"))]
    limit = given.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refusal("Invalid limit: must be between 1 and 100", param="limit")
    ids = [body["id"] for body in found]
    for name in ("starting_after", "ending_before"):
        if name in given and given[name] not in ids and store.find(given[name]) is None:
            raise missing(kind, given[name], name)
    if given.get("starting_after") in ids:
        found = found[ids.index(given["starting_after"]) + 1 :]
    more = len(found) > limit
    if given.get("ending_before") in ids:
        before = found[: ids.index(given["ending_before"])]
        more, found = len(before) > limit, before[-limit:]
    return {"object": "list", "data": found[:limit], "has_more": more, "url": url}


def within(moment: int, limits: int | dict[str, int] | None) -> bool:
    """Whether a moment meets Stripe's range of ``gt``, ``gte``, ``lt`` and ``lte``, or equals the one given."""
    if limits is None:
        return True
    if isinstance(limits, int):
        return moment == limits
    return (
        moment > limits.get("gt", moment - 1)
        and moment >= limits.get("gte", moment)
        and moment < limits.get("lt", moment + 1)
        and moment <= limits.get("lte", moment)
    )


def merge_metadata(body: Body, given: Given) -> None:
    """Add keys, drop those whose value is empty, clear all for an empty string."""
    if "metadata" not in given:
        return
    change = given["metadata"]
    if change == "":
        body["metadata"] = {}
        return
    for key, value in change.items():
        if len(key) > 40 or len(value) > 500:
            raise Refusal("Metadata keys take 40 characters and values 500.", param=f"metadata[{key}]")
        if value == "":
            body["metadata"].pop(key, None)
        else:
            body["metadata"][key] = value
    if len(body["metadata"]) > 50:
        raise Refusal("Metadata takes 50 keys.", param="metadata")


def simulated(given: Given, *known: str) -> None:
    """Refuse parameters that are Stripe's but not the sandbox's: better than to take them and do nothing."""
    for name in given:
        if name not in known and name != "expand":
            raise Refusal(f"The sandbox does not simulate the parameter: {name}", code="parameter_unknown", param=name)


def cleared(value: Any) -> Any:
    """Stripe's empty string, which clears a field."""
    return None if value == "" else value
