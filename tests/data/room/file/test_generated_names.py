"""A copy with generated names has the same history, and nobody is recognisable by name, number or text."""

import duckdb
import pandas as pd
import pytest

from data import Room
from model import Approve, OpenTicket, Revoke

HISTORY = ["seq", "occurred_at", "action", "from_status", "to_status", "due_at", "severity", "refusal", "step"]


def copied(room: Room, path) -> Room:
    room.snapshot(path, generated_names=True)
    return Room.open(path)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Return a room with traffic, half of its story and acts by hand, and its copy."""
    with Room.create(scenario="removal-stays-private", policy={"justification": "asked"}) as room:
        for _ in range(3):
            room.next_step()
        room.do(Revoke("r1", "Contoso asked Adele for it"), room.member("farah", "fabrikam"))
        room.do(OpenTicket("Adele Vance's laptop, 4711"), room.member("adele", "contoso"))
        room.do(OpenTicket("Taken back: Adele Vance"), room.member("adele", "contoso"))
        room.undo()
        room.rename("Contoso on Monday")
        with copied(room, tmp_path_factory.mktemp("copy") / "copy.duckdb") as copy:
            yield room, copy


def test_the_same_things_happened_at_the_same_time(rooms):
    room, copy = rooms
    pd.testing.assert_frame_equal(copy.events()[HISTORY], room.events()[HISTORY])
    assert copy.verify() and copy.policy == room.policy and copy.now == room.now


def test_a_person_has_one_new_name_everywhere(rooms):
    room, copy = rooms
    before, after = room.events(), copy.events()
    for column in ("person", "signed_in_to", "engineer", "tenant", "assigned_engineer", "ticket_id"):
        pairs = pd.DataFrame({"old": before[column], "new": after[column]}).dropna().drop_duplicates()
        assert len(pairs) and pairs["old"].is_unique and pairs["new"].is_unique, column
        assert not set(pairs["old"]) & set(pairs["new"]), column
        assert before[column].isna().equals(after[column].isna()), column
    assert len(copy.directory.roles) == len(room.directory.roles)


def test_no_original_name_id_or_typed_text_is_left_in_the_file(rooms):
    room, copy = rooms
    with copy._cursor() as cursor:
        tables = [name for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        everything = "\n".join(str(cursor.execute(f"FROM {table}").fetchall()) for table in tables)
    known = [room.directory.tenants, room.directory.people, room.directory.engineers]
    names = {name for each in known for name in each.values()} | {"Adele", "Contoso", "adele@", "4711", "Monday"}
    ids = set(room.events()["ticket_id"].dropna())
    assert not [it for it in names | ids if it in everything]
    assert "undone" not in tables, "nor what was taken back"


def test_typed_texts_are_replaced_and_the_storys_texts_have_the_new_names(rooms):
    room, copy = rooms
    events = copy.events()
    assert events["title"].iloc[-2:].dropna().tolist() == ["Support request"]
    assert events["note"].dropna().tolist() == ["A note"]
    told = [step.say for step in room.story.steps]
    assert len(told) == len(copy.story.steps) and told != [step.say for step in copy.story.steps]
    assert copy.title == "A room with generated names"


def test_the_story_continues_as_in_the_original(tmp_path):
    with Room.create(scenario="cross-tenant-approval") as room:
        room.next_step()
        with copied(room, tmp_path / "copy.duckdb") as copy:
            assert copy.steps_done == 1
            assert [failure for played in copy.play() for failure in played.failures] == []
            assert len(copy.story.steps) == copy.steps_done


def test_imported_numbers_titles_and_reasons_are_not_copied(tmp_path):
    row = {
        "ticket": "INC0815",
        "tenant": "Northwind",
        "resource tenant": "Fabrikam",
        "opened": "2026-03-02 08:00",
        "asked": "2026-03-02 09:00",
        "title": "Ms Smith of Northwind",
        "reason": "Smith's mailbox",
        "opened by": "Jane Smith",
        "engineer": "Sam Rivera",
    }
    with Room.from_tickets(pd.DataFrame([row])) as room, copied(room, tmp_path / "copy.duckdb") as copy:
        texts = copy.events().select_dtypes("str").stack().dropna().tolist()
        assert {"Support request", "Access request"} <= set(texts)
        assert not [text for text in texts if "INC" in text or "mith" in text or "orth" in text or "abrik" in text]
        assert copy.fields_said == room.fields_said and copy.verify()
        tenants = copy.directory.tenants
        assert len(tenants) == 2
        of_both = next(
            each
            for each in copy.directory.members()
            if all(copy.directory.administers(each.person, t) for t in tenants)
        )
        copy.do(Approve(copy.events()["request_id"].dropna().iloc[0]), of_both)


def test_two_copies_have_different_names_and_the_room_is_not_overwritten(tmp_path):
    with Room.create(tmp_path / "room.duckdb", scenario="rejection") as room:
        with copied(room, tmp_path / "a.duckdb") as a, copied(room, tmp_path / "b.duckdb") as b:
            assert not {*a.directory.tenants} & {*b.directory.tenants}
        with pytest.raises(ValueError, match="open already"):
            room.snapshot(tmp_path / "room.duckdb", generated_names=True)
        assert room.verify()
    with duckdb.connect(str(tmp_path / "room.duckdb"), read_only=True) as db:
        assert ("Contoso",) in db.execute("SELECT name FROM tenants").fetchall()
