"""The pages for people with low vision, a keyboard only, a phone, or reduced motion."""

from collections.abc import Callable

import pytest

from tests.browser.accessibility import findings
from tests.browser.pages import Page, click, expect, go, in_menu, main, ready, says, titled, turn

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]

CONTOSO, FABRIKAM = "adele@contoso", "adele@fabrikam"
VIEWERS = ("trainer", CONTOSO, FABRIKAM, "sam")
STREAMLITS_OWN = (
    "<body>",  # nothing on the page has the focus: Tab goes round by the browser's own bar
    '<main id="stMain"',  # has the focus so that keys can scroll the page, and shows it nowhere
    # A link in the side bar to the page that is open looks always as another does with the focus.
    "waving_hand\n",
    "pending_actions\n",
)
PHONE = {"width": 390, "height": 844}

# What has the focus, and whether that is to be seen on it or around it: a frame, a shadow, another background.
FOCUS = """async () => {
    const look = part => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(part)
        const outline = outlineStyle === "none" ? "" : outlineWidth
        return [outline, boxShadow, borderColor, backgroundColor].join()
    }
    const here = document.activeElement
    const around = [here]
    while (around.length < 5 && around.at(-1).parentElement) around.push(around.at(-1).parentElement)
    around.push(...here.querySelectorAll("*"))
    const focused = around.map(look)
    here.blur()
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    const seen = around.some((part, place) => look(part) !== focused[place])
    here.focus()
    const acts = here.matches("a, button")
    return [acts ? here.innerText || here.ariaLabel : here.outerHTML.slice(0, 150), acts, seen]
}"""


@pytest.mark.parametrize("viewer", VIEWERS)
def test_axe_finds_nothing_on_any_page(open_window: OpenWindow, make_room: MakeRoom, viewer: str) -> None:
    """Nothing critical, serious or moderate, in light and dark, on each page of the viewer's menu."""
    page = open_window(reduced_motion="reduce")
    go(page, "Welcome", make_room(steps=2), viewer)
    wrong = {}
    titles = in_menu(page)
    assert len(titles) > 5
    for title in titles[-4:] if viewer == FABRIKAM else titles:  # the lab's pages are those of the other member
        turn(page, title)
        wrong[title] = findings(page)
    assert {title: found for title, found in wrong.items() if found} == {}


def test_axe_finds_nothing_in_details_and_confirmations(page: Page, make_room: MakeRoom) -> None:
    """Checked are an open access request, and the confirmations of rejection and removal."""
    waiting, live = make_room(steps=2), make_room(steps=3)
    go(page, "Pending requests", waiting, CONTOSO, request="r1")
    click(page, "Reject")
    says(page, "slower resolution")
    assert findings(page) == []
    go(page, "Approved access", live, FABRIKAM, request="r1")
    click(page, "Remove access")
    says(page, "removed immediately")
    assert findings(page) == []


def test_a_request_is_found_read_and_rejected_by_keyboard_alone(page: Page, make_room: MakeRoom) -> None:
    """Tab and Enter reach everything, and the focus is visible."""
    go(page, "Welcome", make_room(steps=2), CONTOSO)
    unseen: list[str] = []

    def press(words: str, key: str = "Enter") -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            text, acts, seen = page.evaluate(FOCUS)
            if not seen:
                unseen.append(text)
            if acts and words in text:
                page.keyboard.press(key)
                return
        raise AssertionError(f"{words!r} cannot be reached")

    press("Pending requests")
    titled(page, "Pending requests")
    ready(page)
    with page.context.expect_page() as opened:
        press("Review for approval")
    page = opened.value
    titled(page, "Pending request")
    ready(page)
    press("Reject")
    says(page, "slower resolution")
    press("Reject this request")
    says(page, "You rejected access to Fabrikam")
    assert [text for text in unseen if not text.startswith(STREAMLITS_OWN)] == []


def test_the_menu_of_a_phone_closes_after_a_choice(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """The choice may be a page or a viewer."""
    page = open_window(viewport=PHONE)
    go(page, "Welcome", make_room(steps=2), CONTOSO)
    opens, closes = page.get_by_test_id("stExpandSidebarButton"), page.get_by_test_id("stSidebarCollapseButton")
    opens.click()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Approved access").click()
    titled(page, "Approved access")
    ready(page)
    expect(closes).to_be_hidden()
    opens.click()
    expect(closes).to_be_visible()
    who = page.get_by_test_id("stSidebar").get_by_role("combobox")
    who.scroll_into_view_if_needed()  # a list that is open closes when what is below it scrolls
    page.wait_for_timeout(300)
    who.click()
    page.get_by_role("option", name="Adele Vance · Fabrikam").click()
    says(page, "Adele Vance · Fabrikam")
    expect(closes).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 720}], ids=["phone", "wide"])
def test_no_band_above_a_page_is_empty(open_window: OpenWindow, make_room: MakeRoom, size: dict[str, int]) -> None:
    """What a page says begins below the menu's button, or at the top edge where there is none."""
    page = open_window(viewport=size)
    go(page, "Pending requests", make_room(steps=2), CONTOSO)
    header = page.get_by_test_id("stHeader").bounding_box()
    first = main(page).get_by_text("Simulation").first.bounding_box()
    assert header and first
    assert first["y"] - header["height"] < 32
