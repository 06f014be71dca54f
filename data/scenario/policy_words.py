"""A policy in words: a clause for each setting, from its declaration and its value."""

from typing import Any

from data.files.durations import duration_text
from model import PRESETS, SETTINGS, Policy, Side, Status
from model.settings import Choice, Duration, Flag, Setting, VisibilityTable, Whole


def differences(policy: Policy, base: Policy | None = None) -> list[tuple[str, str]]:
    """Return pairs of a clause that differs from the base and the base's own. The base is the source by default."""
    clauses, theirs = clauses_of(policy), clauses_of(base or PRESETS["source"])
    return [(clause, theirs[about]) for about, clause in clauses.items() if clause != theirs[about]]


def clauses_of(policy: Policy) -> dict[object, str]:
    """Return a clause for each form of words that a setting declares, and one for each cell of a visibility table."""
    words = {name: _in_clause(setting, getattr(policy, name)) for name, setting in SETTINGS.items()}
    clauses = {setting.clause: setting.clause.format(**words) for setting in SETTINGS.values() if setting.clause}
    tables = [name for name, setting in SETTINGS.items() if isinstance(setting.kind, VisibilityTable)]
    return clauses | {
        (name, status, side): f"the {side} {'sees' if seen else 'does not see'} what is {status}"
        for name in tables
        for status in Status
        for side in Side
        for seen in [(status, side) in getattr(policy, name)]
    }


def _in_clause(setting: Setting, value: Any) -> str:
    match setting.kind:
        case Choice(words=words):
            return words[value]
        case Duration() as kind:
            return kind.words.format(duration_text(value)) if value else kind.without_words
        case Flag() as kind:
            return kind.yes if value else kind.no
        case Whole() | VisibilityTable():
            return str(value)
