"""What pyproject.toml declares is what the product imports."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "argon2-cffi": "argon2",
    "celery[redis]": "celery",
    "psycopg[binary]": "psycopg",
    "pyyaml": "yaml",
}
NOT_IMPORTED = {"granian": "the web server is a program", "tzdata": "zoneinfo reads it where the system has none"}
DECLARED = [
    re.split(r"[><=~! ]", line)[0]
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
]


@pytest.mark.parametrize("name", [name for name in DECLARED if name not in NOT_IMPORTED])
def test_a_declared_dependency_is_imported(name: str) -> None:
    module = MODULES.get(name, name.replace("-", "_"))
    wanted = re.compile(rf"^\s*(?:from|import) {module}\b", re.MULTILINE)
    sources = [path for folder in ("platform", "billing", "workers") for path in (ROOT / folder).rglob("*.py")]
    assert any(wanted.search(path.read_text()) for path in sources)
