"""The parts of the code that are mutated, each with the tests that concern it; settings are in `pyproject.toml`."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var/mutants"

COMMON: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutants"]
"""The settings of every part that mutmut runs."""
PARTS: Mapping[str, dict[str, Any]] = COMMON.pop("parts")
"""The settings of each part that mutmut runs, by its name."""
FORKED_PARTS: Mapping[str, dict[str, Any]] = COMMON.pop("forked")
"""The code and the tests of each part that `forks` runs, by its name."""


def prepare(part: str) -> Path:
    """Make the folder that mutmut works in, and return it.

    It refers to the code and the tests, and holds the settings of the part. mutmut knows one list of tests, so each
    part has a folder of its own.
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
    """Return so many of the things given, or all if there are fewer: the same ones each time."""
    return random.Random(1).sample(given, min(many, len(given)))


def _written(value: object) -> str:
    return "\n    ".join(["", *value]) if isinstance(value, list) else str(value)
