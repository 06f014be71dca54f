"""The screenshots: pages, screen sizes and rooms."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from dashboard.text.question import DEFAULT
from model import Policy
from tests.browser.pages import Page, click, expect, main

SMALL = replace(DEFAULT, arms={}, tickets=2_000, replications=5).with_arm(
    "Expires after four days", Policy(pending_expires_after=timedelta(days=4))
)
LEAK = "visibility.Revoked-both"


@dataclass(frozen=True)
class Screen:
    """A window size, and whether a picture shows the full page or its visible part."""

    width: int
    height: int
    scheme: str = "light"
    whole: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """Return the options of a playwright context."""
        return {"viewport": {"width": self.width, "height": self.height}, "color_scheme": self.scheme}


SCREENS = {
    "wide": Screen(1280, 720),
    "projector": Screen(1920, 1080),
    "phone": Screen(390, 844, whole=True),
    "dark": Screen(1280, 720, "dark", whole=True),
}


@dataclass(frozen=True)
class Shot:
    """A page as a viewer sees it in a room after some steps of its story."""

    page: str
    viewer: str
    steps: int = 5
    more: dict[str, str] = field(default_factory=dict)
    first: Callable[[Page], None] = lambda page: None
    """An action on the page before the picture is taken."""


def run(page: Page) -> None:
    """Ask the page's question, unless another window has done so, and wait for the answer."""
    if main(page).get_by_role("button", name="Run", exact=False).first.is_visible():
        click(page, "Run")
    expect(main(page).locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible(timeout=120_000)


def checked(page: Page) -> None:
    """Wait until the page's policy is checked."""
    expect(main(page).get_by_text("can go on").first).to_be_hidden(timeout=120_000)


SHOTS = {
    "welcome": Shot("Welcome", "adele@contoso", steps=0),
    "side-by-side-begins": Shot("Side by side", "trainer", steps=0),
    "side-by-side": Shot("Side by side", "trainer"),
    "side-by-side-removed": Shot("Side by side", "trainer", steps=10),
    "pending": Shot("Pending requests", "adele@contoso", steps=4),
    "pending-none": Shot("Pending requests", "ben@contoso"),
    "pending-trainer": Shot("Pending requests", "trainer"),
    "pending-request": Shot("Pending requests", "adele@contoso", steps=4, more={"request": "r1"}),
    "approved": Shot("Approved access", "adele@fabrikam", steps=14),
    "approved-request": Shot("Approved access", "adele@fabrikam", more={"request": "r1"}),
    "tickets": Shot("Support requests", "ben@contoso", steps=14),
    "tickets-trainer": Shot("Support requests", "trainer"),
    "sql": Shot("SQL", "trainer", steps=17),
    "audit-log": Shot("Audit log", "adele@fabrikam", steps=17),
    "audit-log-trainer": Shot("Audit log", "trainer", steps=17),
    "no-permission": Shot("Pending requests", "rosa@fabrikam"),
    "desk": Shot("Support engineer's desk", "sam"),
    "scenarios": Shot("Scenarios", "trainer"),
    "editor": Shot("Editor", "trainer", more={"file": "cross-tenant-approval"}),
    "what-if": Shot("What if", "trainer"),
    "what-if-answer": Shot("What if", "trainer", more={"q": SMALL.link}, first=run),
    "policy": Shot("Policy", "trainer", first=checked),
    "policy-leaks": Shot("Policy", "trainer", more={"policy": LEAK}, first=checked),
    "import": Shot("Import", "trainer", first=lambda page: click(page, "Try it with the example")),
    "invite": Shot("Invite", "trainer"),
    "overview": Shot("Overview", "trainer", steps=14),
    "timeline": Shot("Timeline", "trainer", steps=14),
    "other-systems": Shot("Other systems", "trainer"),
}
