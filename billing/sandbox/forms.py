"""Reads Stripe's form-encoding: ``items[0][price]=x`` becomes ``{"items": [{"price": "x"}]}``."""

import re
from collections.abc import Iterable
from typing import Any

from billing.sandbox.errors import Refusal

_PART = re.compile(r"\[([^\[\]]*)\]")
FREE = {"metadata", "currency_options"}
"""Parameters whose keys are the caller's own, so that numbers among them make no list."""


def parse(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The nested value of form pairs; Refusal for a name that cannot be read or is both value and group."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        keys = [head, *_PART.findall(bracket + rest)]
        if not head or head + "".join(f"[{k}]" for k in keys[1:]) != name:
            raise Refusal(f"Invalid parameter name: {name}", param=name)
        _put(tree, keys, value, name)
    return {key: _lists(value, key) for key, value in tree.items()}


def _put(tree: dict[str, Any], keys: list[str], value: str, name: str) -> None:
    at = tree
    for key in keys[:-1]:
        inner = at.setdefault(key or str(len(at)), {})
        if not isinstance(inner, dict):
            raise Refusal(f"Invalid parameter: {name}", param=name)
        at = inner
    last = keys[-1] if keys[-1] != "" else str(len(at))
    if last in at:
        raise Refusal(f"Parameter {name} is given twice.", param=name)
    at[last] = value


def _lists(value: Any, key: str) -> Any:
    if not isinstance(value, dict):
        return value
    if key not in FREE and value and all(k.isdigit() for k in value):
        return [_lists(value[k], key) for k in sorted(value, key=int)]
    return {k: _lists(v, k) for k, v in value.items()}
