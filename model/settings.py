"""How a setting of a policy is declared: its kind, which defines its values, and its words.

`model.policy` declares each setting once. Validation, files, links, the editor and the words on screen are derived from
the declaration by kind, so a new setting of an existing kind needs no change there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from model.lifecycle import Side, Status
from model.limits import LONGEST_DURATION


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options."""

    options: type[StrEnum]
    words: Mapping[Any, str]  # each option on screen
    yes: Collection[StrEnum] = ()  # the options that answer yes to `Setting.compared`

    def checked(self, name: str, value: Any) -> Any:
        """Return the option that the value names. Raises ValueError."""
        return self.options(value)

    def others(self, value: Any) -> list[Any]:
        """Return the options that a repair may choose instead."""
        return [option for option in self.options if option is not value]


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, or None for no limit."""

    without: str  # None in files and links
    without_words: str  # None in the clause
    words: str = "{}"  # a length in the clause
    usual: tuple[str, ...] = ()  # what the editor offers
    sane: timedelta = timedelta(days=1)  # what a repair offers
    without_shown: str = ""  # None in the editor, if it is not as in files

    def checked(self, name: str, value: Any) -> Any:
        """Return the value if it is None or whole seconds from 1 second to 3,650 days. Raises ValueError."""
        if value is None or (
            isinstance(value, timedelta) and timedelta(0) < value <= LONGEST_DURATION and not value.microseconds
        ):
            return value
        raise ValueError(
            f"{name} must be None or whole seconds, from 1 second to {LONGEST_DURATION.days:,} days; not {value!r}"
        )

    def others(self, value: Any) -> list[Any]:
        """Return the lengths that a repair may choose instead: no limit, and a sane one."""
        return [length for length in (None, self.sane) if length != value]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int
    most: int
    sane: int | None = None  # what a repair offers

    def checked(self, name: str, value: Any) -> Any:
        """Return the value if it is a whole number within the bounds. Raises ValueError."""
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValueError(f"{name} must be {self.least:,} to {self.most:,}, not {value!r}")
        return value

    def others(self, value: Any) -> list[Any]:
        """Return the numbers that a repair may choose instead: the sane one."""
        return [self.sane] if self.sane not in (None, value) else []


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    yes: str  # in the clause
    no: str

    def checked(self, name: str, value: Any) -> Any:
        """Return the value unchanged."""
        return value

    def others(self, value: Any) -> list[Any]:
        """Return what a repair may choose instead."""
        return [not value]


@dataclass(frozen=True, slots=True)
class VisibilityTable:
    """The pairs of a status and a side that see a request."""

    def checked(self, name: str, value: Any) -> Any:
        """Return the pairs as a frozenset of (Status, Side). Raises ValueError."""
        try:
            return frozenset((Status(status), Side(side)) for status, side in value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must be pairs of a status and a side: {error}") from None


Kind = Choice | Duration | Whole | Flag | VisibilityTable


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration of one setting."""

    name: str
    kind: Kind
    label: str  # in the editor; one in lower case continues the line of the setting before
    source: str  # what the source says about it
    clause: str = ""  # on screen, with the settings' words in place of their names in braces
    compared: str = ""  # the question that it answers in the table of other systems
    beside: bool = False  # in the editor, on the same line as the setting before


def setting(default: Any, kind: Kind, **words: Any) -> Any:
    """Return the dataclass field of a setting; `words` are the other fields of Setting."""
    return field(default=default, metadata={"kind": kind, "words": words})


def settings_of(policy: type) -> Mapping[str, Setting]:
    """Return the settings that a dataclass declares, by name and in their order."""
    declared = [it for it in fields(policy) if "kind" in it.metadata]
    return {it.name: Setting(it.name, it.metadata["kind"], **it.metadata["words"]) for it in declared}
