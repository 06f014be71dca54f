"""The current cases of a room, for programs that act in it, not for members."""

from data.room.room_file import RoomFile
from data.store import log
from model import Case


def open_cases(room: RoomFile) -> list[Case]:
    """Return the cases whose ticket is open, ordered by id."""
    with room._cursor() as cursor:
        return log.load_open_cases(cursor)


def cases_changed_after(room: RoomFile, line: int) -> list[Case]:
    """Return the cases that have changed after a line of the log, ordered by id."""
    changed = "SELECT DISTINCT ticket_id FROM log WHERE seq > ? AND ticket_id IS NOT NULL ORDER BY ticket_id"
    with room._cursor() as cursor:
        found = [str(row[0]) for row in cursor.execute(changed, [line]).fetchall()]
        cases = (log.load_case(cursor, ticket)[0] for ticket in found)
        return [case for case in cases if case]
