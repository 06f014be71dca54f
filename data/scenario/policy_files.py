"""Policies by name: the presets, and those that somebody saved, each in a small TOML file beside the others.

A file has a `title` and then the knobs, as the policy table of a scenario takes them.
"""

import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

from data.files.toml_reader import Value, parse, read_text
from data.scenario.policy_format import policy_from
from data.scenario.writer import lines, policy_differences
from model import PRESETS, Policy

FOLDER = "SUPPORT_ACCESS_LAB_POLICIES"
"""The environment variable that names another folder for the files."""


def policies(folder: str | Path | None = None, wrong: Callable[[str], None] | None = None) -> dict[str, Policy]:
    """The presets, and then the saved policies, by name.

    `wrong` is told of each file that cannot be read, which is left out; without it, raises OSError or ValueError.
    """
    found = dict(PRESETS)
    for path in sorted(_folder(folder).glob("*.toml")):
        try:
            found[_name(path.stem)] = read_policy(path)
        except (OSError, ValueError) as error:
            if wrong is None:
                raise
            wrong(str(error))
    return found


def read_policy(path: str | Path) -> Policy:
    """The policy of a file. Raises OSError, or ValueError that names the file, the place and what is wrong."""
    return parse(read_text(path), Path(path).name, _policy)


def save_policy(name: str, policy: Policy, folder: str | Path | None = None) -> Path:
    """Writes the policy into the file of this name, in place of a policy that was saved under it; where it then is.

    Raises OSError, and ValueError where the name is no id or is that of a preset.
    """
    path = _folder(folder) / f"{_name(name)}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_suffix(f".{os.getpid()}")
    half_done.write_text(policy_text(policy), encoding="utf-8")
    half_done.replace(path)
    return path


def policy_text(policy: Policy) -> str:
    """The policy as TOML: its title, and what is not as in the source."""
    return lines(policy_differences(policy), title=policy.title)


def _policy(top: Value) -> Policy:
    given = top.table((), ("title", "preset", *(f.name for f in fields(Policy) if f.compare)))
    policy = policy_from(Value({key: value.it for key, value in given.items() if key != "title"}))
    return replace(policy, title=given["title"].prose()) if "title" in given else policy


def _name(name: str) -> str:
    if Value(name, ("name",)).id() in PRESETS:
        raise ValueError(f"name: {name!r} is a preset; a policy of your own needs another name")
    return name


def _folder(folder: str | Path | None) -> Path:
    return Path(folder or os.environ.get(FOLDER) or Path(__file__).parents[1] / "policies")
