"""The mutated parts of the code, each with its tests; settings are in `pyproject.toml`."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var/mutants"

COMMON: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutants"]
"""The common settings of the parts that mutmut runs."""
PARTS: Mapping[str, dict[str, Any]] = COMMON.pop("parts")
"""The settings of each part that mutmut runs, by name."""
FORKED_PARTS: Mapping[str, dict[str, Any]] = COMMON.pop("forked")
"""The code and the tests of each part that `forks` runs, by name."""


def prepare(part: str) -> Path:
    """Make mutmut's working folder, and return it.

    It links to the code and the tests, and has the settings of the part. mutmut supports one list of tests, so each
    part has its own folder.
    """
    folder = FOLDER / part
    folder.mkdir(parents=True, exist_ok=True)
    for entry in ("dashboard", "data", "model", "tests", "app.py", "pyproject.toml"):
        if not (folder / entry).is_symlink():
            (folder / entry).symlink_to(ROOT / entry)
    settings = {**COMMON, **PARTS[part]}
    lines = (f"{name} = {_written(value)}" for name, value in settings.items())
    (folder / "setup.cfg").write_text("\n".join(["[mutmut]", *lines, ""]))
    return folder


def drawn(given: Sequence[T], many: int) -> list[T]:
    """Return a fixed random sample of so many items, or all if there are fewer."""
    return random.Random(1).sample(given, min(many, len(given)))


def _written(value: object) -> str:
    return "\n    ".join(["", *value]) if isinstance(value, list) else str(value)
