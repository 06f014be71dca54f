"""The high-water mark: the last line of a room's log that was acknowledged, in a file beside the database.

A truncated write-ahead log can open silently; the mark shows that acknowledged lines are missing.
"""

import logging
import os
import re
from pathlib import Path
from zlib import crc32

from data.store.placing import MEMORY, mark_beside, part_beside, sync_folder
from data.store.trouble import DamagedRoom, RoomUnavailable

_log = logging.getLogger(__name__)
_FORM = re.compile(rb"([0-9]{1,19})(?: ([0-9a-f]{8})\n)?")  # the number and its checksum; earlier versions wrote none


class Mark:
    """The mark of one database."""

    def __init__(self, path: str) -> None:
        self._path, self._file = path, mark_beside(Path(path))
        self._behind = 0  # the line that could not be written, to be retried

    def read(self) -> int:
        """Return the line, 0 if there is no mark. Raises DamagedRoom if the file is no valid mark."""
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return 0
        found = _FORM.fullmatch(content)
        if found and found[2] in (None, _checksum(found[1])):
            return int(found[1])
        raise DamagedRoom(self._path, "its .mark file is damaged", "delete that file to go on with the room as it is")

    def raise_to(self, seq: int) -> None:
        """Write the mark after a commit. A failure is logged and retried later: the commit holds without it."""
        try:
            self._write(seq)
        except OSError as error:
            if not self._behind:
                _log.warning("%s: the mark could not be written, and will be at the next chance: %s", self._path, error)
            self._behind = seq
        else:
            self._behind = 0

    def lower_to(self, seq: int) -> None:
        """Write the mark before lines are deleted. Raises RoomUnavailable."""
        try:
            self._write(seq)
        except OSError as error:
            raise RoomUnavailable(self._path, f"nothing was changed: the mark cannot be written ({error})") from error
        self._behind = 0

    def mend(self) -> None:
        """Write the mark if an earlier attempt failed."""
        if self._behind:
            self.raise_to(self._behind)

    def _write(self, seq: int) -> None:
        """Write the line and sync it to disk. A database in memory has no file."""
        if self._path == MEMORY:
            return
        number = b"%019d" % seq
        content = number + b" " + _checksum(number) + b"\n"
        try:
            is_there = self._file.stat().st_size == len(content)
        except FileNotFoundError:
            is_there = False
        sync_folder(self._file.parent)  # the commit may have created the write-ahead log: sync its name first
        if is_there:
            _write_synced(self._file, content)  # within one sector: whole or not at all
        else:
            with part_beside(self._file) as part:
                _write_synced(part, content)
                part.replace(self._file)
            sync_folder(self._file.parent)


def _write_synced(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        if os.pwrite(descriptor, content, 0) != len(content):
            raise OSError("the mark was not written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksum(number: bytes) -> bytes:
    return b"%08x" % crc32(number)
