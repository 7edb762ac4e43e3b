"""Checks a request against the parameters that stripe-python itself declares, with its enums closed."""

import importlib
import re
import typing
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, NotRequired, Union

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import TypedDict, is_typeddict

from billing.sandbox.errors import Refusal


def check(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """``given`` with its types; ``name`` is a class under ``stripe.params``, such as ``checkout.SessionCreateParams``."""
    try:
        return typing.cast(dict[str, Any], _adapter(name).validate_python(given))
    except ValidationError as error:
        raise _refusal(error, given) from None


# Called through a name that mypy does not know, for the fields are computed.
_typed_dict: Any = TypedDict


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    folder, _, plain = name.rpartition(".")
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plain).lower()
    module = importlib.import_module(".".join(filter(None, ("stripe.params", folder, f"_{snake}"))))
    return TypeAdapter(_strict(getattr(module, plain)))


@cache
def _strict_dict(declared: Any) -> Any:
    # A few classes take the client's own options beside the request's parameters; their names are not in the module.
    names = {**vars(importlib.import_module(declared.__module__)), "StripeContext": Any, "Mapping": Mapping}
    hints = typing.get_type_hints(declared, names, include_extras=True)
    own = {key: _strict(hint) for key, hint in hints.items() if key not in RequestOptions.__annotations__}
    made: Any = _typed_dict(declared.__name__, own)
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    return made


def _strict(hint: Any) -> Any:
    """``hint`` with every dictionary closed and ``| str`` dropped beside an enum."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if is_typeddict(hint):
        return _strict_dict(hint)
    if origin is NotRequired:
        return NotRequired[_strict(inner[0])]
    if origin in (Union, UnionType):
        # Literal[''] beside str only says that an empty string clears the field.
        closed = any(value != "" for member in inner for value in _values(member))
        kept = [m for m in inner if not (closed and m is str) and typing.get_origin(m) is not UntypedStripeObject]
        return Union[tuple(_strict(m) for m in kept)]  # noqa: UP007 -- the members are computed
    if origin is list:
        return list[_strict(inner[0])]  # type: ignore[misc]  # computed
    if origin is dict:
        return dict[str, _strict(inner[1])]  # type: ignore[misc]  # computed
    return hint


def _values(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if typing.get_origin(hint) is Literal else ()


def _refusal(error: ValidationError, given: dict[str, Any]) -> Refusal:
    """The deepest complaint, told as Stripe tells it."""
    told = max(error.errors(include_url=False), key=lambda e: len(_path(e, given)))
    param, kind = _path(told, given), told["type"]
    name = param[0] + "".join(f"[{part}]" for part in param[1:]) if param else ""
    if kind == "extra_forbidden":
        return Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    if kind == "missing":
        return Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if kind.startswith("int"):
        return Refusal(f"Invalid integer: {told['input']}", code="parameter_invalid_integer", param=name)
    if kind == "literal_error":
        expected = told.get("ctx", {}).get("expected", "")
        return Refusal(f"Invalid {name}: must be one of {expected}", param=name)
    return Refusal(f"Invalid {name}: {told['msg']}", param=name)


def _path(told: ErrorDetails, given: Any) -> list[str]:
    """The complaint's location less the names that pydantic gives to the members of a union."""
    path: list[str] = []
    at: Any = given
    location = told["loc"]
    for index, part in enumerate(location):
        last = index == len(location) - 1
        if (isinstance(at, dict) and part in at) or (isinstance(at, list) and isinstance(part, int) and part < len(at)):
            at = at[int(part)]
        elif not (last and told["type"] == "missing" and isinstance(at, dict)):
            continue
        path.append(str(part))
    return path
