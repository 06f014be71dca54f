"""The outcome of opening files after an accident: a sound room, or an error. It runs in a separate process, because a
damaged file might end the process that opens it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from data import DamagedRoom, Room, RoomUnavailable
from tests.evidence.acts import Ack
from tests.evidence.processes import Child

Files = dict[str, bytes]  # the files of a folder, by name
ROOM = "room.duckdb"
_KINDS = {FileNotFoundError: "none", RoomUnavailable: "unavailable", DamagedRoom: "damaged"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of opening a room, reading its log and verifying it.

    `kind`: sound, none (there is no room), damaged, unavailable, or error (any other exception, or a crash).
    """

    kind: str
    text: str = ""
    log: tuple[tuple[str, str], ...] = ()  # action and ticket of each line
    changed: tuple[str, ...] = ()  # files changed although the room was refused

    def lacks(self, acks: Iterable[Ack]) -> list[str]:
        """Return a sentence for each acknowledged line that is not in the log."""
        return [
            f"line {ack.seq} ({ack.action}) was acknowledged; the log of {len(self.log)} lines lacks it"
            for ack in acks
            if self.log[ack.seq - 1 : ack.seq] != ((ack.action, ack.ticket),)
        ]


class Opener:
    """Opens the room `ROOM` among given files, in another process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._child: Child | None = None
        self._known: dict[bytes, Outcome] = {}

    def outcome(self, files: Files) -> Outcome:
        """Return the outcome of opening the room, cached by files."""
        digest = hashlib.blake2b(digest_size=16)
        for name, content in sorted(files.items()):
            digest.update(f"{name} {len(content)} ".encode())
            digest.update(content)
        if digest.digest() not in self._known:
            self._known[digest.digest()] = self._opened(files)
        return self._known[digest.digest()]

    @property
    def kinds(self) -> Counter[str]:
        """Count outcomes by kind, for distinct files."""
        return Counter(outcome.kind for outcome in self._known.values())

    def _opened(self, files: Files) -> Outcome:
        for left in self._folder.iterdir():
            left.unlink()
        for name, content in files.items():
            (self._folder / name).write_bytes(content)
        self._child = self._child or Child(_open_each)
        self._child.tell(self._folder / ROOM)
        try:
            outcome: Outcome = self._child.hear()
        except EOFError:
            outcome = Outcome("error", f"opening it ended the process with exit code {self._child.end()}")
            self._child = None
        return outcome

    def close(self) -> None:
        """End the other process."""
        if self._child:
            self._child.kill()
            self._child.end()


def _open_each(parent: Connection) -> None:
    while True:
        parent.send(open_room(parent.recv()))


def open_room(path: Path) -> Outcome:
    """Open, read, verify and close a room, and return the outcome."""
    before = _digests(path.parent)
    try:
        with Room.open(path) as room:
            log = room.events()[["action", "ticket_id"]].fillna("")
            room.verify()
            return Outcome("sound", log=tuple(log.itertuples(index=False, name=None)))
    except Exception as error:
        after = _digests(path.parent)
        changed = tuple(name for name, digest in before.items() if after.get(name) != digest)
        kind = next((kind for of, kind in _KINDS.items() if isinstance(error, of)), "error")
        return Outcome(kind, f"{type(error).__name__}: {error}".splitlines()[0], changed=changed)


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def files_in(folder: Path) -> Files:
    """Return the files of a folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
