"""Approve, Reject and Remove access by their buttons."""

import pytest

from tests.dashboard.conftest import Enter, Look
from tests.dashboard.truth import status

FINAL = "A rejection is final."


@pytest.mark.parametrize("viewer", ["adele@contoso", "adele@fabrikam"])
def test_approve_takes_the_request_from_pending_to_approved_access(enter: Enter, look: Look, viewer: str):
    """An administrator of both decides in either tenant; the page says so and goes back to the list."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look(viewer).click("open r1")
    assert screen.title == "Pending request" and screen.app.query_params["request"] == "r1"
    screen.click("approve")
    assert screen.said == ["You approved access to Fabrikam for “Guests from Fabrikam cannot sign in”."]
    assert status(room) == "Approved"
    assert screen.title == "Pending requests" and "request" not in screen.app.query_params
    assert "open r1" not in screen.keys and "No pending requests" in screen.text


def test_approved_access_is_live_in_the_resource_tenant_and_nowhere_in_the_other(enter: Enter, look: Look):
    """ "Microsoft approved access is visible only in the resource tenant." """
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@fabrikam", request="r1").click("approve").open("approved")
    assert "open r1" in screen.keys and "access is live" in screen.text
    assert "open r1" not in screen.open("approved", viewer="adele@contoso").keys


def test_reject_says_first_what_it_costs_and_that_it_is_final(enter: Enter, look: Look):
    """The source's warning of a slower resolution is beside the button; Cancel changes nothing."""
    room = enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso", request="r1")
    assert FINAL not in screen.text
    screen.click("reject")
    assert FINAL in screen.text and "slower resolution" in screen.text
    assert status(room) == "Pending"
    screen.click("reject no")
    assert FINAL not in screen.text and status(room) == "Pending"
    screen.click("reject").click("reject yes")
    assert status(room) == "Rejected"
    assert screen.said == [
        "You rejected access to Fabrikam for “Guests from Fabrikam cannot sign in”. "
        "The engineer will ask you for the data."
    ]
    for viewer in ("adele@contoso", "adele@fabrikam"):
        assert "open r1" in screen.open("approved", viewer=viewer).keys
        assert "Rejected" in screen.click("open r1").text


def test_an_open_confirmation_is_not_carried_to_another_page(enter: Enter, look: Look):
    """After leaving and coming back, the first button is shown, not the one that acts."""
    enter("cross-tenant-approval", steps=2)
    screen = look("adele@contoso", request="r1").click("reject")
    screen.click("back").click("open r1")
    assert "reject yes" not in screen.keys and "reject" in screen.keys


def test_remove_access_asks_once_more_and_then_ends_it(enter: Enter, look: Look):
    """Fabrikam's own administrator removes; the request stays in the list as Revoked, without the button."""
    room = enter("removal-stays-private", steps=3)
    screen = look("farah@fabrikam", "approved").click("open r1")
    screen.click("remove")
    assert "removed immediately" in screen.text.replace("**", "") and status(room) == "Approved"
    screen.click("remove no")
    assert status(room) == "Approved"
    screen.click("remove").click("remove yes")
    assert status(room) == "Revoked"
    assert screen.said == ["Access to Fabrikam for “Our people are blocked at Fabrikam” is removed."]
    assert "remove" not in screen.keys
    assert "Revoked" in screen.click("back").text


@pytest.mark.parametrize(
    ("viewer", "told"),
    [
        ("ben@contoso", "only an administrator of both"),
        ("farah@fabrikam", "only an administrator of both"),
        ("trainer", "Only an administrator decides"),
    ],
)
def test_a_viewer_who_may_not_decide_has_no_button(enter: Enter, look: Look, viewer: str, told: str):
    """The page says who decides."""
    enter("removal-stays-private", steps=2)
    screen = look(viewer)
    list_text = screen.text
    screen.click("open r1")
    assert not {"approve", "reject"} & screen.keys
    assert told.lower() in (list_text + screen.text).lower()


def test_with_two_approvals_the_first_is_shown_and_the_second_gives_access(enter: Enter, look: Look):
    """Under the policy 'each', Ben's approval leaves the request pending, for Farah to approve."""
    room = enter("both-tenants-two-keys", steps=2)
    screen = look("ben@contoso", request="r1").click("approve")
    assert status(room) == "Pending"
    (said,) = screen.said
    assert said.endswith("No access is open yet; an administrator of Fabrikam still decides.")
    screen.open("pending", request="r1")
    assert "approve" not in screen.keys and "Ben King" in screen.text
    screen.open("pending", viewer="farah@fabrikam", request="r1").click("approve")
    assert status(room) == "Approved"
    assert "of two approvals" not in screen.said[0]


def test_with_two_approvals_the_first_approver_can_still_reject_but_not_approve_again(enter: Enter, look: Look):
    """Adele administers both tenants, but two approvals need two people: Approve is disabled, with the reason."""
    room = enter("both-tenants-two-keys", steps=2)
    look("adele@contoso", request="r1").click("approve")
    screen = look("adele@fabrikam", request="r1")
    assert screen.app.button(key="approve").disabled
    assert any("another administrator of this tenant must give the second" in said for said in screen.said)
    screen.click("reject").click("reject yes")
    assert status(room) == "Rejected"
