"""`lift admin`: who runs the place."""

from typing import Annotated

import typer

app = typer.Typer(help="Who runs the place.", no_args_is_help=True)


ROLE_HELP = "admin: runs the place; reviewer: reviews what candidates report, and sees no money and no accounts."


@app.command("grant")
def admin_grant(
    email: Annotated[str, typer.Argument(help="The address of a confirmed account.")],
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "admin",
) -> None:
    """Let a person run the place, or review reports: the desk opens to them."""
    from lift.runner import admin_commands

    admin_commands.grant(email, role)


@app.command("revoke")
def admin_revoke(
    email: Annotated[str, typer.Argument(help="The address of the account.")],
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "admin",
) -> None:
    """Take a role from a person: what it opened is closed at their next click."""
    from lift.runner import admin_commands

    admin_commands.revoke(email, role)


@app.command("list")
def admin_list() -> None:
    """Print who has which role."""
    from lift.runner import admin_commands

    admin_commands.list_roles()
