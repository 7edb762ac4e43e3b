"""`lift billing`: prices, comparison, explanation."""

from typing import Annotated

import typer

app = typer.Typer(help="Prices, comparison with the provider, an account explained.", no_args_is_help=True)


@app.command("setup")
def billing_setup() -> None:
    """Make the product and its prices at Stripe; may be repeated."""
    from lift.runner import billing_commands

    billing_commands.setup()


@app.command("reconcile")
def billing_reconcile() -> None:
    """Compare every account with the provider now, and heal what differs."""
    from lift.runner import billing_commands

    billing_commands.reconcile()


@app.command("explain")
def billing_explain(account: Annotated[str, typer.Argument(help="An account's id or e-mail address.")]) -> None:
    """Print the facts of an account, the decision and why."""
    from lift.runner import billing_commands

    billing_commands.explain(account)
