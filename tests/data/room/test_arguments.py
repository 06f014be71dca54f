"""Analysts' typical mistakes raise an error that says what is expected, before anything happens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from data import Room, compare, simulate
from data.simulation.comparison import Until
from model import PRESETS, Approve, Directory, Policy


@pytest.fixture(scope="module")
def room() -> Room:
    room = Room.create(scenario="cross-tenant-approval", seed=1)
    room.next_step(), room.next_step()
    return room


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (
            lambda room: room.do("approve", room.member("adele", "contoso")),
            r'for example Approve\("r1"\), not .approve.',
        ),
        (lambda room: room.do(Approve, room.member("adele", "contoso")), r"do\(\) takes a command"),
        (lambda room: room.do(Approve("r1"), "adele"), r'for example room\.member\("adele", "contoso"\)'),
        (lambda room: room.would_be_refused(Approve("r1"), None), r"would_be_refused\(\) takes an actor"),
        (lambda room: room.as_seen_by("adele"), r"as_seen_by\(\) takes an actor.*not 'adele'"),
        (lambda room: room.advance(3600), r"advance\(\) takes a timedelta, for example timedelta\(hours=1\), not 3600"),
        (lambda room: room.rewind(to=1.5), r"the line of the log must be a whole number.*not 1\.5"),
        (lambda room: Room.create(policy=5), r"a policy is a Policy, the name of a preset.*, not 5"),
        (lambda room: Room.create(starts="2026-03-02"), r"starts must be a datetime.*not '2026-03-02'"),
        (lambda room: simulate(5, tickets=1), r"a policy is a Policy, the name of a preset.*, not 5"),
        (lambda room: room.as_seen_by(room.engineer("sam"), as_of="1"), r"the line of the log must be a whole number"),
    ],
)
def test_the_error_about_a_wrong_type_says_what_is_expected(room: Room, mistake, told: str):
    before = room.state
    with pytest.raises(TypeError, match=told):
        mistake(room)
    assert room.state == before


@pytest.mark.parametrize(
    ("mistake", "nearest"),
    [
        (lambda room: room.member("adela", "contoso"), "adele"),
        (lambda room: room.member("adele", "contosso"), "contoso"),
        (lambda room: room.engineer("san"), "sam"),
        (lambda room: Room.create(scenario="cross-tenant"), "cross-tenant-approval"),
        (lambda room: Room.create(policy="octa"), "okta"),
        (lambda room: simulate(tickets=1, policy="octa"), "okta"),
        (lambda room: compare({"a": "source", "b": "octa"}, tickets=1), "okta"),
        (lambda room: Until("median hours to a decison", 1.0), "median hours to a decision"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(room: Room, mistake, nearest: str):
    with pytest.raises(ValueError, match=f"did you mean '{nearest}'"):
        mistake(room)


def test_the_error_about_a_person_in_the_wrong_tenant_names_the_right_one():
    people = {"ann": ("Ann", ["south"]), "bea": ("Bea", ["north"])}
    directory = Directory.small({"south": "South", "north": "North"}, people, {"kim": "Kim"})
    room = Room.create(scenario=None, directory=directory)
    with pytest.raises(ValueError, match="'ann' is not a member of 'north', but of south"):
        room.member("ann", "north")


def test_a_line_may_be_a_number_from_a_frame():
    room = Room.create(scenario="rejection")
    room.play()
    room.rewind(to=room.events()["seq"].iloc[0])
    assert room.steps_done == 0
    assert isinstance(room.overview(as_of=np.int64(1)).tickets().shape, tuple)


def test_a_policy_may_be_given_by_name_or_value_everywhere():
    by_name = compare({"a": "source", "b": "okta"}, tickets=100, replications=2)
    as_itself = compare({"a": Policy(), "b": {"policy": PRESETS["okta"]}}, tickets=100, replications=2, base="source")
    assert [arm.policy for arm in by_name.arms] == [PRESETS["source"], PRESETS["okta"]]
    assert by_name.differences.equals(as_itself.differences)
    assert simulate(tickets=10, policy="okta").events.equals(simulate(tickets=10, policy=PRESETS["okta"]).events)
    assert Room.create(policy="okta").policy == Room.create(policy=PRESETS["okta"]).policy


def test_the_repr_of_a_room_a_run_and_a_comparison_says_what_to_call_next(room: Room):
    run, comparison = simulate(tickets=10), compare({"a": "source", "b": "okta"}, tickets=10, replications=2)
    for shown in (room, run, comparison):
        assert repr(shown).count("\n") == 1
        names = [word.split("(")[0].lstrip(".") for word in repr(shown).split() if word.startswith(".")]
        assert names and all(hasattr(shown, name.rstrip(",;")) for name in names)


def test_a_frame_of_events_has_the_same_types_before_and_after_the_story(room: Room):
    fresh = Room.create(scenario="cross-tenant-approval").events().dtypes
    assert fresh.equals(room.events().dtypes)
    assert room.advance(timedelta(0)) == room.now


@pytest.mark.parametrize("scenario", ["cross-tenant-approval", None])
def test_a_room_starts_at_the_given_time(scenario, tmp_path: Path):
    """Traffic is before it and the story after it, also after reopening; impossible times are refused."""
    usual = Room.create(scenario=scenario)
    starts = datetime(2031, 7, 1, 6, 30)
    Room.create(tmp_path / "room.duckdb", scenario, starts=starts).close()
    with Room.open(tmp_path / "room.duckdb") as room:
        assert room.now == room.story.starts == starts
        room.play()
        usual.play()
        assert room.now - starts == usual.now - usual.story.starts
        assert room.verify()
    with pytest.raises(ValueError, match="must be in UTC without a time zone"):
        Room.create(starts=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="a story takes place in the years 1970 to 2199"):
        Room.create(starts=datetime(2200, 1, 1))
