"""Find scenarios and policies in every form that the public functions accept: a name, a file, or the object itself."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from data.files.shown import value_shown
from data.scenario.policy_format import policy_from
from data.scenario.reader import read_scenario, scenarios
from data.scenario.scenario import Scenario
from model import Policy
from model.nearest import nearest

SANDBOX = "sandbox"
"""The shipped scenario without steps, from which a room without a story is created."""


def find_scenario(scenario: str | Path | Scenario | None) -> Scenario:
    """Return the shipped scenario of this name, the one in a .toml file, or the sandbox for None. Raises ValueError."""
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, Path) or str(scenario).endswith(".toml"):
        return read_scenario(str(scenario))
    shipped = scenarios()
    return shipped[known(SANDBOX if scenario is None else scenario, shipped, "scenario")]


def find_policy(policy: Policy | str | Mapping[str, Any]) -> Policy:
    """Return the policy itself, the preset of this name, or the policy that a scenario's policy table describes.

    Raises ValueError, and TypeError for anything else.
    """
    if isinstance(policy, Policy):
        return policy
    if not isinstance(policy, str | Mapping):
        raise TypeError(f'a policy is a Policy, the name of a preset such as "okta", or a table, not {policy!r}')
    return policy_from({"preset": policy} if isinstance(policy, str) else policy)


def known(word: str, words: Iterable[str], what: str) -> str:
    """Return the word if it is one of the words. Raises ValueError with the nearest one, or with the first twelve."""
    words = list(words)
    if word not in words:
        meant = nearest(word, words) if len(str(word)) < 200 else None
        listed = ", ".join(words[:12]) + (", …" if len(words) > 12 else "")
        hint = f"did you mean {meant!r}?" if meant is not None else f"known: {listed}"
        raise ValueError(f"unknown {what} {value_shown(word)}; {hint}")
    return word
