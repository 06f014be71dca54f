"""Making a room: its file, its tables, its cast and the traffic before its story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from data.scenario.policy_format import policy_from, policy_table
from data.scenario.reader import read_scenario, scenarios
from data.scenario.scenario import Scenario
from data.store import log
from model import AUDIT, KEYS, LIFECYCLE, Directory, Policy

FORMAT = 2
SANDBOX = "sandbox"
"""The shipped scenario without steps: what a room without a story is made from."""


def fill(
    db: duckdb.DuckDBPyConnection,
    story: Scenario,
    seed: int,
    policy: Policy,
    directory: Directory,
    lines: pd.DataFrame | None,
) -> None:
    """Writes a new room into an empty database, in one transaction. `lines` of the log: what happened before."""
    with db.cursor() as cursor:
        cursor.begin()
        cursor.execute(resources.files("data").joinpath("store", "schema.sql").read_text(encoding="utf-8"))
        for table, rows in set_up(policy, directory).items():
            if rows:
                log.insert(cursor, table, pd.DataFrame(rows))
        many = 0 if lines is None else len(lines)
        if lines is not None and many:
            log.append(cursor, [log.line(1, min(story.starts, lines["occurred_at"].iloc[0]), "clock")])
            log.insert(cursor, "log", lines.assign(seq=1 + lines["seq"]))
            many += 1
        log.append(cursor, [log.line(many + 1, story.starts, "clock")])
        log.rebuild(cursor, many + 1)
        cursor.execute(
            "INSERT INTO room VALUES (?, ?, ?, ?, ?, ?)",
            [FORMAT, story.title, story.text, seed, json.dumps(policy_table(policy)), many + 1],
        )
        cursor.commit()


def read_directory(cursor: duckdb.DuckDBPyConnection) -> Directory:
    """The directory of a room, as its tables have it."""

    def names(table: str, key: str) -> dict[str, str]:
        return dict(cursor.execute(f"SELECT {key}, name FROM {table}").fetchall())

    held = cursor.execute("SELECT person, tenant, roles FROM memberships").fetchall()
    return Directory(
        tenants=names("tenants", "tenant"),
        people=names("people", "person"),
        engineers=names("engineers", "engineer"),
        roles={(person, tenant): frozenset(roles) for person, tenant, roles in held},
    )


def find_story(scenario: str | Path | Scenario | None) -> Scenario:
    """A shipped scenario by name, one in a file, or the sandbox. Raises ValueError."""
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Path) or str(scenario).endswith(".toml"):
        return read_scenario(str(scenario))
    shipped = scenarios()
    return shipped[known(SANDBOX if scenario is None else scenario, {name: name for name in shipped}, "scenario")]


def find_policy(policy: Policy | str | Mapping[str, Any]) -> Policy:
    """A policy, a preset by name, or what a scenario's policy table says. Raises ValueError."""
    if isinstance(policy, Policy):
        return policy
    return policy_from({"preset": policy} if isinstance(policy, str) else policy)


def known(word: str, words: Mapping[str, str], what: str) -> str:
    """The word, which is one of those known. Raises ValueError with the nearest one."""
    if word not in words:
        nearest = get_close_matches(str(word), list(words), n=1)
        raise ValueError(f"unknown {what} {word!r}" + (f"; did you mean {nearest[0]!r}?" if nearest else ""))
    return word


def set_up(policy: Policy, directory: Directory) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables that never change: the rules that SQL joins, and who is who."""
    return _rules(policy) | _people(directory)


def _rules(policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """The tables of `model` that SQL joins."""
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
            for number, sides in enumerate(KEYS[policy.approval], start=1)
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
