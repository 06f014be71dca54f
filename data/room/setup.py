"""Set up a new room: its file, its tables, its directory and the traffic before its story."""

import json
from pathlib import Path

import duckdb
import pandas as pd

from data.room.fixed_tables import fixed_tables
from data.scenario.policy_format import policy_from, policy_table
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.store import log
from data.store.duckdb_file import MEMORY
from data.store.queries import schema
from model import Directory, Policy

FORMAT = 2


def fill(
    db: duckdb.DuckDBPyConnection,
    story: Scenario,
    seed: int,
    policy: Policy,
    directory: Directory,
    lines: pd.DataFrame | None,
) -> None:
    """Write a new room into an empty database, in one transaction; `lines` of a log happened before the story."""
    with db.cursor() as cursor:
        cursor.begin()
        cursor.execute(schema())
        for table, rows in fixed_tables(policy, directory).items():
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


def read_room(cursor: duckdb.DuckDBPyConnection, path: str) -> tuple[Scenario, int, Policy, int]:
    """Return a room's scenario, seed and policy, and the last line of its log before the story.

    Raises ValueError if this program does not read its format.
    """
    row = cursor.execute("SELECT format, scenario, seed, policy, opening FROM room").fetchone()
    if row is None or row[0] != FORMAT:
        raise ValueError(f"{path}: a room of format {row and row[0]}; this program reads format {FORMAT}")
    _, text, seed, policy, opening = row
    return parse_scenario(text), seed, policy_from(json.loads(policy)), opening


def new_path(path: str | Path) -> str:
    """Return where a new room goes: the whole path of its file, whose folder is there, or MEMORY.

    Raises FileExistsError if the file exists.
    """
    if str(path) == MEMORY:
        return MEMORY
    path = Path(path).resolve()
    if path.exists():
        raise FileExistsError(f"{path} is there already: open it, or choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)
