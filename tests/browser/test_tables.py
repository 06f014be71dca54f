"""Lists as tables in a browser: sorted by a click, opened in a new tab, and as cards on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import MakeRoom, OpenWindow
from tests.browser.pages import go, ready, titled

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_table_is_sorted_searched_and_opened_and_the_link_keeps_the_choices(page: Page, make_room: MakeRoom) -> None:
    """Details open in a new tab, so the list is unchanged, even after a reload."""
    from playwright.sync_api import expect

    room = make_room(steps=0, scenario="busy-week")
    go(page, "Approved access", room, "trainer")
    heading = page.get_by_role("columnheader", name="Title")
    for expected in ("ascending", "descending"):
        heading.get_by_role("button").click()
        expect(heading).to_have_attribute("aria-sort", expected)
        expect(heading.get_by_role("button")).to_be_focused()
    field = page.get_by_placeholder("Search")
    field.fill("guests")
    field.press("Enter")
    page.wait_for_url("**sort=-title&search=guests")
    with page.context.expect_page() as opened:
        page.get_by_role("row").nth(1).get_by_role("link").click()
    titled(opened.value, "Access request")
    opened.value.close()
    titled(page, "Approved access")
    expect(field).to_have_value("guests")
    page.reload()
    titled(page, "Approved access")
    ready(page)
    expect(field).to_have_value("guests")
    expect(heading).to_have_attribute("aria-sort", "descending")


def test_on_a_phone_the_rows_are_cards(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """Each value is below or beside its label, and nothing exceeds the screen's width."""
    page = open_window(viewport={"width": 390, "height": 844})
    go(page, "Approved access", make_room(steps=0, scenario="busy-week"), "trainer")
    row, table = page.get_by_role("row").nth(1), page.get_by_role("table")
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    box, cells = row.bounding_box(), row.get_by_role("cell").all()
    lefts = {round((cell.bounding_box() or {"x": -1})["x"]) for cell in cells if cell.is_visible()}
    assert box and len(lefts) == 1 and box["width"] > 300
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")


def test_a_phone_shows_ten_cards_of_a_page_until_the_others_are_asked_for(
    open_window: OpenWindow, make_room: MakeRoom
) -> None:
    """A page of an audit log would be ten screens long; a wide window shows it whole, and without the button."""
    from playwright.sync_api import expect

    room = make_room(steps=0, scenario="busy-week")
    page = open_window(viewport={"width": 390, "height": 844})
    go(page, "Audit log", room, "trainer")
    rows, more = page.get_by_role("table").get_by_role("row"), page.get_by_role("button", name="Show 15 more")
    expect(rows).to_have_count(1 + 10)
    more.press("Enter")
    expect(rows).to_have_count(1 + 25)
    expect(rows.nth(11)).to_be_focused()
    expect(more).to_be_hidden()
    page = open_window(viewport={"width": 1280, "height": 720})
    go(page, "Audit log", room, "trainer")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(1 + 25)
    expect(page.get_by_role("button", name="Show 15 more")).to_be_hidden()
