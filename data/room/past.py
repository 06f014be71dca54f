"""A read-only view of a room as it was after a line of its log."""

from typing import overload

from data.lens.lens import Desk, Lens, Overview
from data.room.history import RoomHistory
from data.room.story import read_progress
from model import Actor, Code, Command, Engineer, Member, Refused

_PAST = "This is the room as it was. Return to the present to act."


class PastRoom:
    """A room at an earlier moment, read-only. It answers as the room did then.

    For trainers only: the number of a line reveals how much was done in the room, including what a tenant does not see.
    """

    def __init__(self, room: RoomHistory, line: int) -> None:
        self.room, self.seq = room, line
        self.story, self.policy, self.directory, self.opening = room.story, room.policy, room.directory, room.opening
        self.state = room.state
        with room._cursor() as cursor:
            self.now = cursor.execute("SELECT max(occurred_at) FROM log WHERE seq <= ?", [line]).fetchall()[0][0]
            self.progress = read_progress(cursor, self.story, line)
        self.steps_done = self.progress.steps_done

    @overload
    def as_seen_by(self, actor: Member, as_of: int | None = None) -> Lens: ...
    @overload
    def as_seen_by(self, actor: Engineer, as_of: int | None = None) -> Desk: ...
    def as_seen_by(self, actor: Actor, as_of: int | None = None) -> Lens | Desk:
        """Return what the actor saw at this moment, or after an earlier line."""
        line = self.seq if as_of is None else min(as_of, self.seq)
        if isinstance(actor, Engineer):
            return Desk(self.room._cursor, actor, line)
        return Lens(self.room._cursor, actor, self.directory, line)

    def overview(self) -> Overview:
        """Return everything at this moment."""
        return Overview(self.room._cursor, self.seq)

    def would_be_refused(self, command: Command, actor: Actor) -> Refused:
        """Return the refusal of every command here."""
        return Refused(Code.CHANGED_MEANWHILE, _PAST)
