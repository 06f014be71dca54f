"""The room that was replaced by another: its file is kept beside the new one, so that one click restores it."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from data.store.duckdb_file import refuse_if_open
from data.store.placing import part_beside, put_in_place_of, wal_beside
from data.store.trouble import RoomUnavailable, translated_errors


def earlier_beside(path: Path) -> Path:
    """Return the file of the room that the one in `path` replaced; it need not exist."""
    return Path(f"{path}.earlier")


def keep(before: Path, path: Path) -> None:
    """Keep the closed room `before`, which another is about to replace in `path`. Only the latest one is kept.

    If the disk gives trouble, none is kept, and the caller's next write reports it.
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
    """Swap the room in `path`, which is closed, with the one that was kept.

    Raises FileNotFoundError if none is kept, and RoomUnavailable, for example if the room is in use.
    """
    earlier = earlier_beside(path)
    try:
        with translated_errors(path), part_beside(path) as part:
            refuse_if_open(path)
            earlier.stat()
            _link(path, part)
            put_in_place_of(earlier, path)
            part.replace(earlier)
    except ValueError as error:
        raise RoomUnavailable(path, "another program has it open; nothing was changed") from error


def _link(path: Path, other: Path) -> None:
    """Link a file to another name; where the system cannot, copy it."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copyfile(path, other)
