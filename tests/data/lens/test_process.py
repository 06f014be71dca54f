"""Process pictures: the paths, the hours between steps and waiting by the week, counted by hand."""

import pandas as pd
import pytest

from data import Room

ROWS = [
    # ticket, opened, asked, decided, decision, removed, closed; 2 March 2026 is a Monday
    ("a", "02 08:00", "02 09:30", "02 11:30", "Approved", None, "03 08:00"),
    ("b", "02 08:30", "02 09:00", "02 13:00", "Approved", None, "03 08:00"),
    ("c", "03 08:00", "03 09:00", "03 10:00", "Rejected", None, None),
    ("d", "03 08:00", "03 20:00", None, None, None, None),
    ("e", "03 08:00", None, None, None, None, "03 10:00"),
]
NAMES = ("ticket", "opened", "asked", "decided", "decision", "removed", "closed")


@pytest.fixture(scope="module")
def view():
    rows = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
    for row in rows:
        for name in set(NAMES) - {"ticket", "decision"}:
            row[name] = row[name] and f"2026-03-{row[name]}"
        row |= {"tenant": "Contoso", "resource tenant": "Fabrikam" if row["asked"] else None}
    with Room.from_tickets(pd.DataFrame(rows, dtype=object)) as room:
        yield room.overview()


def test_paths_are_counted_with_their_shares_and_lengths(view):
    found = view.rows("paths")
    assert [(row["path"], row["tickets"], row["share"], row["median_hours"]) for row in found] == [
        ("open, request, approve, close, complete", 2, 0.4, 23.75),
        ("open, close", 1, 0.2, 2.0),
        ("open, request", 1, 0.2, 12.0),
        ("open, request, reject", 1, 0.2, 2.0),
    ]
    assert {row["example"] for row in found[1:]} == {"e", "d", "c"}


def test_hours_between_steps(view):
    found = {(row["action"], row["next_action"]): row for row in view.rows("between_steps")}
    asked = found["open", "request"]
    assert (asked["times"], asked["median_hours"]) == (4, 1.25)
    assert asked["p90_hours"] == pytest.approx(1.5 + 0.7 * 10.5)
    assert found["close", "complete"]["median_hours"] == 0
    assert found["request", "approve"]["median_hours"] == 3.0
    assert ("read", "close") not in found and next(iter(found)) == ("open", "request")


def test_waits_by_the_hour_in_which_access_was_asked_for(view):
    assert [tuple(row.values()) for row in view.rows("waits_by_hour")] == [
        (0, 9, 2, 2, 3.0),
        (1, 9, 1, 1, 1.0),
        (1, 20, 1, 0, None),
    ]
