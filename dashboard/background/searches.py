"""Searches with SQL: a few at once, so that a class that asks does not take the processor from everybody else."""

from threading import BoundedSemaphore

from data import Desk, Lens, Overview, QueryFailed, QueryLimits
from data.lens.lens import Answer

LIMITS = QueryLimits(seconds=8, megabytes=256, answer_megabytes=16, rows=1000)
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 8  # seconds


def search(view: Lens | Desk | Overview, sql: str) -> Answer:
    """Return what one SELECT finds in a view, its first 1,000 rows. Raises QueryFailed."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise QueryFailed("others are searching: try again in a moment")
    try:
        return view.ask(sql, LIMITS)
    finally:
        _AT_ONCE.release()
