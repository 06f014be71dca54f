"""Create rooms from users' own data: tickets, or tenants' audit logs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd

from data.imported.audit_entries import Places
from data.imported.audit_logs import AuditLogRows, rows_of_audit_logs
from data.imported.reading import How, ImportReport
from data.room.arguments import check_seed, check_title
from data.room.file.from_tickets import TITLE, fields_said, fill_from_tickets
from data.room.file.setup import new_path
from data.room.room_file import RoomFile
from data.store.duckdb_file import Store, write_file
from data.store.placing import MEMORY


class RoomImport(RoomFile):
    """Create a room from users' own data. The report of the import is not kept in the room's file."""

    imported: ImportReport | None = None  # the report on the rows
    logs: AuditLogRows | None = None  # the report on the entries, if audit logs were imported

    @property
    def fields_said(self) -> frozenset[str] | None:
        """Which fields the imported data contained; None for a room that was not imported."""
        return fields_said(self.story)

    @classmethod
    def from_tickets(
        cls,
        source: pd.DataFrame | str | Path,
        columns: Mapping[str, str | None] | None = None,
        *,
        path: str | Path = MEMORY,
        zone: str = "UTC",
        day_first: bool | None = None,
        decisions: Mapping[str, str] | None = None,
        generated_names: bool = False,
        seed: int = 1,
        title: str = TITLE,
        replace: bool = False,
    ) -> Self:
        """Create a room from tickets: a frame, or a CSV or Parquet file, with a row for each access request.

        `columns` maps fields (`data.imported.fields`) to the file's columns, or to None for no column; others are
        guessed by name. Times without a zone are in `zone`; `day_first` settles dates such as 3/2/2026. `decisions`
        adds words, such as {"ok": "Approved"}. With `generated_names` all people and tenants get new names, each the
        same one throughout. Rows that the rules forbid are left out: `imported` says which, why, and what had to be
        assumed. Raises ValueError if no row can be used, FileNotFoundError, FileExistsError and RoomUnavailable.

        >>> import pandas as pd
        >>> from data import Room
        >>> row = {"tenant": "Contoso", "resource tenant": "Fabrikam", "asked": "2026-03-02 09:00"}
        >>> room = Room.from_tickets(pd.DataFrame([row]))
        >>> room.imported.used, room.overview().requests()["status"].tolist()
        (1, ['Pending'])
        """
        how = How(columns, zone, day_first, decisions, generated_names, seed)
        return cls._imported(source, how, path, title, replace=replace)

    @classmethod
    def from_audit_logs(
        cls,
        logs: Mapping[str, str | Path],
        places: Places | None = None,
        *,
        path: str | Path = MEMORY,
        generated_names: bool = False,
        seed: int = 1,
        title: str = TITLE,
        replace: bool = False,
    ) -> Self:
        """Create a room from tenants' own audit logs: one or more files, by the names of their tenants.

        A file is Graph's `directoryAudit` (JSON), Log Analytics' `AuditLogs` (JSON or CSV) or the portal's CSV.
        `places` says which fields carry the access request, the support request and the tenants: no documentation does,
        and the defaults are guesses. What these logs cannot show stays unknown; the room's `logs` lists it, and the
        entries that cannot be used. Raises what `from_tickets` raises.
        """
        found = rows_of_audit_logs(logs, places)
        if found.rows.empty:
            raise ValueError(_why_nothing(found))
        how = How(generated_names=generated_names, seed=seed)
        room = cls._imported(found.rows, how, path, title, found.unknown, found.said, replace=replace)
        room.logs = found
        return room

    @classmethod
    def _imported(
        cls,
        source: pd.DataFrame | str | Path,
        how: How,
        path: str | Path,
        title: str,
        unknown: tuple[str, ...] = (),
        said: tuple[str, ...] | None = None,
        *,
        replace: bool,
    ) -> Self:
        check_seed(how.seed)
        title, place = check_title(title), new_path(path, replace=replace)
        reports: list[ImportReport] = []

        def fill_room(db: duckdb.DuckDBPyConnection) -> None:
            reports.append(fill_from_tickets(db, source, how, title, unknown, said))

        if place == MEMORY:
            store = Store(MEMORY)
            fill_room(store.db)
        else:
            write_file(place, fill_room, replace=replace)
            store = Store(place)
        room = cls._in(store)
        room.imported = reports[0]
        return room


def _why_nothing(found: AuditLogRows) -> str:
    """Return why no entry can be used, with the first reason."""
    if found.left_out.empty:
        return "no entry of these logs is about support access"
    log, line, reason = found.left_out.iloc[0]
    many = len(found.left_out)
    return f"none of the {many:,} entries about support access can be used; {log}, entry {line}: {reason}"
