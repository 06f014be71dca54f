"""Where a running app keeps what it writes: in `var/` beside `app.py`, never in the folder of a package."""

import os
from pathlib import Path

_ROOT = Path(__file__).parents[2]  # the folder of app.py; for an installed copy, the folder of the packages


def app_folders(kind: str, variable: str) -> tuple[Path, ...]:
    """Return the folder for a kind of file ("rooms", "policies"), then the one that earlier versions used.

    If the environment variable names a folder, there is only that one. New files go into the first folder. A file that
    exists only in the second is used there, and not moved, since another process may have it open.
    """
    if named := os.environ.get(variable):
        return (Path(named),)
    return _ROOT / "var" / kind, _ROOT / "data" / kind
