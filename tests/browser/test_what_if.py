"""The What if page in a real browser: a run that does not disturb others, pictures, a link, and a case as a story."""

from collections.abc import Callable
from dataclasses import replace

from dashboard.text.question import DEFAULT
from model import Policy
from tests.browser.pages import Page, click, expect, go, link, main, ready, says, titled

SMALL = replace(DEFAULT, arms={}, tickets=300, replications=2).with_arm("The same once more", Policy())
ENDLESS = replace(DEFAULT, tickets=200_000, replications=40)
PICTURES = ("Decided", "Resolved", "Live grants", "All differences", "Time against access")
DONE = "How people act is assumed, not measured"

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]


def test_a_question_is_answered_shared_by_link_and_shown_as_a_story(
    open_window: OpenWindow, make_room: MakeRoom
) -> None:
    """The pictures are drawn, the link shows others the same result, and a case is played in a new room."""
    page, friend = open_window(), open_window(viewport={"width": 390, "height": 844})
    room = make_room(steps=2)
    go(page, "What if", room, "adele@contoso", q=SMALL.link)
    click(page, "Run")
    says(page, DONE, within=120)
    says(page, "changes nothing: every figure is the same.")
    for label in PICTURES:
        main(page).get_by_role("radio", name=label).click()
        expect(
            main(page).locator("[data-testid=stVegaLiteChart] svg").get_by_text("The same once more").first
        ).to_be_attached()

    friend.goto(page.url.replace(room, make_room(steps=2)))
    says(friend, DONE)
    assert link(friend)["q"] == SMALL.link
    for label in ("All differences", "Time against access"):
        main(friend).get_by_role("radio", name=label).click()
        expect(main(friend).locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible()
        assert friend.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390, label

    click(page, "Make its story")
    main(page).get_by_role("link", name="Open the story in a room of its own").click()
    titled(page, "Side by side")
    says(page, "simulated cases")
    assert link(page)["room"] != room
    click(page, "First step")
    says(page, "step 1 of")
    page.go_back()
    ready(page)
    says(page, DONE)
    assert link(page)["room"] == room


def test_a_run_is_stopped_while_another_visitor_works(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """The page itself stays usable, too: the question is changed, and the run is found again."""
    page, visitor = open_window(), open_window()
    go(page, "What if", make_room(steps=2), "trainer", q=ENDLESS.link)
    click(page, "Run")
    says(page, "Stop")
    go(visitor, "Pending requests", make_room(steps=2), "adele@contoso", request="r1")
    click(visitor, "Approve")
    says(visitor, "You approved access to Fabrikam")
    main(page).get_by_role("button", name="Remove").first.click()
    says(page, "is still being answered")
    click(page, "Show it")
    click(page, "Stop")
    says(page, "The run was stopped")
