"""A server, a browser and rooms for screenshots."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from data import Room
from tests.browser.pages import Page, go, main
from tests.browser.serving import CHROMIUM_ARGUMENTS, ROOT, Server, chromium, serving
from tests.screenshots.shots import Screen, Shot

SCENARIO = "busy-week"
AT_REST = 400  # milliseconds without a change
LAST_CHANGE = """
window.changed = performance.now();
new MutationObserver(() => window.changed = performance.now())
    .observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
"""


@dataclass(frozen=True)
class Camera:
    """Takes pictures of pages in its own rooms."""

    browser: Browser
    server: Server
    rooms: Path
    made: dict[int, str] = field(default_factory=dict)  # steps done -> id

    @contextmanager
    def window(self, screen: Screen) -> Iterator[Page]:
        """Open a window of this size for the block."""
        context = self.browser.new_context(base_url=self.server.address, reduced_motion="reduce", **screen.options)
        context.set_default_timeout(30_000)
        yield context.new_page()
        context.close()

    def visit(self, page: Page, shot: Shot) -> None:
        """Go to the page and wait until nothing moves."""
        go(page, shot.page, self._room(shot.steps), shot.viewer, **shot.more)
        shot.first(page)
        at_rest(page)

    def take(self, page: Page, shot: Shot, screen: Screen, file: Path) -> None:
        """Write the picture: the full page, or what a window of this size shows at first."""
        page.set_viewport_size({"width": screen.width, "height": screen.height})
        self.visit(page, shot)
        if screen.whole:
            page.set_viewport_size({"width": screen.width, "height": max(screen.height, height(page))})
            at_rest(page)
        page.screenshot(path=file, animations="disabled")

    def _room(self, steps: int) -> str:
        if steps not in self.made:
            self.made[steps] = secrets.token_urlsafe(16)
            with Room.create(self.rooms / f"{self.made[steps]}.duckdb", SCENARIO) as room:
                for _ in range(steps):
                    room.next_step()
        return self.made[steps]


def at_rest(page: Page) -> None:
    """Wait until everything is loaded and nothing has changed for a moment."""
    expect(main(page).get_by_test_id("stSkeleton")).to_have_count(0)
    page.evaluate(LAST_CHANGE)
    page.wait_for_function(f"performance.now() - window.changed > {AT_REST}")


def height(page: Page) -> int:
    """Return the window height at which the page needs no scrolling."""
    return int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))


@contextmanager
def camera(folder: Path) -> Iterator[Camera]:
    """Give a camera whose server keeps its files in the folder."""
    path = chromium()
    if path is None:
        raise SystemExit("there is no Chromium: install Debian's, or set CHROMIUM to its path")
    expect.set_options(timeout=30_000)
    rooms = folder / "rooms"
    with serving(ROOT / "app.py", folder / "log", rooms=rooms) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield Camera(browser, server, rooms)
        browser.close()
