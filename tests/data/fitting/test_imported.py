"""Of imported data only that is learned which it says: what stands in for the rest teaches nothing."""

import pandas as pd

from data import Room, fit
from data.imported.rows import rows_of
from data.simulation.runs.run import simulate
from model.simulation import Behaviour, Delay

KNOWN = Behaviour(share_with_common_administrator=0.7, share_rejected=0.3, decide=Delay(5, 30), tickets_per_day=60)


def history():
    with simulate(tickets=3_000, seed=4, behaviour=KNOWN).to_room() as room:
        return rows_of(room.events(), room.directory)


def test_what_the_rows_do_not_say_keeps_its_assumption():
    """Also in a room that was opened again; and that stand-ins administer everything is no evidence."""
    rows = history()
    whole = fit(rows)
    assert "share_advanced_diagnostics" in whole.kept and {"ask", "decide", "remove", "work"} <= set(whole.learned)
    report = whole.report.set_index("assumption")
    for name, truth in (("share_with_common_administrator", 0.7), ("share_rejected", 0.3)):
        assert report.loc[name, "low"] <= truth <= report.loc[name, "high"]
    poor = fit(rows.drop(columns=["opened", "removed"]))
    assert {"tickets_per_day", "ask", "share_elsewhere", "remove", "share_removed"} <= set(poor.kept)
    (reason,) = poor.report.query("assumption == 'share_removed'")["reason"]
    assert reason == "the data that was imported does not say: removed"


def test_an_imported_room_knows_what_it_rests_on_also_when_it_is_opened_again(tmp_path):
    row = {"tenant": "Contoso", "resource tenant": "Fabrikam", "asked": "2026-03-02 09:00", "approver": None}
    Room.from_tickets(pd.DataFrame([row]), path=tmp_path / "room.duckdb").close()
    with Room.open(tmp_path / "room.duckdb") as room:
        assert room.fields_said == frozenset({"tenant", "resource_tenant", "asked", "decided_by"})
        assert fit(room).learned == []
    assert Room.create(scenario="rejection").fields_said is None
