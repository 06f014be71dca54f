"""The room that another took the place of: its file is kept beside it, so that one click brings it back."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from data.store.duckdb_file import refuse_if_open
from data.store.placing import part_beside, put_in_place_of, wal_beside
from data.store.trouble import RoomUnavailable, trouble_told


def earlier_beside(path: Path) -> Path:
    """Return the file of the room that the one in `path` took the place of; there may be none."""
    return Path(f"{path}.earlier")


def keep(before: Path, path: Path) -> None:
    """Keep the room `before`, which is closed and which another takes the place of in `path`. Only the latest is kept.

    If it cannot be kept, nothing is: the disk gives trouble, which what comes next tells.
    """
    earlier = earlier_beside(path)
    with suppress(OSError):
        for beside in (wal_beside, Path):
            beside(earlier).unlink(missing_ok=True)
            if beside(before).exists():
                with part_beside(earlier) as part:
                    _link(beside(before), part)
                    part.replace(beside(earlier))


def swap(path: Path) -> None:
    """Put the room that was kept in the place of the one that is there, which is closed and kept in turn.

    Raises FileNotFoundError if none is kept, and RoomUnavailable, also if the room is in use.
    """
    earlier = earlier_beside(path)
    try:
        with trouble_told(path), part_beside(path) as part:
            refuse_if_open(path)
            earlier.stat()
            _link(path, part)
            put_in_place_of(earlier, path)
            part.replace(earlier)
    except ValueError as error:
        raise RoomUnavailable(path, "another program has it open; nothing was changed") from error


def _link(path: Path, other: Path) -> None:
    """Give a file another name; where the system cannot, copy it."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copyfile(path, other)
