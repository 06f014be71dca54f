"""A folder that is written whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"  # the suffix of a file that is still being written


@contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """Write to a temporary folder next to `folder`, then rename it into place; remove it if an error occurs.

    Raises FileExistsError if the folder has something in it, and OSError.
    """
    folder = Path(folder).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} already exists and is not an empty folder: choose another one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    written = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        written.chmod(0o755)
        yield written
        for part in written.rglob(f"*{PART}"):  # left by a lost worker
            part.unlink()
        if folder.exists():
            folder.rmdir()
        written.replace(folder)
    finally:
        shutil.rmtree(written, ignore_errors=True)
