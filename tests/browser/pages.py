"""Navigating and reading pages."""

import os
import re
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

if os.environ.get("SUPPORT_ACCESS_LAB_BROWSER") != "required":
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test installs it")
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from dashboard.shell.page_list import QUESTION

SIDE_BY_SIDE, WELCOME = "Side by side", "Welcome"
ADDRESSES = {
    WELCOME: "",
    SIDE_BY_SIDE: "side-by-side",
    "Pending requests": "pending-requests",
    "Approved access": "approved-access",
    "Support requests": "support-requests",
    "Audit log": "audit-log",
    "Support engineer's desk": "desk",
    "Scenarios": "scenarios",
    "Editor": "editor",
    "What if": "what-if",
    "Policy": "policy",
    "Other systems": "other-systems",
    "Import": "import",
    "Invite": "invite",
    "Overview": "overview",
    "Timeline": "timeline",
    "SQL": "sql",
}


def go(page: Page, title: str, room: str, viewer: str, **more: str) -> Locator:
    """Open a deep link, wait for the page, and return its main part."""
    page.goto(f"/{ADDRESSES[title]}?{urlencode({'room': room, 'viewer': viewer, **more})}")
    return ready(page)


def turn(page: Page, title: str) -> Locator:
    """Go to another page by the side bar, even if a narrow window hides it."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=title, include_hidden=True).dispatch_event("click")
    titled(page, title)
    return ready(page)


def follow(page: Page, link: str) -> Page:
    """Follow a link of a table, and return the new tab."""
    with page.context.expect_page() as opened:
        main(page).get_by_role("link", name=link, exact=True).click()
    return opened.value


def in_menu(page: Page) -> list[str]:
    """Return the pages of the viewer's menu."""
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_test_id("stSkeleton")).to_have_count(0)
    links = sidebar.get_by_test_id("stPageLink").all_inner_texts()
    return [title for title in ADDRESSES if any(title in link for link in links)]


def titled(page: Page, title: str) -> None:
    """Wait until this is the only heading: while Streamlit redraws a page, the previous one's may still be there.

    A list is compared: for a single text, playwright fails immediately if there are two.
    """
    expect(page.locator("h1")).to_have_text([QUESTION if title == WELCOME else title])


def ready(page: Page) -> Locator:
    """Wait until the page has a title or a back button, its run has ended and all is drawn; return its main part.

    The code of some elements is loaded on demand, so they are drawn a moment after the run.
    """
    expect(page.locator("h1, h2, .st-key-back").first).to_be_visible()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    expect(main(page).locator('[data-testid="stSkeleton"], .support-list:empty')).to_have_count(0)
    return main(page)


def main(page: Page) -> Locator:
    """Return the page without its side bar."""
    return page.get_by_test_id("stMain")


def click(page: Page, label: str) -> None:
    """Click the only button with this label in the main part; the label may follow an icon.

    While Streamlit redraws a page, the previous one's may still be there.
    """
    button = main(page).get_by_role("button", name=re.compile(rf"^(?:\w+ )?{re.escape(label)}$"))
    expect(button).to_have_count(1)
    button.click()


def text(page: Page) -> str:
    """Return the text of the main part, without the invisible joiners that make text inert."""
    return main(page).inner_text().replace("\u2060", "")


def look(page: Page) -> tuple[str, str]:
    """Return the main part as text and as elements, once it is stable."""
    ready(page)
    last = None
    while last != (now := (text(page), _elements(page))):
        last = now
        page.wait_for_timeout(150)
    return now


def _elements(page: Page) -> str:
    """Return the elements without React's numbers, which depend on what was shown before."""
    return re.sub(r'":r\w+:"', '":r:"', main(page).inner_html())


def link(page: Page) -> dict[str, str]:
    """Return the query parameters of the page's address."""
    return dict(parse_qsl(urlsplit(page.url).query))


def is_at(page: Page, wanted: dict[str, str]) -> None:
    """Wait until the page's address has exactly these query parameters: it may change after the page."""
    with suppress(TooLate):
        page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == wanted, wait_until="commit")
    assert link(page) == wanted


def in_another_room(page: Page, room: str) -> None:
    """Waits until the page's address names another room than this one."""
    page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)).get("room", room) != room, wait_until="commit")


def fits(page: Page) -> None:
    """Waits until nothing of the page is wider than its window: what grows with the window is laid out anew later."""
    page.wait_for_function(
        "[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
        ".every(part => part.scrollWidth <= innerWidth)"
    )


def says(page: Page, words: str, *, within: float | None = None) -> None:
    """Wait until the words appear in the main part, with or without invisible joiners."""
    pattern = r"\s+".join("\u2060?".join(map(re.escape, word)) for word in words.split())
    expect(main(page)).to_contain_text(re.compile(pattern), use_inner_text=True, timeout=within and within * 1000)
