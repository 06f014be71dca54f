"""The tables of a room that never change: the rules that SQL joins, and who is who."""

from typing import Any

import duckdb

from model import APPROVALS_NEEDED, AUDIT, LIFECYCLE, Directory, Policy


def fixed_tables(policy: Policy, directory: Directory) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table, by its name."""
    return _rules(policy) | _people(directory)


def _rules(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    return {
        "lifecycle": [
            {
                "from_status": row.start and str(row.start),
                "action": str(row.action),
                "to_status": str(row.end),
                "whose": str(row.whose),
            }
            for row in LIFECYCLE
        ],
        "visibility": [{"status": str(status), "side": str(side)} for status, side in sorted(policy.visibility)],
        "keys": [
            {"key": number, "side": str(side)}
            for number, sides in enumerate(APPROVALS_NEEDED[policy.approval], start=1)
            for side in sides
        ],
        "audit": [
            {
                "action": str(row.action),
                "to_status": str(row.to_status),
                "side": str(row.side),
                "activity": row.activity,
                "automated": row.automated,
            }
            for row in AUDIT
        ],
        "history": [{"hours": 24 * policy.history_days, "counted_from": str(policy.history_from)}],
    }


def _people(directory: Directory) -> dict[str, list[dict[str, Any]]]:
    return {
        "tenants": [{"tenant": tenant, "name": name} for tenant, name in directory.tenants.items()],
        "people": [{"person": person, "name": name} for person, name in directory.people.items()],
        "engineers": [{"engineer": engineer, "name": name} for engineer, name in directory.engineers.items()],
        "memberships": [
            {
                "tenant": tenant,
                "person": person,
                "name": directory.people[person],
                "roles": sorted(roles),
                "manages_support_access": directory.administers(person, tenant),
                "reads_audit_log": directory.reads_audit_log(person, tenant),
            }
            for (person, tenant), roles in sorted(directory.roles.items(), key=lambda entry: entry[0][::-1])
        ],
    }


def read_directory(cursor: duckdb.DuckDBPyConnection) -> Directory:
    """Return the directory that the tables hold."""

    def names(table: str, key: str) -> dict[str, str]:
        return dict(cursor.execute(f"SELECT {key}, name FROM {table}").fetchall())

    held = cursor.execute("SELECT person, tenant, roles FROM memberships").fetchall()
    return Directory(
        tenants=names("tenants", "tenant"),
        people=names("people", "person"),
        engineers=names("engineers", "engineer"),
        roles={(person, tenant): frozenset(roles) for person, tenant, roles in held},
    )
