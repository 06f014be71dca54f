"""Side by side on a projector: its fit, the keys of the presented view, and animation."""

import re

from tests.browser.conftest import MakeRoom, OpenWindow
from tests.browser.pages import SIDE_BY_SIDE, Page, click, expect, go, is_at, main, says, titled

PROJECTOR = {"width": 1280, "height": 720}
FARAH = "Wednesday. Farah goes through"


PARTIES_IN_SIGHT = """wanted => {
    const cards = [...document.querySelectorAll('[data-testid="stMain"] .party')];
    const found = cards.map(card => card.querySelector('strong')).filter(badge => {
        const box = badge.getBoundingClientRect();
        return box.height && box.top >= 0 && box.bottom <= innerHeight;
    });
    return found.map(badge => badge.innerText).join() === wanted.join();
}"""

# On a busy machine a click's run may begin later than the page waits for it: so its clock goes slowly.
HEARS_ALL_THE_TIME = """
const now = performance.now.bind(performance)
performance.now = () => now() / 20
window.WebSocket = class extends WebSocket {
    constructor(url, ...more) {
        super(url, ...more)
        if (url.includes("/changes/")) setInterval(() => this.onmessage?.(), 5)
    }
}"""


def in_sight(page: Page, wanted: list[str]) -> None:
    """Wait until exactly these badges, the first of each party, are visible without scrolling."""
    page.wait_for_function(PARTIES_IN_SIGHT, arg=wanted)


def test_a_step_and_all_parties_badges_fit_on_a_projector(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """At 1280 x 720, with the menu and without it; the keys lead there, on and back."""
    page = open_window(viewport=PROJECTOR)
    room = make_room(steps=9, scenario="busy-week")
    go(page, SIDE_BY_SIDE, room, "trainer")
    click(page, "Next step")
    says(page, "step 10 of 17")
    heading = main(page).get_by_role("heading", name=FARAH)
    expect(heading).to_be_in_viewport(ratio=1)
    in_sight(page, ["not visible", "Revoked", "can read", "Revoked"])
    page.keyboard.press("p")
    is_at(page, {"room": room, "viewer": "trainer", "present": "1"})
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(main(page).locator(".party-large")).to_have_count(4)
    expect(heading).to_be_in_viewport(ratio=1)
    in_sight(page, ["not visible", "Revoked", "can read", "Revoked"])
    page.keyboard.press("ArrowRight")
    says(page, "step 11 of 17")
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    is_at(page, {"room": room, "viewer": "trainer"})


def test_changes_are_animated_unless_the_system_reduces_motion(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """They are animated once, in the presented view."""
    room = make_room(steps=10, scenario="busy-week")
    for motion, moves in (("no-preference", "party-changes"), ("reduce", "none")):
        page = open_window(viewport=PROJECTOR, reduced_motion=motion)
        go(page, SIDE_BY_SIDE, room, "trainer", present="1")
        changed = main(page).locator(".party-changed").first
        expect(changed).to_have_css("animation-name", moves)
        expect(changed).to_have_css("animation-iteration-count", "1")


def test_a_notified_page_undoes_no_click(page: Page, make_room: MakeRoom) -> None:
    """A click that changes the address is in transit when the page is notified of a change."""
    page.add_init_script(HEARS_ALL_THE_TIME)
    go(page, SIDE_BY_SIDE, make_room(steps=3), "adele@contoso")
    for _ in range(3):
        for label in (r"\bPresent\b", r"\bEnd\b"):
            main(page).get_by_role("button", name=re.compile(label)).click()
        titled(page, SIDE_BY_SIDE)
