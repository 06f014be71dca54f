"""The arguments of commands, and the opening of tickets."""

import copy
import pickle
from collections.abc import Callable

import pytest

from model import (
    CATEGORIES,
    SEVERITIES,
    Approve,
    Case,
    CloseTicket,
    Engineer,
    Member,
    OpenTicket,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    TicketStatus,
    WriteDiagnostics,
)
from model.visibility import SeenTicket
from tests.model.world import ADELE, CARLA, CLEO, FELIX, KIM, SAM, SOL, START, TICKET, World

HARD = OpenTicket("Sign-ins fail", severity="A", advanced_diagnostics=False, engineer="kim")


@pytest.mark.parametrize("text", ["", " \n", "x" * 501])
def test_a_title_and_a_reason_have_1_to_500_characters(text: str):
    """Empty and overlong texts are refused."""
    with pytest.raises(ValueError, match="the title must have 1 to 500 characters"):
        OpenTicket(text)
    with pytest.raises(ValueError, match="the reason must have 1 to 500 characters"):
        RequestAccess("t1", "fabrikam", text)
    assert OpenTicket("x" * 500).title == RequestAccess("t1", "fabrikam", "x" * 500).reason


def test_the_error_about_an_overlong_text_states_its_length():
    """The writer then knows how much to cut."""
    with pytest.raises(ValueError, match="the note must have 1 to 500 characters, not 512"):
        Approve("r1", "x" * 512)


@pytest.mark.parametrize("text", ["\u200b", "\u200b \u2060", "\u00a0"])
def test_a_text_has_visible_characters(text: str):
    """Spaces and zero-width characters alone are no title."""
    with pytest.raises(ValueError, match="the title must have 1 to 500 characters, not 0"):
        OpenTicket(text)


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_a_character_that_cannot_be_stored_is_named_in_the_error(character: str):
    """Neither a database nor a file accepts it, and the error comes before any change."""
    with pytest.raises(ValueError, match=r"the reason contains '\\.*', a character that cannot be stored"):
        RequestAccess("t1", "fabrikam", f"logs{character}")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Approve(5), "request_id must be text such as 'r1', not 5"),
        (lambda: Reject(None), "request_id must be text such as 'r1', not None"),
        (lambda: Revoke(b"r1"), "request_id must be text such as 'r1', not b'r1'"),
        (lambda: CloseTicket(5), "ticket_id must be text such as 't1', not 5"),
        (lambda: RequestAccess(5, "fabrikam"), "ticket_id must be text such as 't1', not 5"),
        (lambda: RequestAccess("t1", 5), "resource_tenant must be text such as 'fabrikam', not 5"),
        (lambda: ReadDiagnostics(5, "contoso"), "ticket_id must be text such as 't1', not 5"),
        (lambda: ReadDiagnostics("t1", None), "tenant must be text such as 'fabrikam', not None"),
        (lambda: OpenTicket(5), "the title must be text, not 5"),
        (lambda: OpenTicket("Title", engineer=5), "engineer must be text such as 'sam', not 5"),
    ],
)
def test_the_error_about_a_non_text_says_what_is_expected(make: Callable[[], object], told: str):
    """An analyst who passes a number learns what to pass instead."""
    with pytest.raises(TypeError) as error:
        make()
    assert str(error.value) == told


def test_a_refusal_survives_copying_and_pickling():
    """Process pools pass refusals on like any other error."""
    refusal = Refused("not-found", "There is no such ticket here.")
    for other in (copy.copy(refusal), pickle.loads(pickle.dumps(refusal))):
        assert (other.code, other.sentence, str(other)) == (refusal.code, refusal.sentence, str(refusal))


@pytest.mark.parametrize("kind", [ReadDiagnostics, WriteDiagnostics])
def test_the_error_about_an_unknown_word_lists_the_known_ones(kind: type):
    """A typo is answered with the valid choices."""
    with pytest.raises(ValueError, match="unknown category 'sign-ins'; known: directory-objects, "):
        kind("t1", "fabrikam", "sign-ins")
    with pytest.raises(ValueError, match="unknown severity 'D'; known: A, B, C"):
        OpenTicket("Title", severity="D")
    assert [kind("t1", "fabrikam", category).category for category in CATEGORIES] == list(CATEGORIES)
    assert [OpenTicket("Title", severity=severity).severity for severity in SEVERITIES] == list(SEVERITIES)


@pytest.mark.parametrize(
    ("actor", "answer"),
    [
        (CARLA, "open"),
        (ADELE, "open"),
        (FELIX, "open"),
        (CLEO, "no-permission"),
        (SOL, "no-permission"),
        (Member("felix", "contoso"), "no-permission"),
        (SAM, "no-permission"),
        (None, "no-permission"),
    ],
)
def test_a_ticket_is_opened_by_a_member_with_the_permission(actor: Member | Engineer | None, answer: str):
    """It belongs to the tenant where the member is signed in; engineers open none."""
    assert World().answer(TICKET, actor) == answer


@pytest.mark.parametrize("engineer", ["nobody-of-this-name", None])
def test_a_ticket_needs_an_engineer_whom_the_directory_knows(engineer: str | None):
    """The room chooses one if none is named; the rules do not choose."""
    assert World().answer(OpenTicket("Title", engineer=engineer), CARLA) == "not-found"
    assert World().answer(OpenTicket("Title", engineer=engineer), CLEO) == "no-permission", "which counts first"


def test_a_ticket_has_every_field_of_its_command():
    """All of them are in the case, and in the view of the tenant's administrators."""
    here = World()
    here.do(HARD, CARLA)
    assert here.cases == {"t1": Case("t1", "contoso", "Sign-ins fail", "A", False, "kim", START, CARLA)}
    assert here.cases["t1"].status is TicketStatus.OPEN
    seen = SeenTicket(
        ticket_id="t1",
        title="Sign-ins fail",
        severity="A",
        status=TicketStatus.OPEN,
        advanced_diagnostics=False,
        engineer="Kim Akers",
        opened_by="Carla Example",
        opened_at=START,
        closed_by=None,
        closed_at=None,
    )
    assert here.tickets(ADELE) == [seen]


def test_a_closed_ticket_says_who_closed_it_and_when():
    """An administrator and the assigned engineer may close it, and the list shows who did."""
    for closer, name in ((ADELE, "Adele Example"), (KIM, "Kim Akers")):
        here = World()
        here.do(HARD, CARLA)
        here.do(CloseTicket("t1"), closer)
        assert [(seen.status, seen.closed_by, seen.closed_at) for seen in here.tickets(CARLA)] == [
            ("Closed", name, START)
        ]
