"""User texts in names, titles, reasons, scenarios and links reach no place that renders Markdown unescaped.

An image in it would make every reader's browser fetch a foreign address; a directive could forge a badge.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.background.rooms import rooms
from dashboard.shell.page_list import TRAINER
from dashboard.shell.visit import viewer_id, viewers
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.party_cards import PLACE
from tests.dashboard.payload import RAW, exposed
from tests.dashboard.screen import TITLES, Screen, read
from tests.story_ids import T1

HARMLESS_PLACES = {  # Streamlit shows these as they are
    "delta.new_element.selectbox.options",
    "delta.new_element.selectbox.raw_value",
    "delta.new_element.text_input.default",
    "delta.new_element.dataframe.arrow_data.data",
    "delta.new_element.vega_lite_chart.data.data",  # Vega writes labels as text, and escapes its tooltips
    "delta.new_element.html.body",  # escaped for HTML, which reads no Markdown: tests/dashboard/test_welcome.py
    "delta.new_element.vega_lite_chart.alt",
    PLACE,  # drawn as text: tests/browser/test_appearance.py looks
}
SCENARIO = f"""
title = "{RAW} title"
summary = "{RAW} summary"
starts = 2026-03-02T09:00:00
[tenants]
contoso = "{RAW} contoso"
fabrikam = "{RAW} fabrikam"
tailspin = "{RAW} tailspin"
[engineers]
sam = "{RAW} sam"
[people.adele]
name = "{RAW} adele"
roles = {{ contoso = ["Global Administrator"], fabrikam = ["Global Administrator"], tailspin = ["Security Reader"] }}
[[steps]]
say = "{RAW} say"
by = "adele@contoso"
do = "open-ticket"
ticket = "t1"
title = "{RAW} ticket"
[[steps]]
by = "sam"
do = "request-access"
ticket = "t1"
request = "r1"
resource_tenant = "fabrikam"
reason = "{RAW} reason"
expect = {{ contoso = {{ r1 = "Pending" }} }}
[[steps]]
by = "sam"
do = "request-access"
ticket = "t1"
request = "r2"
resource_tenant = "tailspin"
reason = "{RAW} other"
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A story in which everything that has a name is called by the payload."""
    path = tmp_path / "evil.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def all_pages(screen: Screen) -> Iterator[Screen]:
    """Every page with its lists and its details."""
    for page in TITLES:
        yield screen.open(page)
    for page in ("pending", "approved"):
        yield screen.open(page, request="r1")


def test_no_page_passes_user_text_to_markdown(enter: Enter, look: Look, scenario: Path):
    """Every page, for every viewer, with a pending, a live, and a removed request."""
    room = enter(scenario, steps=3)
    adele = room.member("adele", "fabrikam")
    screen, shown = look(TRAINER), 0
    for act in (None, "approve", "remove"):
        if act == "approve":
            screen.open("pending", viewer=viewer_id(adele), request="r1").click("approve")
        if act == "remove":
            screen.open("approved", viewer=viewer_id(adele), request="r1").click("remove").click("remove yes")
        assert exposed(screen) <= HARMLESS_PLACES
        for viewer in viewers(room) if act != "approve" else [adele, None]:
            screen.app.query_params["viewer"] = viewer_id(viewer)
            for page in all_pages(screen):
                assert exposed(page) <= HARMLESS_PLACES
                shown += RAW in read(page.text)
    assert shown > 50


def opens(screen: Screen) -> None:
    screen.open("tickets", viewer="adele@fabrikam").app.text_input(key="new title").input(f"{RAW} opened")
    screen.click("open ticket")


def closes(screen: Screen) -> None:
    screen.open("tickets", viewer="adele@contoso", ticket=T1).click(f"close {T1}").click(f"close {T1} yes")


def rejects(screen: Screen) -> None:
    screen.open("pending", viewer="adele@contoso", request="r1").click("reject").click("reject yes")


def asks(screen: Screen) -> None:
    opens(screen)
    screen.open("desk", viewer="sam").app.text_area(key="ask reason").input(f"{RAW} asked")
    screen.click("ask")


def reads(screen: Screen) -> None:
    screen.open("desk", viewer="sam").choose("read tenant", "contoso").click("read it")


def acts_beside(screen: Screen) -> None:
    screen.open("side_by_side", viewer=TRAINER).click("approve contoso r1")


def goes_its_own_way(screen: Screen) -> None:
    closes(screen)
    screen.click("clock +1 hour").open("scenarios", viewer=TRAINER).click("start over").click("take back yes").click(
        "next step"
    )


@pytest.mark.parametrize("act", [opens, closes, rejects, asks, reads, acts_beside, goes_its_own_way])
def test_no_message_passes_user_text_to_markdown(
    enter: Enter, look: Look, scenario: Path, act: Callable[[Screen], None]
):
    """What a page says of an act names the ticket, the people and the tenants."""
    enter(scenario, steps=3)
    screen = look(TRAINER)
    act(screen)
    assert RAW in read(screen.text)
    assert exposed(screen) <= HARMLESS_PLACES


@pytest.mark.parametrize("name", ["room", "viewer", "request", "ticket"])
def test_a_link_passes_no_text_to_markdown(enter: Enter, look: Look, name: str):
    """The author of a link cannot write on the page."""
    enter("cross-tenant-approval", steps=2)
    for page in TITLES:
        link = {"room": ROOM, "viewer": "adele@contoso"} | {name: RAW}
        screen = look(link.pop("viewer"), page, link.pop("room"), **link)
        assert not exposed(screen)


def test_the_check_finds_unescaped_text(enter: Enter, look: Look, scenario: Path):
    """In the select box of who is looking, where names stand as they are."""
    enter(scenario)
    assert exposed(look(TRAINER)) == {"delta.new_element.selectbox.options"}
    assert rooms().get(ROOM).story.title == f"{RAW} title"


LESSON = (
    SCENARIO
    + f"""
[steps.quiz]
question = "{RAW} question"
choices = ["{RAW} yes", "{RAW} no"]
right = "{RAW} no"
why = "{RAW} why"
[steps.notes]
say = "{RAW} note"
mistakes = "{RAW} mistake"
product = "{RAW} product"
"""
)


def test_quizzes_and_trainers_notes_pass_no_text_to_markdown(enter: Enter, look: Look, tmp_path: Path):
    """Neither to the class nor to the trainer, before, while and after it is asked; nor does the editor."""
    path = tmp_path / "lesson.toml"
    path.write_text(LESSON, encoding="utf-8")
    enter(path, steps=2)
    trainer, member = look(TRAINER, "side_by_side"), look("adele@contoso")
    for act in ("", "quiz ask", "quiz close", "next step"):
        if act:
            trainer.click(act)
        assert exposed(trainer.run()) <= HARMLESS_PLACES and RAW in read(trainer.text)
        assert exposed(member.run()) <= HARMLESS_PLACES
        if member.app.radio:
            member.app.radio[0].set_value(1)
            assert exposed(member.run()) <= HARMLESS_PLACES and f"{RAW} question" in read(member.text)
    editor = look(TRAINER, "editor")
    places = {*HARMLESS_PLACES, "delta.new_element.text_area.default", "delta.new_element.text_area.value"}
    for text in (LESSON, LESSON.replace("by = ", f'"{RAW}" = ', 1), LESSON.replace("Pending", RAW, 1)):
        editor.app.text_area(key="text Scenario").set_value(text)
        assert exposed(editor.run()) - {place for place in exposed(editor) if ".code." in place} <= places
