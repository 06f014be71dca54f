"""Policies by name: the presets, and saved policies, each in its own TOML file.

A file has a `title` and then the settings, as in the policy table of a scenario.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from data.files.app_folders import app_folders
from data.files.toml_reader import Value, parse, read_text
from data.scenario.policy_format import policy_from
from data.scenario.writer import lines, policy_differences
from model import PRESETS, SETTINGS, Policy

FOLDER = "SUPPORT_ACCESS_LAB_POLICIES"
"""The environment variable that names a folder to use instead of `var/policies`."""


def policies(folder: str | Path | None = None, wrong: Callable[[str], None] | None = None) -> dict[str, Policy]:
    """Return the presets, then the saved policies, by name.

    Call `wrong` with the message about each file that cannot be read, and leave that file out. Without `wrong`, raise
    OSError or ValueError.
    """
    found = dict(PRESETS)
    for path in _files(folder):
        try:
            found[_name(path.stem)] = read_policy(path)
        except (OSError, ValueError) as error:
            if wrong is None:
                raise
            wrong(str(error))
    return found


def read_policy(path: str | Path) -> Policy:
    """Read a policy from a TOML file.

    Raises OSError if it cannot be read, ValueError (file, line, reason) if it is not a policy.
    """
    return parse_policy(read_text(path), Path(path).name)


def parse_policy(text: str, file: str = "policy") -> Policy:
    """Return the policy that a TOML text describes; `file` names it in errors. Raises ValueError."""
    return parse(text, file, _policy)


def save_policy(name: str, policy: Policy, folder: str | Path | None = None) -> Path:
    """Save the policy under a name, replacing a saved one of that name, and return the path of its file.

    Raises OSError, and ValueError if the name is not an id or is a preset's.
    """
    path = _folders(folder)[0] / f"{_name(name)}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_suffix(f".{os.getpid()}")
    half_done.write_text(policy_text(policy), encoding="utf-8")
    half_done.replace(path)
    return path


def policy_text(policy: Policy) -> str:
    """Return the policy as TOML: its title, and the settings that differ from the source."""
    return lines(policy_differences(policy), title=policy.title)


def _policy(top: Value) -> Policy:
    given = top.table((), ("title", "preset", *SETTINGS))
    policy = policy_from(Value({key: value.it for key, value in given.items() if key != "title"}))
    return replace(policy, title=given["title"].text()) if "title" in given else policy


def _name(name: str) -> str:
    if Value(name, ("name",)).id() in PRESETS:
        raise ValueError(f"name: {name!r} is a preset; a policy of your own needs another name")
    return name


def _files(folder: str | Path | None) -> Iterator[Path]:
    """Yield the files of all saved policies, by name; of two with one name, the one in the first folder."""
    files = {path.name: path for place in reversed(_folders(folder)) for path in place.glob("*.toml")}
    yield from (files[name] for name in sorted(files))


def _folders(folder: str | Path | None) -> tuple[Path, ...]:
    return (Path(folder),) if folder else app_folders("policies", FOLDER)
