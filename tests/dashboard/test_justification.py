"""The text area for the justification of a decision."""

from tests.dashboard.conftest import Enter, Look
from tests.dashboard.truth import status


def test_a_decision_needs_its_justification_if_one_is_required(enter: Enter, look: Look):
    """Without one the page says so and nothing happens; with one it is carried out and shown."""
    room = enter("justification", steps=2)
    screen = look("adele@fabrikam", request="r1").click("approve")
    assert screen.said == ["Refused: A justification is required: say why."]
    assert status(room) == "Pending"
    screen.app.text_area(key="note adele@fabrikam r1").set_value("Agreed by telephone")
    screen.click("approve")
    assert status(room) == "Approved"
    screen.open("approved", viewer="adele@fabrikam").click("open r1")
    assert "Agreed by telephone" in screen.text
    screen.app.text_area(key="note adele@fabrikam r1").set_value("Not needed any more")
    screen.click("remove").click("remove yes")
    assert status(room) == "Revoked"
    assert "Not needed any more" in screen.text


def test_no_text_area_is_shown_if_the_policy_does_not_ask(enter: Enter, look: Look):
    """The source's policy has no justification."""
    enter("cross-tenant-approval", steps=2)
    assert not look("adele@fabrikam", request="r1").app.text_area
