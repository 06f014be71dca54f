"""A room's clock: it only moves forward, and what falls due on the way happens at its own time."""

from datetime import datetime, timedelta

from data.room.unit_of_work import UnitOfWork
from model import FallDue
from model.limits import LATEST, LONGEST_DURATION


def advance(work: UnitOfWork, now: datetime, by: timedelta) -> datetime:
    """Move the clock from `now` and return the new time; what falls due happens on the way. Raises ValueError."""
    if not timedelta(0) <= by <= LONGEST_DURATION:
        raise ValueError(f"the clock moves forward by at most {LONGEST_DURATION.days:,} days, not by {by}")
    if by >= LATEST - now:
        raise ValueError(f"the clock goes no further than the year {LATEST.year - 1}")
    until = now + by
    with work.transaction() as cursor:
        due = cursor.execute(
            "SELECT due_at, request_id FROM requests WHERE side = 'resource tenant' AND due_at <= ? "
            "ORDER BY due_at, seq",
            [until],
        ).fetchall()
        for at, request in due:
            work.carry_out(cursor, FallDue(request), None, at, None)
        work.log(cursor, until, "clock")
        cursor.execute("UPDATE clock SET now = ?", [until])
    return until
