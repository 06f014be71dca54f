"""The Policy page in a real browser: one box makes a leak, which is shown, played as a story, and undone."""

import re
from collections.abc import Callable

from tests.browser.pages import (
    Locator,
    Page,
    click,
    expect,
    fits,
    go,
    in_another_room,
    is_at,
    main,
    ready,
    says,
    text,
    titled,
)

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]

QUICKLY = 60  # seconds that a check may take on a busy machine


def promise(page: Page, name: str) -> Locator:
    """Return the row of a promise."""
    return main(page).locator(f".st-key-promise-{name.replace(' ', '-')}")


def becomes(page: Page, name: str, word: str) -> None:
    """Wait until the promise has this verdict."""
    expect(promise(page, name)).to_contain_text(word, timeout=QUICKLY * 1000)
    ready(page)


def test_a_leak_is_made_shown_played_and_undone(page: Page, make_room: MakeRoom) -> None:
    """One box shows removals to the support request tenant; the promise turns red, and the story shows it."""
    room = make_room(steps=2)
    go(page, "Policy", room, "trainer")
    becomes(page, "Removal is private", "holds")
    box = main(page).get_by_role("checkbox", name="Revoked").first
    box.focus()
    page.keyboard.press("Space")  # a mouse is not needed
    becomes(page, "Removal is private", "broken")
    is_at(page, {"room": room, "viewer": "trainer", "policy": "visibility.Revoked-both"})
    says(page, "What Contoso sees if Fabrikam removed access")
    says(page, "What Contoso sees if Fabrikam did not remove access")
    says(page, "The support request tenant sees what is Revoked")
    expect(box).to_be_checked()

    main(page).get_by_role("button", name="Open as a story in a new room").first.click()
    titled(page, "Side by side")
    says(page, "has begun")
    in_another_room(page, room)
    steps = re.findall(r"step 0 of (\d+)", text(page))
    for step in range(1, int(*steps) + 1):
        main(page).locator(".st-key-next-step button").click()
        says(page, f"step {step} of {steps[0]}")
    says(page, "The story is finished")
    says(page, "Revoked")
    assert "did not go as the story says" not in text(page)

    page.go_back()
    becomes(page, "Removal is private", "broken")
    click(page, "Back to the source")
    becomes(page, "Removal is private", "holds")
    says(page, "Nothing differs: this is the source's policy.")
    expect(box).not_to_be_checked()


def test_a_link_shows_a_colleague_the_same_policy(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """Settings, promises and the counterexample are the same, even on a phone, without scrolling sideways."""
    page = open_window(viewport={"width": 390, "height": 844})
    go(page, "Policy", make_room(steps=2), "adele@contoso", policy="grant_lasts.8-hours~visibility.Completed-both")
    becomes(page, "Removal is private", "broken")
    expect(main(page).get_by_role("combobox", name="Access lasts")).to_have_value("8 hours")
    expect(main(page).get_by_role("checkbox", name="Completed").first).to_be_checked()
    says(page, "How “Removal is private” breaks")
    fits(page)
