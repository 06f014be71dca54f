"""README's tour, to the letter, with clicks and the story's own steps in between."""

import re

from tests.browser.pages import SIDE_BY_SIDE, WELCOME, Page, click, follow, look, main, ready, says, text, titled
from tests.browser.serving import ROOT
from tests.story_ids import in_a_busy_week

TITLE = "Guests from Fabrikam cannot sign in"


def words_of_the_tour() -> set[str]:
    """Return the words in italics or bold in README's tour: labels to click and read."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tour,) = re.findall(r"^## A tour\n(.*?)^!\[", readme, flags=re.MULTILINE | re.DOTALL)
    return {" ".join(found.split()) for found in re.findall(r"\*{1,2}([^*]+)\*{1,2}", tour)}


class Visitor:
    """A visitor who follows the tour and records the words used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.used: set[str] = set()

    def press(self, label: str) -> None:
        click(self.page, label)
        ready(self.page)
        self.used.add(label)

    def follow(self, label: str) -> None:
        """Follow a link in the main part."""
        main(self.page).get_by_role("link", name=label, exact=True).click()
        self.used.add(label)

    def turn(self, title: str, heading: str = "") -> None:
        """Choose a page in the menu."""
        self.page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
        titled(self.page, heading or title)
        ready(self.page)
        self.used.add(title)

    def look_as(self, who: str) -> None:
        self.page.get_by_test_id("stSidebar").get_by_role("combobox").click()
        self.page.get_by_role("option", name=who).click()
        says(self.page, who)
        ready(self.page)
        self.used.add(who)


def test_the_tour_ends_well_with_clicks_and_with_the_storys_steps(page: Page) -> None:
    """Everything in it is on the pages; acts by hand are reported, and are not discarded without a question."""
    visitor = Visitor(page)
    page.set_default_timeout(60_000)
    page.goto("/")
    titled(page, WELCOME)
    visitor.used.add(WELCOME)
    visitor.press("Watch the story")
    titled(page, SIDE_BY_SIDE)
    visitor.press("First step")
    says(page, "step 1 of 17")
    visitor.press("Next step")
    says(page, "step 2 of 17")

    visitor.look_as("Adele Vance · Contoso")
    visitor.follow("View and approve")
    titled(page, "Pending request")
    visitor.press("Approve")
    says(page, f"You approved access to Fabrikam for “{TITLE}”.")
    visitor.turn(SIDE_BY_SIDE)
    says(page, "they differ")
    main(page).get_by_role("button", name=re.compile(r"\bPresent\b")).click()
    visitor.used.add("Present")
    says(page, "they differ")
    main(page).get_by_role("button", name=re.compile(r"\bEnd\b")).click()
    titled(page, SIDE_BY_SIDE)
    visitor.turn("Approved access")
    before = look(page)[0]

    visitor.look_as("Adele Vance · Fabrikam")
    details = follow(page, in_a_busy_week("t1"))
    titled(details, "Access request")
    click(details, "Remove access")
    visitor.used.add("Remove access")
    click(details, "Remove access now")
    says(details, f"Access to Fabrikam for “{TITLE}” is removed.")
    details.close()
    titled(page, "Approved access")
    visitor.look_as("Adele Vance · Contoso")
    assert look(page)[0] == before

    visitor.turn(SIDE_BY_SIDE)
    says(page, "step 5 of 17")
    says(page, "Not in the story")
    for step in range(6, 18):
        visitor.press("Next step")
        says(page, f"step {step} of 17")
        assert "This page could not be shown" not in text(page)
    says(page, "The story is finished")

    page.get_by_test_id("stSidebar").get_by_role("button", name="+30 days").click()
    says(page, "It is now")
    visitor.used.add("+30 days")
    visitor.turn("Scenarios")
    main(page).get_by_role("button", name="Start", exact=True).nth(1).click()
    page.get_by_role("dialog").get_by_role("button", name="Start it here", exact=True).click()
    says(page, "has begun.")
    titled(page, SIDE_BY_SIDE)
    for title in ("What if", "Policy", "Other systems"):
        visitor.turn(title)
        if title == "Policy":
            says(page, "Revoked")
            visitor.used.add("Revoked")
    assert visitor.used >= words_of_the_tour()
