"""`lift account`: one person's account."""

from typing import Annotated

import typer

app = typer.Typer(help="One person's account.", no_args_is_help=True)


@app.command("delete")
def account_delete(
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    for_good: Annotated[bool, typer.Option("--for-good", help="Yes, now, and it cannot be undone.")] = False,
    why: Annotated[str, typer.Option(help="The reason, for the audit trail.")] = "lift account delete",
) -> None:
    """Delete an account with every row that names its person, at once."""
    from lift.runner import account_commands

    account_commands.delete(email, sure=for_good, why=why)
