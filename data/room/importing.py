"""Rooms that are made of somebody's own data: tickets, or the audit logs of tenants."""

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
    """The ways to make a room of somebody's own data. What it was made of is told once, and not kept in its file."""

    imported: ImportReport | None = None  # what became of the rows
    logs: AuditLogRows | None = None  # what became of the entries, if it was made of audit logs

    @property
    def fields_said(self) -> frozenset[str] | None:
        """Which fields of an import the data said; None for a room that was not made of somebody's own data."""
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
        """Create a room of tickets: a frame, or a CSV or Parquet file, with a row for each access request.

        `columns` names the file's column of a field (`data.imported.fields`): others are guessed by their names, and
        None stands for none. Times that name no zone are of `zone`; `day_first` settles dates such as 3/2/2026.
        `decisions` adds words, as in {"ok": "Approved"}. With `generated_names` all people and tenants get other names,
        the same person the same one. Rows that the rules forbid are left out: `imported` says which, why, and what had
        to be assumed. Raises ValueError if no row can be used, FileNotFoundError, FileExistsError and RoomUnavailable.

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
        """Create a room of tenants' own audit logs: files by the name of the tenant whose log it is, one or several.

        A file is Graph's `directoryAudit` (JSON), Log Analytics' `AuditLogs` (JSON or CSV) or the portal's CSV.
        `places` says which fields carry the access request, the support request and the tenants: no documentation does,
        and the defaults are guesses. What these logs cannot show stays unknown: `logs` says what, and which entries
        cannot be used. Raises what `from_tickets` raises.
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
