"""Create a new room: its file, its tables, its directory and the traffic before its story."""

import json
from pathlib import Path

import duckdb
import pandas as pd

from data.room.file.fixed_tables import fixed_tables
from data.scenario.policy_format import policy_from, policy_table
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario
from data.store import log
from data.store.formats import FORMAT
from data.store.placing import MEMORY
from data.store.queries import schema
from data.store.trouble import DamagedRoom, translated_errors
from model import Directory, Policy


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
        many = 0 if lines is None else len(lines)
        opening = many + 2 if many else 1
        write_tables(cursor, story, seed, policy, directory, opening)
        if lines is not None and many:
            log.append(cursor, [log.line(1, min(story.starts, lines["occurred_at"].iloc[0]), "clock")])
            log.insert(cursor, "log", lines.assign(seq=1 + lines["seq"]))
        log.append(cursor, [log.line(opening, story.starts, "clock")])
        if many:
            log.rebuild(cursor, opening)
        else:  # one line, which only states the time
            log.rebuild_table(cursor, "clock", opening)
        cursor.commit()


def write_tables(
    cursor: duckdb.DuckDBPyConnection, story: Scenario, seed: int, policy: Policy, directory: Directory, opening: int
) -> None:
    """Write everything in a new room that never changes. `opening`: the last line of its log before the story."""
    cursor.execute(schema())
    for table, rows in fixed_tables(policy, directory).items():
        if rows:
            log.insert_rows(cursor, table, list(rows[0]), [tuple(row.values()) for row in rows])
    made_from = [FORMAT, story.title, story.text, seed, json.dumps(policy_table(policy)), opening]
    cursor.execute("INSERT INTO room VALUES (?, ?, ?, ?, ?, ?)", made_from)


def read_room(cursor: duckdb.DuckDBPyConnection, path: str) -> tuple[Scenario, int, Policy, int]:
    """Return a room's scenario, seed and policy, and the last line of its log before the story.

    Raises DamagedRoom if they cannot be read.
    """
    try:
        _, text, seed, policy, opening = cursor.execute(
            "SELECT title, scenario, seed, policy, opening FROM room"
        ).fetchall()[0]
        return parse_scenario(text), int(seed), policy_from(json.loads(policy)), int(opening)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise DamagedRoom(path, f"what the room was made from cannot be read ({error})") from error


def new_path(path: str | Path, *, replace: bool = False) -> str:
    """Return the place of a new room: the absolute path of its file, in an existing folder, or MEMORY.

    Raises FileExistsError if the file exists, unless it is to be replaced, and RoomUnavailable.
    """
    if str(path) == MEMORY:
        return MEMORY
    with translated_errors(path):
        path = Path(path).resolve()
        if path.exists() and not replace:
            raise FileExistsError(f"{path} already exists: open it, or choose another name")
        path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)
