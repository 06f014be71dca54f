"""How pages look in a real browser: on a phone, in the dark, and with text that tries to be more than text."""

from collections.abc import Callable

import pytest

from data.scenario.reader import parse_scenario
from tests.browser.pages import SIDE_BY_SIDE, Page, expect, go, in_menu, says, turn

MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]

NOT_OF_THE_ROOM = ("Invite", "What if", "Policy", "Other systems", "Editor", "Import")
PHONE = {"width": 390, "height": 844}
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 24, 29)"
HOSTILE = (
    "<img src=x onerror=alert(1)> ![x](http://evil.test/x.png) [a](javascript:alert(1)) :red[hi] $x$ # h "
    "<em>b</em> *c* _d_ `e` www.evil.test http://evil.test mail@evil.test :streamlit: :material/home: -> ~~f~~"
)
_STORY = """
title = '{hostile}'
summary = '{hostile}'
starts = 2026-03-02T09:00:00
tenants = {{ contoso = 'Contoso {hostile}', fabrikam = 'Fabrikam {hostile}' }}
engineers = {{ sam = 'Sam {hostile}' }}
[people.adele]
name = 'Adele {hostile}'
roles = {{ contoso = ["Service Support Administrator"], fabrikam = ["Global Administrator"] }}
[[steps]]
say = '{hostile}'
by = "adele@contoso"
do = "open-ticket"
ticket = "t1"
title = '{hostile}'
[[steps]]
say = '{hostile}'
by = "sam"
do = "request-access"
ticket = "t1"
request = "r1"
resource_tenant = "fabrikam"
reason = '{hostile}'
[[steps]]
say = '{hostile}'
by = "adele@fabrikam"
do = "approve"
request = "r1"
[[steps]]
by = "adele@contoso"
do = "open-ticket"
ticket = "t2"
title = 'Again {hostile}'
[[steps]]
by = "sam"
do = "request-access"
ticket = "t2"
request = "r2"
resource_tenant = "fabrikam"
reason = '{hostile}'
"""
# An element with such a text, an image, or an external link, would come from user input.
MADE_OF_IT = """() => [
    ...[...document.querySelectorAll("body *")].filter(
        element => !element.children.length && ["a", "b", "c", "d", "e", "f", "x", "hi", "home"].includes(
            element.textContent.trim())),
    ...document.querySelectorAll("img:not([src^='data:']), [onerror], a[href*='evil'], a[href^='javascript'], em em"),
    ...document.querySelectorAll("a[href^='mailto'], .katex, iframe"),
].map(element => element.outerHTML)"""


# A phone.


@pytest.mark.parametrize("viewer", ["adele@contoso", "trainer"])
def test_no_page_scrolls_sideways_on_a_phone(open_window: OpenWindow, make_room: MakeRoom, viewer: str) -> None:
    """At 390 pixels everything is readable by scrolling down."""
    page = open_window(viewport=PHONE)
    go(page, SIDE_BY_SIDE, make_room(steps=2), viewer)
    for title in in_menu(page):
        turn(page, title)
        width = page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]"
            ".map(part => part.scrollWidth)"
        )
        assert max(width) <= PHONE["width"], title


# The themes.


@pytest.mark.parametrize(("scheme", "background"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_follows_the_system(
    open_window: OpenWindow, make_room: MakeRoom, scheme: str, background: str
) -> None:
    """A dark system setting gives a dark page."""
    page = open_window(color_scheme=scheme)
    go(page, "Approved access", make_room(steps=3), "adele@fabrikam")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)


# User texts.

_LEGIBLE = 25  # characters of a title that fit in a chart


def test_user_texts_are_shown_verbatim_and_are_inert(open_window: OpenWindow, make_room: MakeRoom) -> None:
    """Titles, reasons, names and narration create no elements and load nothing on any page."""
    room, page = make_room(steps=5, scenario=parse_scenario(_STORY.format(hostile=HOSTILE))), open_window()

    def check(where: str, viewer: str) -> None:
        assert page.evaluate(MADE_OF_IT) == [], where
        not_written = ("SQL",) if viewer == "trainer" else ()  # it names the tenant whose view is asked
        if where not in ("Audit log", *not_written, *NOT_OF_THE_ROOM):  # a table is drawn on a canvas
            says(page, HOSTILE[:_LEGIBLE] if where == "Timeline" else HOSTILE)

    for viewer in ("trainer", "adele@fabrikam"):
        go(page, SIDE_BY_SIDE, room, viewer)
        for title in in_menu(page):
            turn(page, title)
            check(title, viewer)
    for title, viewer, more in (
        ("Support requests", "adele@contoso", {}),
        ("Support engineer's desk", "sam", {}),
        ("Pending requests", "adele@fabrikam", {"request": "r2"}),
        ("Approved access", "adele@fabrikam", {"request": "r1"}),
    ):
        go(page, title, room, viewer, **more)
        check(f"{title} {more}", viewer)
