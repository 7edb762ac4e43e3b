"""Draw the picture that other sites show beside a link to ours: ``python -m bench.card`` after a build of the assets.

``assets/card.png`` (1200 × 630) is ``assets/card.svg`` in our own typefaces; it is kept in the project, so that no
server needs a browser.
"""

import base64

from playwright.sync_api import sync_playwright

from lift.runner.browser import find_chromium
from lift.web.build import PROJECT, SOURCES

FACES = {
    "Inter": "inter/files/inter-latin-wght-normal.woff2",
    "Source Serif 4": "source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
}
SIZE = (1200, 630)


def page() -> str:
    """The drawing as a page that asks nobody for anything."""
    faces = ""
    for name, path in FACES.items():
        font = base64.b64encode((PROJECT / "node_modules/@fontsource-variable" / path).read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{font})"
        faces += f"@font-face {{ font-family: '{name}'; src: {source}; font-weight: 100 900; }}"
    drawing = (SOURCES / "card.svg").read_text("utf-8")
    return f"<style>{faces} body {{ margin: 0 }} svg {{ display: block }}</style>{drawing}"


def draw() -> None:
    """Write ``card.png``."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        sheet.set_content(page())
        sheet.evaluate("Promise.all([...document.fonts].map(face => face.load())).then(() => true)")
        sheet.screenshot(path=SOURCES / "card.png")
        browser.close()


if __name__ == "__main__":
    draw()
