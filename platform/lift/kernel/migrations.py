"""Where the migrations are: beside the checkout's ``platform/``, or inside the installed package."""

from pathlib import Path


def script_location() -> Path:
    """The folder that holds Alembic's ``env.py``."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_migrations"
    return installed if installed.exists() else package.parents[1] / "migrations"
