"""Export a room's audit log in the forms of a tenant's own, to test programs that read those.

The structure is the vendor's; the contents of `targetResources` and `additionalDetails` are ours, not documented.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from data.imported.audit_entries import CATEGORY
from model.visibility import AUTOMATED

_SERVICE = "Core Directory"
_OPERATIONS = {"created": "Add", "approved": "Update", "rejected": "Update", "canceled": "Update", "removed": "Delete"}
Row = Mapping[str, Any]


def graph_json(rows: Iterable[Row], tenants: Mapping[str, str]) -> str:
    """Return an audit log's rows, as from a lens, as Graph's list of `directoryAudit`. `tenants`: names by id."""
    return json.dumps({"value": [_graph(row, tenants) for row in rows]}, ensure_ascii=False, indent=1)


def log_analytics(rows: Iterable[Row], tenants: Mapping[str, str]) -> pd.DataFrame:
    """Return the same as rows of Log Analytics' table `AuditLogs`, with lists and objects as JSON."""
    return pd.DataFrame([_log_analytics(_graph(row, tenants)) for row in rows], columns=list(_COLUMNS))


def portal_rows(rows: Iterable[Row], tenants: Mapping[str, str]) -> pd.DataFrame:
    """Return the same as a table like the portal's CSV. The column names are ours."""
    return pd.DataFrame(
        [
            {
                "Date (UTC)": _time(row["occurred_at"]),
                "Service": _SERVICE,
                "Category": CATEGORY,
                "Activity": row["activity"],
                "Result": "success",
                "Initiated by": row["actor"],
                "Access request": row["request_id"],
                "Support request": row["ticket_id"],
                "Support request tenant": tenants[row["support_request_tenant"]],
                "Resource tenant": tenants[row["resource_tenant"]],
            }
            for row in rows
        ]
    )


def _graph(row: Row, tenants: Mapping[str, str]) -> dict[str, Any]:
    details = {
        "supportRequestId": row["ticket_id"],
        "supportRequestTenant": tenants[row["support_request_tenant"]],
        "resourceTenant": tenants[row["resource_tenant"]],
    }
    if isinstance(row.get("details"), str):
        details["note"] = row["details"]
    automated = row["actor"] == AUTOMATED
    at = _time(row["occurred_at"])
    return {
        # Derived only from the entry's content, so that it reveals nothing more.
        "id": str(uuid5(NAMESPACE_URL, f"{at} {row['activity']} {row['request_id']}")),
        "category": CATEGORY,
        "correlationId": str(uuid5(NAMESPACE_URL, str(row["request_id"]))),
        "result": "success",
        "resultReason": "",
        "activityDisplayName": row["activity"],
        "activityDateTime": at,
        "loggedByService": _SERVICE,
        "operationType": _OPERATIONS.get(str(row["activity"]).rpartition(" ")[2], "Update"),
        "initiatedBy": {
            "user": None if automated else {"id": None, "displayName": row["actor"], "userPrincipalName": None},
            "app": {"appId": None, "displayName": "Microsoft Support"} if automated else None,
        },
        "targetResources": [{"id": row["request_id"], "displayName": None, "type": "Request"}],
        "additionalDetails": [{"key": key, "value": value} for key, value in details.items()],
    }


_COLUMNS = {
    "TimeGenerated": "activityDateTime",
    "ActivityDateTime": "activityDateTime",
    "ActivityDisplayName": "activityDisplayName",
    "OperationName": "activityDisplayName",
    "AADOperationType": "operationType",
    "CorrelationId": "correlationId",
    "Id": "id",
    "LoggedByService": "loggedByService",
    "Result": "result",
    "ResultReason": "resultReason",
    "Category": "",  # always Audit there
    "InitiatedBy": "initiatedBy",
    "TargetResources": "targetResources",
    "AdditionalDetails": "additionalDetails",
}


def _log_analytics(entry: Mapping[str, Any]) -> dict[str, Any]:
    row = {column: entry.get(name, "Audit") for column, name in _COLUMNS.items()}
    return {
        column: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        for column, value in row.items()
    }


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}" + (f".{at.microsecond:06}" if at.microsecond else "") + "Z"
