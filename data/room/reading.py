"""Read a tenant's diagnostic data, which is generated on the first read, and record every refused attempt."""

from datetime import datetime

import duckdb
import pandas as pd

from data.generated.diagnostics import diagnostics
from data.room.unit_of_work import UnitOfWork
from data.store import log
from data.store.frames import frame_of
from model import Action, Actor, Code, ReadDiagnostics, WriteDiagnostics


def read_records(
    cursor: duckdb.DuckDBPyConnection, command: ReadDiagnostics, tenant_name: str, seed: int, before: datetime
) -> pd.DataFrame:
    """Return the tenant's records of the category, newest first.

    Columns: recorded_at, subject, activity, outcome, detail. All were recorded before `before`.
    """
    given = [command.tenant, command.category]
    if cursor.execute("SELECT 1 FROM diagnostics WHERE tenant = ? LIMIT 1", given[:1]).fetchone() is None:
        log.insert(cursor, "diagnostics", diagnostics(command.tenant, tenant_name, seed, before))
    cursor.execute(
        "SELECT recorded_at, subject, activity, outcome, detail FROM diagnostics "
        "WHERE tenant = ? AND category = ? ORDER BY recorded_at DESC, subject",
        given,
    )
    return frame_of(cursor)


def record_refused_try(
    work: UnitOfWork, command: ReadDiagnostics | WriteDiagnostics, actor: Actor, now: datetime, code: Code
) -> None:
    """Write into the log that the actor tried to read or change diagnostic data and was refused."""
    facts = {"ticket_id": command.ticket_id, "tenant": command.tenant, "category": command.category}
    with work.transaction() as cursor:
        work.log(cursor, now, Action.READ, actor, refusal=str(code), **facts)
