"""How the shipped example of tickets was made: `python -m tests.data.imported.example_files` writes it anew."""

from pathlib import Path

import pandas as pd

from data import Room
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
    """Return tickets of generated people, with some rows that cannot be used, as such files have them."""
    with Room.create(scenario="busy-week", seed=3) as room:
        rows = rows_of(room.events(), room.directory)
    for name, field in FIELDS.items():
        if field.is_time:
            rows[name] = pd.to_datetime(rows[name]).dt.tz_localize("UTC")
    return rows[list(NAMES)].rename(columns=NAMES).to_csv(index=False, lineterminator="\n") + UNUSABLE


if __name__ == "__main__":
    (FOLDER / "tickets.csv").write_text(tickets(), encoding="utf-8")
