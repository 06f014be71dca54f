"""Audit logs are read and written in each form, and what a log cannot show stays unknown."""

import json
from importlib import resources

import pandas as pd
import pytest

from data import Room
from data.__main__ import main
from data.files.csv_and_parquet import csv_bytes
from data.imported.audit_entries import Places
from data.imported.audit_forms import graph_json, log_analytics, portal_rows
from data.imported.audit_logs import rows_of_audit_logs
from data.imported.rows import rows_of

PORTAL = Places("Access request", "Support request", "Support request tenant", "Resource tenant")
KNOWN = ["tenant", "resource_tenant", "asked", "decided", "decision", "removed", "decided_by", "removed_by"]
FORMS = {
    "graph.json": (lambda rows, names: graph_json(rows, names).encode(), None),
    "la.json": (lambda rows, names: log_analytics(rows, names).to_json(orient="records").encode(), None),
    "la.csv": (lambda rows, names: csv_bytes(log_analytics(rows, names)), None),
    "portal.csv": (lambda rows, names: csv_bytes(portal_rows(rows, names)), PORTAL),
}


@pytest.fixture(scope="module")
def room():
    with Room.create(scenario="busy-week", seed=3) as room:
        room.play()
        yield room


def entries(room, tenant):
    reader = room.directory.audit_log_readers(tenant)[0]
    return room.as_seen_by(reader).rows("audit_log")


def written(room, folder, form, tenants):
    files = {}
    for tenant in tenants:
        files[room.directory.tenants[tenant]] = folder / f"{tenant}-{form}"
        files[room.directory.tenants[tenant]].write_bytes(FORMS[form][0](entries(room, tenant), room.directory.tenants))
    return files


def requests(rows):
    """Return what audit logs reveal about requests, sorted."""
    known = rows[rows["resource_tenant"].notna()][KNOWN].astype(object).where(lambda frame: frame.notna(), None)
    for name in ("asked", "decided", "removed"):
        known[name] = [None if at is None else pd.Timestamp(at) for at in known[name]]
    return sorted(map(repr, known.itertuples(index=False)))


@pytest.mark.parametrize("form", FORMS)
def test_the_logs_of_both_tenants_combined_give_the_history(room, tmp_path, form):
    """Each log is written by an authorized reader's lens, in each form, and read again."""
    tenants = [tenant for tenant in room.directory.tenants if room.directory.audit_log_readers(tenant)]
    found = rows_of_audit_logs(written(room, tmp_path, form, tenants), FORMS[form][1])
    assert found.left_out.empty
    whole = rows_of(room.events(), room.directory)
    names = {room.directory.tenants[tenant] for tenant in tenants}
    expected = whole[whole["tenant"].isin(names) & whole["resource_tenant"].isin(names)]
    got = found.rows[found.rows["tenant"].isin(names) & found.rows["resource_tenant"].isin(names)]
    assert requests(got) == requests(expected)
    with Room.from_tickets(found.rows) as made:
        assert made.imported.left_out == 0 and made.verify()


def test_one_tenants_log_leaves_unknown_what_it_cannot_show(room, tmp_path):
    """The support request tenant's never shows how access ended; the resource tenant's shows nothing of the request."""
    files = written(room, tmp_path, "graph.json", ["contoso"])
    found = rows_of_audit_logs(files)
    mine = found.rows[found.rows["tenant"] == "Contoso"]
    approved = mine[mine["decision"] == "Approved"]
    assert len(approved) and approved["removed"].isna().all() and approved["closed"].isna().all()
    only_support = {"Contoso": tmp_path / "support.json"}
    rows = [row for row in entries(room, "contoso") if row["activity"].startswith("Request")]
    only_support["Contoso"].write_text(graph_json(rows, room.directory.tenants), encoding="utf-8")
    assert any("how an access ended" in says for says in rows_of_audit_logs(only_support).unknown)


def test_unusable_entries_are_reported(tmp_path):
    entry = {
        "category": "MicrosoftSupportAccessManagement",
        "activityDisplayName": "Request created",
        "activityDateTime": "2026-03-02T09:00:00.1234567Z",
        "targetResources": [{"id": "a"}],
    }
    others = [
        entry | {"activityDateTime": "soon"},
        entry | {"targetResources": []},
        entry | {"result": "failure"},
        entry | {"activityDisplayName": "Request expired"},
        entry | {"category": "RoleManagement"},
        entry | {"activityDisplayName": "Add user"},
    ]
    (tmp_path / "log.json").write_text(json.dumps({"value": [entry, *others]}))
    found = rows_of_audit_logs({"Contoso": tmp_path / "log.json"})
    assert dict(found.left_out[["line", "reason"]].itertuples(index=False)) == {
        2: "activityDateTime: “soon” is no time that can be read",
        3: "no access request is named at targetResources.id",
        4: "its result is failure: nothing came of it",
        5: "an expiry: under the source's policy nothing expires",
    }
    assert (found.entries, found.rows["asked"].tolist()) == (1, [pd.Timestamp("2026-03-02 09:00:00.123456")])
    (tmp_path / "no.json").write_text("{")
    with pytest.raises(ValueError, match=r"no\.json cannot be read"):
        rows_of_audit_logs({"Contoso": tmp_path / "no.json"})


def test_a_room_made_from_a_log_says_what_is_unknown(room, tmp_path):
    files = written(room, tmp_path, "la.csv", ["contoso", "fabrikam"])
    with Room.from_audit_logs(files) as made:
        assert made.verify() and made.logs and made.imported
        assert "Not known: when support requests were opened." in made.story.summary
        assert made.imported.requests == len(made.logs.rows)


def test_the_command_makes_a_room_from_logs(room, tmp_path, capsys):
    files = written(room, tmp_path, "graph.json", ["contoso", "fabrikam"])
    to = tmp_path / "room.duckdb"
    assert main(["import-audit-log", str(to), *(f"{name}={file}" for name, file in files.items())]) == 0
    assert "not known: when support requests were opened" in capsys.readouterr().out
    with Room.open(to) as made:
        assert "Contoso" in made.directory.tenants.values()
    assert main(["import-audit-log", str(tmp_path / "other.duckdb"), f"Contoso={tmp_path / 'none.json'}"]) == 1


def test_logs_without_a_usable_entry_say_why(tmp_path):
    """The portal's CSV without its header is an example."""
    portal = resources.files("data").joinpath("examples/audit-log-contoso-portal.csv")
    with pytest.raises(ValueError, match=r"none of the 46 entries .* used; Contoso, entry 46: .+targetResources\.id"):
        Room.from_audit_logs({"Contoso": str(portal)})
    (tmp_path / "empty.json").write_text("[]")
    with pytest.raises(ValueError, match="no entry of these logs is about support access"):
        Room.from_audit_logs({"Contoso": tmp_path / "empty.json"})
