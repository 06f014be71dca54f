"""A room's history: what was done, undo, and redo."""

from data.room.acts import Act, acts_after
from data.room.arguments import check_line
from data.room.file.integrity import end_of_whole
from data.room.importing import RoomImport
from data.store import log, undone


class RoomHistory(RoomImport):
    """Undone acts are kept in the room, so that `redo` works even after a restart, and in a copy."""

    def acts(self) -> list[Act]:
        """Return what was done since the story began, in order: for a trainer, not for a member.

        >>> from data import Room
        >>> room = Room.create(scenario="rejection")
        >>> played = [room.next_step() for _ in range(2)]
        >>> [(act.step, act.action) for act in room.acts()]
        [(1, 'open'), (2, 'request')]
        """
        with self._cursor() as cursor:
            return acts_after(cursor, self.opening)

    def acts_by_hand(self) -> int:
        """Return how many commands since the story began are not steps of it.

        For a trainer, not for a member: these would be lost if another story began.

        >>> from data import Room
        >>> Room.create(scenario="rejection").acts_by_hand()
        0
        """
        with self._cursor() as cursor:
            return log.count_by_hand(cursor, self.opening)

    def rewind(self, to: int) -> None:
        """Take the room back to how it was after line `to` of the log. Later lines are kept for `redo`.

        Acts are never split: a ticket's closing with its consequences, a step of the story. Raises TypeError, and
        ValueError if the log has no such line.

        >>> from data import Room
        >>> room = Room.create(scenario="rejection")
        >>> played = room.play()
        >>> room.rewind(to=1)
        >>> room.steps_done
        0
        """
        with self._work.locked():
            with self._cursor() as cursor:
                to = end_of_whole(cursor, check_line(to, self.seq))
            if to < self.seq:
                self._work.rewind(to)
                self._read_state()

    def start_over(self) -> None:
        """Take the room back to where its story begins."""
        self.rewind(self.opening)

    def undo(self, act: Act | None = None) -> Act | None:
        """Undo the last act, and return it; None if nothing was done since the story began.

        With `act`, only that act is undone: None if something else was done last.

        >>> from data import Room
        >>> room = Room.create(scenario="rejection")
        >>> played = room.next_step()
        >>> room.undo().action
        'open'
        >>> room.undo() is None
        True
        """
        with self._work.locked():
            if not (acts := self.acts()) or act not in (None, acts[-1]):
                return None
            self.rewind(acts[-1].first - 1)
            return acts[-1]

    def back(self) -> int | None:
        """Take the room back to how it was before the story's latest step, and return the step's number, or None.

        Later acts by hand are undone, too.
        """
        with self._work.locked():
            latest = next((act for act in reversed(self.acts()) if act.step), None)
            if latest is None:
                return None
            self.rewind(latest.first - 1)
            return latest.step

    def can_redo(self) -> bool:
        """Return whether something was undone that `redo` restores, and nothing was done since."""
        return self._taken_back_after() == self.seq

    def can_swap(self) -> bool:
        """Return whether something was undone, and something else was done since: `redo` then swaps the two."""
        base = self._taken_back_after()
        return base is not None and base < self.seq

    def redo(self) -> bool:
        """Restore what was undone last; return whether there was anything.

        What was done since is undone instead, and kept: another `redo` restores it.

        >>> from data import Room
        >>> room = Room.create(scenario="rejection")
        >>> played = room.play()
        >>> room.start_over()
        >>> room.redo(), room.steps_done == len(played)
        (True, True)
        """
        with self._work.locked():
            base = self._taken_back_after()
            if base is None:
                return False
            self._work.bring_back(base)
            self._read_state()
            return True

    def _taken_back_after(self) -> int | None:
        with self._cursor() as cursor:
            return undone.base(cursor)
