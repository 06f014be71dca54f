"""A contact sheet: all pictures of one screen size on a page."""

from html import escape
from pathlib import Path

from playwright.sync_api import Browser

STYLE = """body {{ font: 14px sans-serif; margin: 16px; background: #8a9099; display: grid; gap: 12px;
    grid-template-columns: repeat({across}, 1fr); align-items: start }}
figure {{ margin: 0 }} figcaption {{ padding: 2px 0; font-weight: bold }}
img {{ width: 100%; max-height: 520px; object-fit: cover; object-position: top; display: block }}"""


def write_sheet(folder: Path, screen: str, names: list[str], browser: Browser, *, narrow: bool) -> Path:
    """Write `SCREEN.html` and a picture of it, from the folder's pictures `SCREEN/NAME.png`.

    It shows the top of long pictures.
    """
    figures = "".join(
        f'<figure><figcaption>{escape(name)}</figcaption><a href="{screen}/{name}.png">'
        f'<img src="{screen}/{name}.png" alt="{escape(name)}"></a></figure>'
        for name in names
    )
    style = STYLE.format(across=8 if narrow else 4)
    sheet = folder / f"{screen}.html"
    sheet.write_text(
        f'<!doctype html><meta charset="utf-8"><title>{escape(screen)}</title><style>{style}</style>{figures}',
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 1880, "height": 900})
    page.goto(sheet.resolve().as_uri())
    page.screenshot(path=folder / f"{screen}.png", full_page=True)
    page.close()
    return sheet
