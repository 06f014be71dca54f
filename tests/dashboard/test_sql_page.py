"""The page SQL: each kind of viewer queries what they see, and results are only for them."""

import pytest

from model import Approve, Revoke
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen


def search(screen: Screen, sql: str) -> Screen:
    """Writes the SQL and runs it."""
    screen.app.text_area(key="sql").input(sql)
    screen.app.button(key="run").click()
    return screen.run()


def found(screen: Screen) -> list[object]:
    """The rows that are shown; none if there is no table."""
    return [row for table in screen.app.dataframe for row in table.value.to_dict("records")]


@pytest.mark.parametrize(
    ("viewer", "sql", "rows"),
    [
        ("trainer", "SELECT status FROM requests", [{"status": "Pending"}]),
        ("adele@contoso", "SELECT count(*) AS many FROM pending", [{"many": 1}]),
        ("adele@fabrikam", "SELECT count(*) AS many FROM pending", [{"many": 1}]),
        ("sam", "SELECT status FROM requests", [{"status": "Pending"}]),
    ],
)
def test_everybody_can_query_what_they_see(enter: Enter, look: Look, viewer: str, sql: str, rows: list[object]) -> None:
    enter("cross-tenant-approval", steps=2)
    assert found(search(look(viewer, "sql"), sql)) == rows


def test_a_viewer_without_permissions_cannot_query(enter: Enter, look: Look) -> None:
    """A member with neither permission has no field; who only reads the audit log finds no support request."""
    room = enter("role-trap", steps=4)
    assert not look("gina@fabrikam", "sql").app.text_area
    assert len(room.overview().requests()) == 1
    everything = "SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM pending) AS many"
    rosa = look("rosa@fabrikam", "sql")
    assert "pending, approved_access, tickets have no rows for you" in rosa.text.replace("`", "")
    assert [key for key in rosa.keys if key.startswith("example ")] == ["example Activities by person"]
    assert found(search(rosa, everything)) == [{"many": 0}]


def test_results_are_not_shown_to_the_next_viewer(enter: Enter, look: Look) -> None:
    enter("cross-tenant-approval", steps=2)
    screen = search(look("trainer", "sql"), "SELECT status FROM requests")
    assert found(screen)
    screen.choose("who", "adele@contoso")
    assert screen.title == "SQL" and not found(screen)
    assert "audit_log has no rows for you. You have no role" in screen.text.replace("`", "")
    assert found(search(screen, "SELECT count(*) AS many FROM audit_log")) == [{"many": 0}]
    screen.choose("who", "trainer")
    assert not found(screen)


def test_an_error_is_shown_verbatim(enter: Enter, look: Look) -> None:
    """DuckDB's message quotes what somebody wrote: it acts as no Markdown."""
    enter("cross-tenant-approval", steps=2)
    screen = search(look("adele@contoso", "sql"), 'SELECT "![x](//example.org)" FROM tickets')
    assert screen.said == ["This cannot be answered:"]
    assert "![x](//example.org)" in screen.app.code[0].value and not found(screen)
    assert "there is no table log" in search(screen, "FROM log").app.code[0].value
    assert search(screen, "   ").app.text_area and not screen.app.exception


def test_a_button_writes_an_example_that_runs(enter: Enter, look: Look) -> None:
    enter("cross-tenant-approval", steps=4)
    for viewer in ("trainer", "adele@fabrikam", "sam"):
        screen = look(viewer, "sql")
        for key in sorted(key for key in screen.keys if key.startswith("example ")):
            screen.click(key)
            written = screen.app.text_area(key="sql").value
            assert written and not search(screen, written).app.code, screen.app.code[0].value


def test_results_reveal_no_removal(enter: Enter, look: Look) -> None:
    """Ben's page with its answer is the same, byte for byte, while access is live and after it was removed."""
    sent = []
    for removed in (False, True):
        room = enter("cross-tenant-approval", steps=2)
        room.do(Approve("r1"), room.member("adele", "fabrikam"))
        if removed:
            room.do(Revoke("r1"), room.member("adele", "fabrikam"))
        screen = search(look("ben@contoso", "sql"), "FROM approved_access UNION ALL BY NAME FROM tickets")
        assert screen.app.dataframe
        sent.append(screen.sent())
    assert sent[0] == sent[1]
