"""Frames have the same columns and dtypes with and without rows, so that code works on either."""

from dataclasses import fields

import duckdb
import pandas as pd
import pytest

from data import Room, compare, simulate
from data.lens.figures import SERIES
from data.lens.frames import LOG_COLUMNS, dtypes, log_frame
from data.scenario_writing.counterexamples import screens
from data.store.queries import schema
from model import Engineer, Event, Policy
from model.checker import check
from model.checker.promise_names import PRIVACY
from model.simulation import Behaviour
from model.visibility import AuditEntry, SeenRequest, SeenTicket
from tests.checker.faults import TINY
from tests.worlds import DIRECTORY

SEEN = {"pending": SeenRequest, "approved_access": SeenRequest, "tickets": SeenTicket, "audit_log": AuditEntry}


def told(name: str) -> Room:
    room = Room.create(scenario=name)
    room.play()
    return room


@pytest.fixture(scope="module")
def rooms() -> list[Room]:
    """Return rooms in which some columns have no value: an empty one, a story's beginning and end, a busy week."""
    empty = Room.create(scenario=None, directory=DIRECTORY)
    return [empty, Room.create(), *map(told, ("removal-stays-private", "both-tenants-two-keys", "busy-week"))]


def frames_of(room: Room) -> dict[tuple[str, str], pd.DataFrame]:
    """Return every public frame of a room for each viewer, by frame name and viewer."""
    found = {("events", ""): room.events()}
    everything = room.overview()
    for name in everything.known:
        more = {"ticket_id": str(next(iter(everything.tickets()["ticket_id"]), ""))} if name == "case_log" else {}
        found["overview " + name, ""] = everything.frame(name, **more)
    for line in (None, (room.seq + 1) // 2):
        for member in room.directory.members()[:20]:
            lens = room.as_seen_by(member, line)
            found |= {(name, f"{member} {line}"): getattr(lens, name)() for name in SEEN}
        for engineer in room.directory.engineers:
            desk = room.as_seen_by(Engineer(engineer), line)
            found |= {
                (f"desk {name}", f"{engineer} {line}"): getattr(desk, name)()
                for name in ("tickets", "requests", "reads")
            }
    return found


def types_of(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


@pytest.mark.slow
def test_frames_of_a_room_have_the_same_dtypes_in_every_room(rooms: list[Room]):
    """They do not depend on the history, the viewer or the moment."""
    known: dict[str, dict[str, str]] = {}
    rows: dict[str, int] = {}
    for room in rooms:
        for (kind, viewer), frame in frames_of(room).items():
            types = types_of(frame)
            assert known.setdefault(kind, types) == types, (room.story.title, kind, viewer)
            assert "object" not in types.values(), kind
            rows[kind] = rows.get(kind, 0) + len(frame)
    assert [kind for kind, count in rows.items() if not count] == []


@pytest.mark.slow
def test_a_lens_has_the_dtypes_of_the_rows_that_the_rules_give(rooms: list[Room]):
    """Times, texts and booleans are typed by the annotations of `model.visibility`."""
    for room in rooms:
        for (kind, viewer), frame in frames_of(room).items():
            if kind in SEEN:
                assert types_of(frame) == dtypes(SEEN[kind]), (kind, viewer)


def test_the_screens_of_a_counterexample_have_the_dtypes_of_a_lens():
    """So have screens without rows."""
    both = screens(check(Policy(ask_again_after_grant=True), TINY), PRIVACY)
    assert len(both) == 2
    for screen in both:
        for name, kind in SEEN.items():
            assert types_of(getattr(screen, name)) == dtypes(kind)


def test_frames_of_a_run_have_the_same_dtypes_with_and_without_access_requests():
    """A run may have no access request at all."""
    nothing, much = (simulate(behaviour=Behaviour(share_elsewhere=share), tickets=200) for share in (0, 1))
    assert len(nothing.series("requests by status")) == 0 < len(much.series("requests by status"))
    assert types_of(nothing.events) == types_of(much.events)
    assert types_of(nothing.figures()) == types_of(much.figures())
    for name in SERIES:
        assert types_of(nothing.series(name)) == types_of(much.series(name)), name


def test_frames_of_a_comparison_have_the_same_dtypes_with_one_arm_and_with_two():
    """The same holds without a base, or without a decision."""
    asked = {"source": {"policy": "source"}}
    idle = {"source": {"policy": "source", "behaviour": {"share_elsewhere": 0}}}
    frames = [
        compare(arms, tickets=50, replications=2).tables for arms in (asked, idle, asked | {"okta": {"policy": "okta"}})
    ]
    for others in frames[1:]:
        assert {name: types_of(frame) for name, frame in others.items()} == {
            name: types_of(frame) for name, frame in frames[0].items()
        }


def test_the_schema_has_the_columns_of_the_log():
    """They are in order, so that `schema.sql` and the fields of Event are the only places that list them."""
    db = duckdb.connect()
    db.execute(schema())
    assert [column[0] for column in db.execute("FROM log").description] == list(LOG_COLUMNS)
    assert types_of(db.execute("FROM log").df().astype(dict(LOG_COLUMNS))) == LOG_COLUMNS
    facts = {field.name for field in fields(Event)} - {"actor"}
    assert facts - {"engineer"} <= set(LOG_COLUMNS)


def test_log_lines_have_every_column():
    """Omitted columns are empty, and unknown ones are refused."""
    lines = log_frame(2, {"title": ["One", "Two"]})
    assert list(lines) == list(LOG_COLUMNS)
    assert list(lines["seq"]) == [1, 2]
    assert lines.drop(columns=["seq", "title"]).isna().all(axis=None)
    assert types_of(log_frame(0, {})) == types_of(log_frame(5, {}))
    with pytest.raises(ValueError, match=r"^a log has no columns reasn, titel$"):
        log_frame(0, {"titel": [], "reasn": []})
    for name, dtype in LOG_COLUMNS.items():
        if dtype == "str":
            categories = log_frame(2, {})[name].cat.categories
            assert len(categories) == 1 and categories.dtype == object
        else:
            assert log_frame(2, {})[name].dtype == dtype
