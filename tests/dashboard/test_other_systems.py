"""Other systems: each preset is checked and cites its source; unverified statements are labelled."""

from typing import Any

from dashboard.background.jobs import checks
from dashboard.text.systems import SYSTEMS
from model import PRESETS
from model.checker.promise_names import CAN_LAPSE, SENTENCES
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen


def test_every_preset_is_checked_and_cites_its_source(enter: Enter, look: Look):
    """Each has a column with the checker's verdicts."""
    enter("cross-tenant-approval")
    screen = look("trainer", "other_systems")
    differ, same = by_name(screen, "What differs", "What holds under each")
    assert len(differ["columns"]) == len(same["columns"]) == 1 + len(PRESETS)
    rows = {row["cells"][0]["text"]: row["cells"][1:] for table in (differ, same) for row in table["rows"]}
    assert rows.keys() >= set(SENTENCES)
    for place, preset in enumerate(PRESETS):
        for promise in checks.report(preset).promises:
            cell = rows[promise.name][place]
            assert (cell["colour"] == "green") is (cell["text"] == "holds") is promise.holds
            assert promise.condition in cell["note"] and promise.tested_by in cell["note"]
        assert rows[CAN_LAPSE][place]["text"] == "no such limit" or PRESETS[preset].grant_lasts
        assert PRESETS[preset].read_in in screen.text
    assert rows["A request ends by itself"][list(PRESETS).index("azure-customer-lockbox")]["text"] == "after 4 days"


def test_differences_come_before_what_holds_under_each(enter: Enter, look: Look):
    """Who has a say, the limits and what only some guarantee; the others are one line that opens."""
    enter("cross-tenant-approval")
    screen = look("trainer", "other_systems")
    differ, same = by_name(screen, "What differs", "What holds under each")
    assert all(cell["text"] == "holds" for row in same["rows"] for cell in row["cells"][1:])
    assert all(len({cell["text"] for cell in row["cells"][1:]}) > 1 for row in differ["rows"])
    assert f"{len(same['rows'])} promises hold under each of them" in [box.label for box in screen.app.expander]


def test_each_preset_leads_to_the_policy_page(enter: Enter, look: Look):
    """The link keeps the room and the viewer."""
    enter("cross-tenant-approval")
    screen = look("adele@contoso", "other_systems")
    links = [
        link.proto.query_string for link in screen.app.main.get("page_link") if link.proto.label == "Open in Policy"
    ]
    assert links == [f"room={ROOM}&viewer=adele%40contoso&policy={preset}" for preset in PRESETS]


def test_unverified_systems_are_listed_separately(enter: Enter, look: Look):
    """They are under their own heading, each with its source."""
    enter("cross-tenant-approval")
    screen = look("trainer", "other_systems")
    (read,) = by_name(screen, "What was read")
    first, last = [row["cells"][0]["text"] for row in read["rows"]], [row["cells"][-1]["text"] for row in read["rows"]]
    assert first == [system.name for system in SYSTEMS] and read["columns"][-1]["label"] == "Read in"
    assert last == [system.read_in for system in SYSTEMS] and all(last)
    assert "What their documentation says" in [heading.value for heading in screen.app.header]


def test_presets_and_readings_agree():
    """A preset's figures and source are those of the system it is named for."""
    named = {system.preset: system for system in SYSTEMS if system.preset}
    assert set(named) == set(PRESETS) - {"source", "two-key"}
    assert all(PRESETS[preset].read_in == system.read_in for preset, system in named.items())


def by_name(screen: Screen, *names: str) -> list[dict[str, Any]]:
    tables = {table["name"]: table for table in screen.tables}
    return [tables[name] for name in names]
