"""README's tour, with clicks and with the story's own steps in between: it ends well."""

import dashboard.charts  # noqa: F401 - Side by side imports it: longer than a page takes, on a busy machine
from dashboard.background.rooms import rooms
from tests.dashboard.conftest import Look

TITLE = "Guests from Fabrikam cannot sign in"


def test_the_tour_ends_well_with_clicks_and_with_the_storys_steps(look: Look):
    """What was done by hand is told where a step finds it, and is not wiped without a question."""
    screen = look("", "welcome", room="").click("watch")
    room = screen.app.query_params["room"]
    screen.open("side_by_side").click("next step").click("next step")
    screen.open("pending", viewer="adele@contoso", request="r1").click("approve")
    assert screen.said == [f"You approved access to Fabrikam for “{TITLE}”."]
    assert "Compare what each party sees" in screen.links
    assert "they differ" in screen.open("side_by_side").text
    before = screen.open("approved").sent()
    screen.open("approved", viewer="adele@fabrikam", request="r1").click("remove").click("remove yes")
    assert screen.said == [f"Access to Fabrikam for “{TITLE}” is removed."]
    assert screen.open("approved", viewer="adele@contoso").sent() == before

    screen.open("side_by_side", viewer="trainer")
    assert "step 5 of 17" in screen.text and "Not in the story" in screen.text  # the approval; the removal
    told = {}
    for step in range(6, 18):
        screen.click("next step")
        told[step] = [said for said in screen.said if "gone its own way" in said]
    assert [step for step, said in told.items() if said] == [6, 8, 10]
    assert all("Start over" in text for said in told.values() for text in said)
    assert "The story is finished" in screen.text and rooms().get(room).verify()
    assert {"Choose another scenario", "Ask what if"} <= screen.links.keys()

    screen.click("clock +30 days").open("scenarios").click("start rejection")
    assert "One thing that was done by hand since the story began would go with it" in screen.text
    screen.click("start here")
    assert screen.title == "Side by side" and screen.said == ["“Rejection” has begun."]
