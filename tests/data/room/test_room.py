"""A room's file, commands, clock and history. What viewers see is tested elsewhere."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data import DamagedRoom, Room, RoomUnavailable, scenarios
from data.room.file import setup
from data.scenario.reader import parse_scenario
from data.scenario.writer import scenario_text
from data.store import log
from model import (
    PRESETS,
    Approve,
    CloseTicket,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    WriteDiagnostics,
)
from tests.data.room.rooms import asked_room, empty_room
from tests.worlds import ACTS, DIRECTORY, POLICIES, START, Moved, PlainRoom, do_both, records, shown_to

DAY = timedelta(days=1)
BACKGROUND = """
title = "Busy"
starts = 2026-03-02T09:00:00
[tenants]
contoso = "Contoso"
fabrikam = "Fabrikam"
[engineers]
sam = "Sam Rivera"
[people.adele]
name = "Adele Vance"
roles = { contoso = ["Global Administrator"], fabrikam = ["Global Administrator"] }
[background]
tenants = 3
tickets_per_day = 3
days = 10
"""


def everything(room: Room) -> list[object]:
    return [shown_to(room.as_seen_by(member)) for member in DIRECTORY.members()]


# Files.


def test_a_room_in_a_file_is_the_same_after_reopening(tmp_path):
    """Compared are clock, log, policy, suggested viewers, seed and story."""
    with asked_room(tmp_path / "new" / "a.duckdb", PRESETS["two-key"])[0] as room:
        room.advance(DAY)
        shown, log_before = everything(room), room.events()
    with Room.open(tmp_path / "new" / "a.duckdb") as again:
        assert everything(again) == shown
        pd.testing.assert_frame_equal(again.events(), log_before)
        assert (again.now, again.seed, again.policy) == (START + DAY, 1, PRESETS["two-key"])
        assert again.directory == DIRECTORY
        assert list(again.directory.engineers) == list(DIRECTORY.engineers)
        assert again.verify()


def test_closing_twice_is_harmless(tmp_path):
    """A context manager around a room that was already closed raises nothing."""
    with empty_room(tmp_path / "a.duckdb") as room:
        room.close()
    Room.open(tmp_path / "a.duckdb").close()


@pytest.mark.parametrize("name", ["data.lens.duckdb", "lens.duckdb"])
def test_reading_a_room_does_not_change_its_file(tmp_path, name):
    """The macros of the lens and the figures are in memory, whatever the file's name, and in no snapshot."""
    path = tmp_path / name
    Room.create(path).close()
    before = path.read_bytes()
    with Room.open(path) as room:
        room.as_seen_by(room.member("adele", "contoso")).pending()
        room.overview().metric("median hours to a decision")
        room.snapshot(tmp_path / "copy.duckdb")
    assert path.read_bytes() == before
    with duckdb.connect(tmp_path / "copy.duckdb", read_only=True) as copy:
        macros = copy.execute("SELECT function_name FROM duckdb_functions() WHERE database_name = 'copy'").fetchall()
    assert {name for (name,) in macros} == {"clock_at", "log_at", "tickets_at", "requests_at", "audit_entries_at"}


def test_a_file_that_is_no_room_is_not_opened_and_not_changed(tmp_path):
    """Tried are a missing file, a text, an empty file, a folder and another DuckDB database."""
    with pytest.raises(FileNotFoundError):
        Room.open(tmp_path / "missing.duckdb")
    assert not (tmp_path / "missing.duckdb").exists()
    (tmp_path / "blocked.txt").write_text("no room at all " * 999)
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    for name in ("blocked.txt", "empty", "folder"):
        with pytest.raises(ValueError, match="is not a room"):
            Room.open(tmp_path / name)
    assert (tmp_path / "empty").stat().st_size == 0
    for number, table in enumerate(("other (a INTEGER)", "room (a INTEGER)")):
        with duckdb.connect(str(tmp_path / f"{number}.db")) as db:
            db.execute(f"CREATE TABLE {table}")
        for _ in range(2):  # the first attempt released the file
            with pytest.raises(ValueError, match="not a room"):
                Room.open(tmp_path / f"{number}.db")


def test_a_room_of_another_format_is_refused(tmp_path):
    """The error has both format numbers."""
    empty_room(tmp_path / "a.duckdb").close()
    with duckdb.connect(str(tmp_path / "a.duckdb")) as db:
        db.execute("UPDATE room SET format = 99")
    with pytest.raises(
        ValueError, match="format 99; this program reads the formats 2 to 4: open it with the newer version"
    ):
        Room.open(tmp_path / "a.duckdb")


def test_creating_never_overwrites(tmp_path):
    """This holds for any kind of file."""
    (tmp_path / "a.duckdb").write_text("precious")
    with pytest.raises(FileExistsError):
        empty_room(tmp_path / "a.duckdb")
    assert (tmp_path / "a.duckdb").read_text() == "precious"


def test_a_room_that_could_not_be_created_leaves_nothing_behind(tmp_path, monkeypatch):
    """The name is then free for the next attempt."""
    with monkeypatch.context() as patch:
        patch.setattr(setup, "fixed_tables", Mock(side_effect=OSError("no folder")))
        with pytest.raises(RoomUnavailable, match="cannot be read or written now"):
            empty_room(tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []
    empty_room(tmp_path / "a.duckdb").close()


def test_a_story_that_could_not_be_read_back_is_not_written(tmp_path):
    """Its room could never be opened again."""
    story = replace(scenarios()["rejection"], title="Reject\u200bion")
    story = replace(story, text=scenario_text(story))
    with pytest.raises(ValueError, match="an invisible character"):
        Room.create(tmp_path / "a.duckdb", story)
    assert list(tmp_path.iterdir()) == []


def test_a_new_room_may_have_the_name_of_a_deleted_one(tmp_path):
    """The deleted room's mark does not apply to the new one."""
    asked_room(tmp_path / "a.duckdb")[0].close()
    (tmp_path / "a.duckdb").unlink()
    empty_room(tmp_path / "a.duckdb").close()
    Room.open(tmp_path / "a.duckdb").close()


def test_a_file_is_opened_once_in_this_process(tmp_path):
    """DuckDB would open it twice, and the two would overwrite each other's lines."""
    with empty_room(tmp_path / "a.duckdb"):
        for again in (tmp_path / "a.duckdb", tmp_path / "x" / ".." / "a.duckdb"):
            with pytest.raises((ValueError, FileNotFoundError)):
                Room.open(again)
        with pytest.raises(ValueError, match="is open already"):
            Room.open(tmp_path / "a.duckdb")
    Room.open(tmp_path / "a.duckdb").close()


@pytest.mark.slow
def test_a_file_is_opened_by_one_process(tmp_path):
    """Another process gets the reason, and the advice to use a snapshot."""
    code = f"from data import Room; Room.open({str(tmp_path / 'a.duckdb')!r})"
    with empty_room(tmp_path / "a.duckdb"):
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "ValueError" in ran.stderr and "open in another process" in ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["log", "main", "temp", "memory", "room", 'say "a"', "it's", "r", "x.y", "lock"])
def test_a_file_may_have_any_name(tmp_path, name):
    """It may contain SQL syntax."""
    room, _, _ = asked_room(tmp_path / name)
    with room:
        assert len(room.as_seen_by(room.member("eve", "south"), as_of=3).pending()) == 1
        room.snapshot(tmp_path / f"copy of {name}")
    with Room.open(tmp_path / f"copy of {name}") as copy:
        assert copy.verify()


# Making.


def test_a_policy_is_given_as_a_value_a_preset_or_a_table():
    """All three mean the same, and an unknown word is refused with the nearest one."""
    table = {"approval": "resource", "grant_lasts": "24 hours"}
    given_as = [Policy(approval="resource", grant_lasts=DAY), "okta", table, {"preset": "okta"}]
    assert {Room.create(scenario=None, policy=policy).policy for policy in given_as} == {PRESETS["okta"]}
    for wrong in ("octa", {"aproval": "both"}):
        with pytest.raises(ValueError, match=r"okta|approval"):
            Room.create(scenario=None, policy=wrong)


def test_a_story_is_given_by_name_by_path_as_a_value_or_not_at_all(tmp_path):
    """An unknown name is answered with the nearest one."""
    (tmp_path / "mine.toml").write_text(BACKGROUND)
    for mine in (tmp_path / "mine.toml", str(tmp_path / "mine.toml"), parse_scenario(BACKGROUND)):
        assert Room.create(scenario=mine).story.title == "Busy"
    assert Room.create(scenario=None).story.steps == ()
    with pytest.raises(ValueError, match="cross-tenant-approval"):
        Room.create(scenario="cross-tenant-aproval")


def test_the_same_seed_makes_the_same_room():
    """It is equal line by line; another seed makes another room."""

    def made(seed: int) -> pd.DataFrame:
        room = Room.create(scenario=parse_scenario(BACKGROUND), seed=seed)
        member, engineer = room.member("adele", "contoso"), room.engineer("sam")
        ticket = room.do(OpenTicket("Fails"), member).ticket_id or ""
        room.do(RequestAccess(ticket, "fabrikam"), engineer)
        return room.events()

    pd.testing.assert_frame_equal(made(3), made(3))
    assert not made(3).equals(made(4))


def test_an_unknown_member_or_engineer_is_refused():
    """A typo is answered with the nearest name."""
    room = empty_room()
    for person, tenant, says in (("anne", "north", "ann"), ("ann", "nort", "north"), ("ann", "west", "not a member")):
        with pytest.raises(ValueError, match=says):
            room.member(person, tenant)
    with pytest.raises(ValueError, match="kim"):
        room.engineer("kin")


# Commands.


@pytest.mark.slow
@pytest.mark.parametrize("what", ["append", "save_case"])
def test_a_command_is_carried_out_whole_or_not_at_all(monkeypatch, tmp_path, what):
    """A write that fails midway leaves the room unchanged in memory and on disk, and working."""
    room, ticket, _ = asked_room(tmp_path / "a.duckdb")
    before, lines = everything(room), room.seq
    real = getattr(log, what)

    def failing(*given, **more):
        real(*given, **more)
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(log, what, failing)
        with pytest.raises(OSError, match="disk full"):
            room.do(CloseTicket(ticket), room.member("bea", "north"))
    assert (everything(room), room.seq, room.verify()) == (before, lines, True)
    room.close()
    with Room.open(tmp_path / "a.duckdb") as room:
        assert everything(room) == before
        room.do(CloseTicket(ticket), room.member("bea", "north"))
        assert room.verify()


def test_every_attempt_to_read_is_recorded_granted_or_refused():
    """This includes unknown tickets, engineers who are not assigned, and members."""
    room, ticket, request = asked_room()
    kim, lee, ann = room.engineer("kim"), room.engineer("lee"), room.member("ann", "south")

    def tried(command, actor):
        try:
            return len(room.do(command, actor).records)
        except Refused as refused:
            return str(refused.code)

    read = ReadDiagnostics(ticket, "south", "sign-in-logs")
    assert tried(read, kim) == "no-access"
    room.do(Approve(request), ann)
    assert tried(read, kim) > 0
    assert tried(WriteDiagnostics(ticket, "south"), kim) == "read-only"
    assert tried(read, lee) == tried(ReadDiagnostics("t-none", "south"), lee) == tried(read, ann) == "not-assigned"
    outcomes = [row["outcome"] for row in records(room.as_seen_by(kim).reads())]
    assert outcomes == ["read-only", "granted", "no-access"]
    assert list(room.as_seen_by(lee).reads()["outcome"]) == ["not-assigned"] * 2
    assert (room.events()["action"] == "read").sum() == 6
    assert room.verify()


def test_a_decision_on_a_request_that_changed_since_it_was_shown_is_refused():
    """With two approvals, the first came between the second administrator's look and click."""
    room, ticket, request = asked_room(policy=PRESETS["two-key"])
    bea, eve, ann = room.member("bea", "north"), room.member("eve", "south"), room.member("ann", "north")
    seen = room.as_seen_by(eve).request(request)
    room.do(Approve(request), bea)
    with pytest.raises(Refused) as refused:
        room.do(Reject(request), eve, seen=seen)
    assert refused.value.code == "changed-meanwhile"
    assert room.verify()
    room.do(Approve(request), eve, seen=room.as_seen_by(eve).request(request))
    with pytest.raises(Refused) as refused:  # it is now hidden from North, and its ticket is open
        room.do(CloseTicket(ticket), ann, seen=seen)
    assert refused.value.code == "changed-meanwhile"


@pytest.mark.slow
@examples(max_examples=8)
@given(between=st.lists(ACTS, max_size=6))
def test_ids_reveal_nothing_about_other_tenants(between):
    """A tenant's next ids do not depend on events elsewhere."""

    def next_ids(elsewhere: bool) -> tuple[str | None, ...]:
        room, ticket, _ = asked_room()
        plain = PlainRoom(room.policy, [Moved(START)])
        for act in between if elsewhere else ():
            command, _ = plain.chosen(act)
            if isinstance(command, OpenTicket):
                opened = room.do(OpenTicket("Other", engineer="lee"), room.member("eve", "west")).ticket_id
                room.do(RequestAccess(opened or "", "south"), room.engineer("lee"))
        again = room.do(OpenTicket("Fails", engineer="kim"), room.member("bea", "north")).ticket_id
        asked = room.do(RequestAccess(ticket, "west"), room.engineer("kim")).request_id
        return again, asked, room.do(RequestAccess(again or "", "west"), room.engineer("kim")).request_id

    assert next_ids(True) == next_ids(False)


# History.


@pytest.mark.slow
@examples(max_examples=6)
@given(policy=POLICIES, acts=st.lists(ACTS, min_size=6, max_size=14), seed=st.integers(0, 5))
def test_a_room_can_be_rewound_to_every_line_of_its_log(policy, acts, seed):
    """It then shows what it showed at that moment, or at the end of the act to which the line belongs."""
    room, plain = empty_room(policy=policy, seed=seed), PlainRoom(policy, [Moved(START)])
    for act in acts:
        do_both(room, plain, *plain.chosen(act))
    shown = {}
    for end in plain.ends:
        earlier = plain.as_of(end)
        shown[end] = [earlier.seen_by(member) for member in DIRECTORY.members()]
    for line in range(len(plain.lines), 0, -1):
        room.rewind(line)
        plain.rewind(line)
        assert room.seq == len(plain.lines) >= line
        assert room.verify()
        there = shown[room.seq][line % len(shown[1])]
        assert shown_to(room.as_seen_by(DIRECTORY.members()[line % len(shown[1])])) == there
    room.start_over()
    assert (room.seq, room.now) == (1, START)
    assert everything(room) == shown[1]


def test_an_unknown_line_is_refused():
    """This holds for rewinding and for looking back."""
    room = empty_room()
    for line in (0, -1, 2):
        with pytest.raises(ValueError, match="the log has lines 1 to 1"):
            room.rewind(line)
        with pytest.raises(ValueError, match="the log has lines 1 to 1"):
            room.as_seen_by(room.member("ann", "north"), as_of=line)


@pytest.mark.slow
def test_a_story_continues_from_wherever_it_was_rewound_to():
    """No step is done twice, skipped or split."""
    room = Room.create()
    total = len(room.story.steps)
    assert [played.number for played in room.play()] == list(range(1, total + 1))
    whole = room.events()
    for line in range(len(whole), 0, -1):
        room.rewind(line)
        assert not any(played.failures for played in room.play())
        pd.testing.assert_frame_equal(room.events(), whole)
        assert room.verify()
    room.start_over()
    assert room.steps_done == 0 and room.next_step() is not None
    assert room.steps_done == 1


@pytest.mark.slow
def test_a_snapshot_is_a_room_of_its_own(tmp_path):
    """It may replace a room with a longer log and a cut-off write-ahead log."""
    room, ticket, _ = asked_room(tmp_path / "a.duckdb")
    with room:
        for path in (tmp_path / "copy.duckdb", tmp_path / "deep" / "er" / "copy.duckdb"):
            Path(f"{path}.mark").parent.mkdir(parents=True, exist_ok=True)
            Path(f"{path}.mark").write_text("99999")
            Path(f"{path}.wal").write_text("left over")
            for _ in range(2):
                room.snapshot(path)
            with Room.open(path) as copy:
                assert (everything(copy), copy.now, copy.verify()) == (everything(room), room.now, True)
                copy.do(CloseTicket(ticket), copy.member("bea", "north"))
        assert len(room.as_seen_by(room.member("eve", "south")).pending()) == 1
        assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_snapshot_never_replaces_an_open_room(tmp_path):
    """That room, its own or another, would continue in a deleted file."""
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "a.duckdb")
    with empty_room(tmp_path / "a.duckdb") as room, empty_room() as other:
        for source in (room, other):
            for name in ("a.duckdb", "link.duckdb"):
                with pytest.raises(ValueError, match="goes into another file"):
                    source.snapshot(tmp_path / name)


# Time.


@pytest.mark.slow
@examples(max_examples=10)
@given(policy=POLICIES, acts=st.lists(ACTS, min_size=4, max_size=10), days=st.integers(1, 12))
def test_one_jump_of_many_days_equals_as_many_jumps_of_one_day(policy, acts, days):
    """Either way what falls due happens at its own time, in its own order."""
    rooms = [empty_room(policy=policy), empty_room(policy=policy)]
    for room in rooms:
        plain = PlainRoom(policy, [Moved(START)])
        for act in acts:
            do_both(room, plain, *plain.chosen(act))
    rooms[0].advance(days * DAY)
    for _ in range(days):
        rooms[1].advance(DAY)
    assert everything(rooms[0]) == everything(rooms[1])
    without_clock = [room.events().query("action != 'clock'").drop(columns="seq") for room in rooms]
    pd.testing.assert_frame_equal(*(frame.reset_index(drop=True) for frame in without_clock))
    assert all(room.verify() for room in rooms)


def test_what_falls_due_happens_at_that_moment():
    """It happens not before, and at its own time however long the jump."""
    room, _, request = asked_room(policy=Policy(pending_expires_after=DAY))
    lens = room.as_seen_by(room.member("eve", "south"))
    assert room.overview().next_due() == lens.next_due() == START + DAY
    room.advance(DAY - timedelta(microseconds=1))
    assert lens.request(request)["status"] == "Pending"
    room.advance(timedelta(microseconds=1))
    assert lens.request(request)["status"] == "Expired"
    assert room.overview().next_due() == lens.next_due() == START + 31 * DAY
    room.rewind(3)
    room.advance(100 * DAY)
    assert (lens.request(request)["changed_at"], room.now) == (START + DAY, START + 100 * DAY)


@pytest.mark.parametrize("by", [timedelta(microseconds=-1), timedelta(days=3651), timedelta.max, timedelta.min])
def test_a_jump_back_or_an_absurd_one_is_refused(by):
    """Nothing is written."""
    room, _, _ = asked_room()
    with pytest.raises(ValueError, match="the clock moves forward by at most 3,650 days"):
        room.advance(by)
    assert (room.now, room.seq) == (START, 3)


def test_the_clock_ends_with_the_year_2199():
    """Many long jumps lead there, and the room stays usable."""
    room, _, _ = asked_room()
    for _ in range(17):
        room.advance(timedelta(days=3650))
    with pytest.raises(ValueError, match="no further than the year 2199"):
        room.advance(timedelta(days=3650))
    assert room.now.year == 2196
    assert room.verify()
    room.do(OpenTicket("Late"), room.member("ann", "north"))


# Damage.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tampering", "says"),
    [
        ("UPDATE requests SET status = 'Approved'", "the table requests is not what the log says"),
        ("DELETE FROM requests WHERE side = 'resource tenant'", "the table requests is not what the log says"),
        ("INSERT INTO requests FROM requests LIMIT 1", "the table requests is not what the log says"),
        ("UPDATE tickets SET closed_at = NULL", "the table tickets is not what the log says"),
        ("UPDATE tickets SET title = 'Other'", "the table tickets is not what the log says"),
        ("UPDATE clock SET now = now + INTERVAL 1 HOUR", "the table clock is not what the log says"),
        ("DELETE FROM log WHERE seq = 3", "line 5 had been acknowledged"),
        ("INSERT INTO log FROM log WHERE seq = 1", "lines of the log are missing or doubled"),
        ("UPDATE log SET seq = seq + 1", "is not what the log says"),
        ("UPDATE log SET to_status = 'Approved' WHERE action = 'request'", "not in the lifecycle table"),
        ("UPDATE log SET from_status = 'Approved' WHERE action = 'reject'", "not in the lifecycle table"),
        ("UPDATE log SET occurred_at = occurred_at - INTERVAL 1 DAY WHERE seq = 2", "is not what the log says"),
        ("INSERT INTO visibility VALUES ('Approved', 'support request tenant')", "the table visibility is not what"),
        ("DELETE FROM audit", "the table audit is not what the rules"),
        ("UPDATE memberships SET manages_support_access = true", "the table memberships is not what the rules"),
        ("UPDATE history SET hours = 1", "the table history is not what the rules"),
    ],
)
def test_tampering_is_found_and_named(tmp_path, tampering, says):
    """It is found in the log, in the tables derived from it, and in the rule tables that SQL joins."""
    room, ticket, request = asked_room(tmp_path / "a.duckdb")
    with room:
        room.do(Reject(request), room.member("ann", "south"))
        room.do(CloseTicket(ticket), room.member("bea", "north"))
        assert room.verify()
    with duckdb.connect(str(tmp_path / "a.duckdb")) as db:
        db.execute(tampering)
    with pytest.raises(DamagedRoom, match=says), Room.open(tmp_path / "a.duckdb") as room:
        room.verify()


@pytest.mark.slow
def test_a_log_that_was_cut_off_is_noticed(tmp_path):
    """DuckDB opens a cut write-ahead log silently; the room notices if anything is missing."""
    code = f"""
import os
from tests.data.room.rooms import asked_room
from model import CloseTicket
room, ticket, request = asked_room({str(tmp_path / "a.duckdb")!r})
room.do(CloseTicket(ticket), room.member("bea", "north"))
os.kill(os.getpid(), 9)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == -9, ran.stderr
    files = {name: (tmp_path / name).read_bytes() for name in ("a.duckdb", "a.duckdb.wal", "a.duckdb.mark")}
    written = files["a.duckdb.wal"]
    noticed = 0
    for length in [*range(0, len(written), max(1, len(written) // 25)), len(written) - 1, len(written)]:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content[:length] if name.endswith("wal") else content)
        try:
            with Room.open(tmp_path / "a.duckdb") as room:
                assert room.seq == 5
                assert room.verify()
        except ValueError:
            noticed += 1
            assert length < len(written)
    assert noticed


def test_a_damaged_mark_is_named(tmp_path):
    """The error says what to do, instead of an error of int()."""
    empty_room(tmp_path / "a.duckdb").close()
    (tmp_path / "a.duckdb.mark").write_text("")
    with pytest.raises(DamagedRoom, match="mark file is damaged"):
        Room.open(tmp_path / "a.duckdb")


def test_a_hidden_request_is_refused_like_a_missing_one():
    """The texts are identical for reads and decisions, and neither is logged."""
    room, _, request = asked_room()
    room.do(Approve(request), room.member("ann", "south"))
    bea, answers = room.member("bea", "north"), set()
    before = room.seq
    for id_ in (request, "r-none", ""):
        for ask in (
            lambda id_=id_: room.as_seen_by(bea).request(id_),
            *(lambda id_=id_, kind=kind: room.do(kind(id_), bea) for kind in (Approve, Reject, Revoke)),
        ):
            with pytest.raises(Refused) as refused:
                ask()
            answers.add(repr(refused.value))
    assert len(answers) == 1
    assert room.seq == before


def test_acts_by_hand_are_counted_apart_from_the_story():
    """Steps can be replayed, even refused ones; acts by hand are lost if another story begins."""
    with Room.create(scenario="busy-week") as room:
        room.play()
        room.advance(timedelta(days=1))
        assert room.acts_by_hand() == 0
        room.do(OpenTicket("Help"), room.member("adele", "contoso"))
        with pytest.raises(Refused):
            room.do(ReadDiagnostics(room.progress.id_of("t1"), "fabrikam", "sign-in-logs"), room.engineer("sam"))
        assert room.acts_by_hand() == 2  # the refused attempt is in the log
        room.start_over()
        assert room.acts_by_hand() == 0
