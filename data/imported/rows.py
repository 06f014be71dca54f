"""The reverse of an import: the history of a room as rows of tickets."""

import duckdb
import pandas as pd

from model import Directory

_ROWS = """
    WITH opened AS (FROM log WHERE action = 'open'), requested AS (FROM log WHERE action = 'request')
    SELECT
        o.ticket_id AS ticket, h.name AS tenant, t.name AS resource_tenant,
        o.occurred_at AS opened, r.occurred_at AS asked, d.occurred_at AS decided, d.to_status AS decision,
        v.occurred_at AS removed, c.occurred_at AS closed,
        o.title, r.reason, e.name AS engineer, p.name AS opened_by, dp.name AS decided_by, vp.name AS removed_by
    FROM opened AS o
    LEFT JOIN requested AS r ON r.ticket_id = o.ticket_id
    LEFT JOIN log AS d ON d.request_id = r.request_id AND d.action IN ('approve', 'reject') AND d.to_status <> 'Pending'
    LEFT JOIN log AS v ON v.request_id = r.request_id AND v.action = 'revoke'
    LEFT JOIN log AS c ON c.ticket_id = o.ticket_id AND c.action = 'close'
    LEFT JOIN names AS h ON h.id = o.tenant
    LEFT JOIN names AS t ON t.id = r.tenant
    LEFT JOIN names AS e ON e.id = o.assigned_engineer
    LEFT JOIN names AS p ON p.id = o.person
    LEFT JOIN names AS dp ON dp.id = d.person
    LEFT JOIN names AS vp ON vp.id = v.person
    ORDER BY o.seq, r.seq
"""


def rows_of(events: pd.DataFrame, directory: Directory) -> pd.DataFrame:
    """Return a row for each access request, and one for each ticket without any, in the order in which they began.

    `events` is the log of a room, as `room.events()` returns it. The columns are the fields of an import.
    """
    named = [*directory.tenants.items(), *directory.engineers.items(), *directory.people.items()]
    names = pd.DataFrame(named, columns=["id", "name"], dtype="str").drop_duplicates("id")
    with duckdb.connect() as db:
        db.register("log", events)
        db.register("names", names)
        return db.execute(_ROWS).df()
