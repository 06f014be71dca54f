"""Read entries of a tenant's own audit log, in the forms in which it can be exported.

Microsoft Graph's `directoryAudit` (JSON), Log Analytics' table `AuditLogs` (JSON or CSV), and the portal's CSV, whose
columns are found by their names. Which field carries the access request is not documented: `Places` says where to look,
and its defaults are guesses.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.files.shown import on_one_line
from model import AUDIT

CATEGORY = "MicrosoftSupportAccessManagement"
ACTIVITIES = tuple(dict.fromkeys(row.activity for row in AUDIT))
_ALSO = {
    "date (utc)": "activityDateTime",
    "date": "activityDateTime",
    "timegenerated": "activityDateTime",
    "timegenerated [utc]": "activityDateTime",
    "activitydatetime [utc]": "activityDateTime",
    "activity": "activityDisplayName",
    "operationname": "activityDisplayName",
    "service": "loggedByService",
    "initiated by": "initiatedBy",
    "actor": "initiatedBy",
    "initiated by (actor)": "initiatedBy",
    "aadtenantid": "tenantId",
}
_KNOWN = (
    *("id", "category", "correlationId", "result", "resultReason", "activityDateTime", "activityDisplayName"),
    *("initiatedBy", "loggedByService", "targetResources", "additionalDetails"),
)
_FIELDS = {name.lower(): name for name in _KNOWN} | _ALSO


@dataclass(frozen=True, slots=True)
class Places:
    """The fields of an entry that identify its access request. All are guesses: no documentation names the fields.

    A place is a field, or a field, a dot and a key within it: of the first target resource, or of the additional
    details. In a CSV of the portal it is the name of a column.
    """

    request: str = "targetResources.id"
    ticket: str = "additionalDetails.supportRequestId"
    support_request_tenant: str = "additionalDetails.supportRequestTenant"
    resource_tenant: str = "additionalDetails.resourceTenant"


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit log entry about support access."""

    line: int  # its number in the file, from 1
    at: datetime  # naive UTC
    activity: str
    person: str | None  # None: automated
    request: str
    ticket: str | None
    support_request_tenant: str | None
    resource_tenant: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that cannot be used."""

    line: int
    reason: str


def read_entries(path: Path, places: Places) -> Iterator[Entry | Unread]:
    """Yield the entries of a file about support access, usable or not.

    Raises ValueError if the file is in none of the forms, and FileNotFoundError.
    """
    for line, record in enumerate(_records(path), start=1):
        fields = _with_known_names(record)
        if fields.get("category") in (CATEGORY, "Audit", None, "") and fields.get("activityDisplayName") in ACTIVITIES:
            yield _entry(line, fields, record, places)


def _entry(line: int, fields: Mapping[str, Any], record: Mapping[str, Any], places: Places) -> Entry | Unread:
    try:
        at = _moment(fields.get("activityDateTime"))
    except (ValueError, OverflowError):
        shown = on_one_line(str(fields.get("activityDateTime")), 40)
        return Unread(line, f"activityDateTime: “{shown}” is no time that can be read")
    if str(fields.get("result") or "success").lower() != "success":
        return Unread(line, f"its result is {on_one_line(str(fields['result']), 40)}: nothing came of it")
    request = _at(places.request, fields, record)
    if request is None:
        return Unread(line, f"no access request is named at {on_one_line(places.request, 80)}")
    return Entry(
        line,
        at,
        str(fields["activityDisplayName"]),
        _person(fields.get("initiatedBy")),
        request,
        _at(places.ticket, fields, record),
        _at(places.support_request_tenant, fields, record),
        _at(places.resource_tenant, fields, record),
    )


def _records(path: Path) -> list[Mapping[str, Any]]:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".json":
            return _json_records(text)
        dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        return list(csv.DictReader(text.splitlines(keepends=True), delimiter=dialect))
    except (UnicodeError, csv.Error, RecursionError, ValueError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
    except (LookupError, TypeError, AttributeError):
        raise ValueError(f"{path.name} cannot be read: it is in none of the forms that are known") from None


def _json_records(text: str) -> list[Mapping[str, Any]]:
    """Return the records of a list, of Graph's `value`, of Log Analytics' `tables`, or of lines of JSON."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(found, Mapping) and isinstance(found.get("tables"), list):
        table = found["tables"][0]
        names = [column["name"] for column in table["columns"]]
        return [dict(zip(names, row, strict=False)) for row in table["rows"]]
    if isinstance(found, Mapping):
        found = found.get("value", [found])
    if not isinstance(found, list):
        raise ValueError("it holds no list of entries")
    return [one for one in found if isinstance(one, Mapping)]


def _with_known_names(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields under Graph's names, with JSON in texts parsed."""
    fields: dict[str, Any] = {}
    for name, value in record.items():
        known = _FIELDS.get(str(name).strip().lower())
        if known and fields.get(known) in (None, ""):
            fields[known] = _unpacked(value)
    return fields


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (json.JSONDecodeError, RecursionError):
            return value
    return value


def _at(place: str, fields: Mapping[str, Any], record: Mapping[str, Any]) -> str | None:
    """Return the text at a place, None if there is none."""
    field, _, key = place.partition(".")
    found = fields.get(field, record.get(place, record.get(field)))
    if key and isinstance(found, Sequence) and not isinstance(found, str):
        pairs = [one for one in found if isinstance(one, Mapping)]
        keyed = [one.get("value") for one in pairs if str(one.get("key", "")).lower() == key.lower()]
        found = keyed[0] if keyed else pairs[0].get(key) if pairs else None
    elif key and isinstance(found, Mapping):
        found = found.get(key)
    return str(found) if isinstance(found, str | int) and str(found).strip() else None


def _person(initiated_by: Any) -> str | None:
    """Return the name of the user who acted; None for an app, or if nobody is named."""
    if isinstance(initiated_by, Mapping):
        user = initiated_by.get("user")
        if not isinstance(user, Mapping):
            return None
        found = user.get("displayName") or user.get("userPrincipalName") or user.get("id")
        return str(found) if found else None
    return str(initiated_by) if initiated_by and str(initiated_by).lower() not in ("automated", "microsoft") else None


def _moment(text: Any) -> datetime:
    """Return a time as naive UTC; a time without a zone is taken as UTC. Raises ValueError, OverflowError."""
    text = str(text).strip()
    whole, point, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    at = datetime.fromisoformat(whole + (f".{rest[: min(digits, 6)]:0<6}" if point else "") + rest[digits:])
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
