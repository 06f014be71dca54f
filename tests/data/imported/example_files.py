"""Generate the shipped examples: `python -m tests.data.imported.example_files` rewrites them."""

from pathlib import Path

import pandas as pd

from data import Room
from data.imported.audit_forms import graph_json, log_analytics, portal_rows
from data.imported.fields import FIELDS
from data.imported.rows import rows_of

FOLDER = Path(__file__).parents[3] / "data" / "examples"
NAMES = {
    "ticket": "Support request ID",
    "tenant": "Customer",
    "resource_tenant": "Resource tenant",
    "opened": "Created",
    "asked": "Access requested",
    "decided": "Decided",
    "decision": "Outcome",
    "removed": "Access removed",
    "closed": "Closed",
    "title": "Subject",
    "engineer": "Assigned to",
    "opened_by": "Requester",
    "decided_by": "Approver",
}
UNUSABLE = """\
4711,Contoso,Fabrikam,2026-03-01 10:00Z,2026-03-01 11:00Z,2026-03-01 10:30Z,Approved,,,Decided too early,,,
4712,Contoso,Fabrikam,2026-03-01 10:00Z,2026-03-01 11:00Z,2026-03-01 12:00Z,perhaps,,,Unknown outcome,,,
4713,Contoso,Contoso,2026-03-01 10:00Z,2026-03-01 11:00Z,,,,,One tenant,,,
4714,Contoso,Fabrikam,last Friday,,,,,,No time,,,
4715,Contoso,Fabrikam,2026-03-01 10:00Z,2026-03-01 11:00Z
"""


def tickets() -> str:
    """Return tickets of generated people, with some unusable rows, as real files have."""
    with Room.create(scenario="busy-week", seed=3) as room:
        rows = rows_of(room.events(), room.directory)
    for name, field in FIELDS.items():
        if field.is_time:
            rows[name] = pd.to_datetime(rows[name]).dt.tz_localize("UTC")
    return rows[list(NAMES)].rename(columns=NAMES).to_csv(index=False, lineterminator="\n") + UNUSABLE


def audit_logs() -> dict[str, str]:
    """Return the audit logs of two generated tenants in each form, by file name."""
    with Room.create(scenario="busy-week", seed=3) as room:
        room.play()
        names = room.directory.tenants
        readers = {tenant: room.directory.audit_log_readers(tenant)[0] for tenant in ("contoso", "fabrikam")}
        logs = {tenant: room.as_seen_by(reader).rows("audit_log") for tenant, reader in readers.items()}
    contoso = logs["contoso"]
    return {f"audit-log-{tenant}.json": graph_json(rows, names) for tenant, rows in logs.items()} | {
        "audit-log-contoso-log-analytics.json": log_analytics(contoso, names).to_json(orient="records", indent=1),
        "audit-log-contoso-log-analytics.csv": log_analytics(contoso, names).to_csv(index=False, lineterminator="\n"),
        "audit-log-contoso-portal.csv": portal_rows(contoso, names).to_csv(index=False, lineterminator="\n"),
    }


if __name__ == "__main__":
    for name, text in audit_logs().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    (FOLDER / "tickets.csv").write_text(tickets(), encoding="utf-8")
