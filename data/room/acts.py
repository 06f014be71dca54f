"""The acts of a room since its story began: groups of lines of the log that happened, and are undone, as one."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

_ACTS = """
    WITH lines AS (
        SELECT
            *,
            action IN ('cancel', 'complete')  -- a ticket's closing ends its access requests
            OR coalesce(step = lag(step) OVER in_order, false)
            OR (
                lag(action) OVER in_order IN ('expire', 'lapse')  -- time passes, and on the way something falls due
                AND action IN ('expire', 'lapse', 'clock') AND step IS NULL
            ) AS goes_on,
            coalesce(person, engineer) IS NOT NULL AS is_somebodys
        FROM log WHERE seq > $1
        WINDOW in_order AS (ORDER BY seq)
    ), numbered AS (
        SELECT *, count(*) FILTER (NOT goes_on) OVER (ORDER BY seq) AS act FROM lines
    )
    SELECT
        min(seq) AS first, max(seq) AS last, max(occurred_at) AS at, any_value(step) AS step,
        coalesce(min_by(action, seq) FILTER (is_somebodys), 'clock') AS action,
        any_value(person) AS person, any_value(signed_in_to) AS tenant, any_value(engineer) AS engineer,
        count(*) FILTER (refusal IS NOT NULL) > 0 AS is_refused
    FROM numbered GROUP BY act ORDER BY first
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: a command with its consequences, time that passed, or a step of the story."""

    first: int  # line of the log
    last: int
    at: datetime  # the room's time after it, naive UTC
    step: int | None  # of the story
    action: str  # an Action, or "clock" if nobody acted
    person: str | None
    tenant: str | None  # that the person was signed in to
    engineer: str | None
    is_refused: bool  # a refused attempt to read diagnostic data


def acts_after(cursor: duckdb.DuckDBPyConnection, line: int) -> list[Act]:
    """Return the acts after a line of the log, in order."""
    return [Act(*row) for row in cursor.execute(_ACTS, [line]).fetchall()]
