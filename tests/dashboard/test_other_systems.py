"""Other systems: each preset is checked, with where its figures were read; what is only read is labelled so."""

from dashboard.background.jobs import checks
from dashboard.text.systems import SYSTEMS
from model import PRESETS
from model.checker.promise_names import CAN_LAPSE, SENTENCES
from tests.dashboard.conftest import ROOM, Enter, Look


def test_every_preset_is_checked_and_says_where_it_was_read(enter: Enter, look: Look):
    """A column for each, whose cells are what the checker found."""
    enter("cross-tenant-approval")
    screen = look("trainer", "other_systems")
    table = screen.app.table[0].value
    assert len(table.columns) == len(PRESETS)
    for column, preset in zip(table, PRESETS, strict=True):
        found = checks.report(preset)
        cells = dict(zip(table.index, table[column], strict=True))
        for promise in found.promises:
            cell = cells[f"**{promise.name}**"]
            assert cell.startswith(":green[") is promise.holds and (promise.condition or "holds") in cell
            assert promise.tested_by in cell
        assert cells.keys() >= {f"**{name}**" for name in SENTENCES}
        assert "no such limit" in cells[f"**{CAN_LAPSE}**"] or PRESETS[preset].grant_lasts
        assert PRESETS[preset].read_in in screen.text
    assert "after 4 days" in table["Azure Customer Lockbox"]["A request ends by itself"]


def test_each_preset_leads_to_the_policy_page(enter: Enter, look: Look):
    """In the same room, as the same viewer."""
    enter("cross-tenant-approval")
    screen = look("adele@contoso", "other_systems")
    links = [
        link.proto.query_string for link in screen.app.main.get("page_link") if link.proto.label == "Open in Policy"
    ]
    assert links == [f"room={ROOM}&viewer=adele%40contoso&policy={preset}" for preset in PRESETS]


def test_what_was_only_read_is_told_apart(enter: Enter, look: Look):
    """All systems that were read about stand under that heading, each with its source."""
    enter("cross-tenant-approval")
    screen = look("trainer", "other_systems")
    read = screen.app.table[1].value
    assert [name.strip("*") for name in read.index] == [system.name for system in SYSTEMS]
    assert all(source.strip(":gray[]") for source in read["Read in"])
    assert "Read, not checked" in [heading.value for heading in screen.app.header]


def test_presets_and_readings_agree():
    """A preset's figures and source are those of the system it is named for."""
    named = {system.preset: system for system in SYSTEMS if system.preset}
    assert set(named) == set(PRESETS) - {"source", "two-key"}
    assert all(PRESETS[preset].read_in == system.read_in for preset, system in named.items())
