"""Refusals in Stripe's shape."""

from typing import Any


class Refusal(Exception):
    """A reply other than 200; ``keep`` commits what was done before it, as a failed charge must be."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        keep: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = keep
        told = {"code": code, "message": message, "param": param, "type": kind, **extra}
        self.body = {"error": {name: value for name, value in told.items() if value is not None}}


def missing(kind: str, id_: str, param: str | None = "id") -> Refusal:
    """No such object; 404 when the path names it, 400 when a parameter does."""
    words = {"checkout.session": "checkout session", "promotion_code": "promotion code"}
    name = words.get(kind, "PaymentMethod" if kind == "payment_method" else kind.replace("_", " "))
    status = 404 if param == "id" else 400
    return Refusal(f"No such {name}: '{id_}'", status=status, code="resource_missing", param=param)


def declined(code: str, message: str, *, keep: bool, **extra: Any) -> Refusal:
    """The card was refused: 402."""
    return Refusal(message, status=402, kind="card_error", code=code, keep=keep, **extra)
