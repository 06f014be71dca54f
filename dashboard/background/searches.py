"""SQL queries: a few at a time, so that a class does not use up the processor."""

from threading import BoundedSemaphore

from data import Desk, Lens, Overview, QueryFailed, QueryLimits
from data.lens.lens import Answer

LIMITS = QueryLimits(seconds=8, megabytes=256, answer_megabytes=16, rows=1000)
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 8  # seconds


def search(view: Lens | Desk | Overview, sql: str) -> Answer:
    """Return the first 1,000 rows of a SELECT on a view. Raises QueryFailed."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise QueryFailed("others are searching: try again in a moment")
    try:
        return view.ask(sql, LIMITS)
    finally:
        _AT_ONCE.release()
