"""The columns of a table: a cell's value and its display."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dashboard.palette import STATUS, status_name
from dashboard.text.words import one_line, roughly

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """The content of a cell."""

    text: str
    note: str = ""  # a second, small line
    colour: str = ""  # of a badge
    opens: bool = False  # whether it links to the row's details
    whole: bool = False  # whether it is kept on one line

    def sent(self) -> dict[str, Any]:
        """Return the cell for the browser, without empty fields."""
        found = {"text": self.text, "note": self.note, "colour": self.colour, "opens": self.opens, "whole": self.whole}
        return {name: value for name, value in found.items() if value}


def _text_of(value: Any) -> str:
    return "" if value is None else one_line(value)


@dataclass(frozen=True)
class Column:
    """A column: `value` is for sorting, `cell` for display."""

    key: str
    label: str
    value: Callable[[Row], Any] = field(default=lambda row: None)
    cell: Callable[[Row], Cell] | None = None
    hidden: bool = False  # hidden by default
    note: str = ""  # beside the label

    def cell_of(self, row: Row) -> Cell:
        """Return the column's cell of a row."""
        return self.cell(row) if self.cell else Cell(_text_of(self.value(row)))


def text(
    key: str, label: str, *, hidden: bool = False, names: Mapping[str, str] | None = None, whole: bool = False
) -> Column:
    """Return a column of text; `names` replace ids. `whole` texts are kept on one line."""

    def value(row: Row) -> Any:
        found = row[key]
        return names[found] if names is not None and found is not None else found

    def cell(row: Row) -> Cell:
        return Cell(_text_of(value(row)), whole=True)

    return Column(key, label, value, cell if whole else None, hidden)


def support_request_id(key: str = "ticket_id", *, opens: bool = True) -> Column:
    """Return the column of that name in the source; its cells link to the row's details if it `opens` them."""

    def cell(row: Row) -> Cell:
        return Cell(_text_of(row[key]), opens=opens, whole=True)

    return Column(key, "Support request ID", lambda row: row[key], cell, note="(invented)")


def _near(at: datetime, now: datetime) -> str:
    """Return roughly how long ago or ahead a time is, to show below the time itself."""
    if abs(now - at) < timedelta(minutes=1):
        return "just now" if at <= now else "in a moment"
    return f"{roughly(now - at)} ago" if at <= now else f"in {roughly(at - now)}"


def status_cell(status: str) -> Cell:
    """Return the badge of a status."""
    return Cell(status_name(status), colour=STATUS[status].name)


def status() -> Column:
    """Return the column of badges."""
    return Column("status", "Status", lambda row: row["status"], lambda row: status_cell(row["status"]))


def time(key: str, label: str, now: datetime, *, hidden: bool = False, to_the_second: bool = False) -> Column:
    """Return a column of the room's times, which are UTC, with how long ago or ahead they are."""
    shape = "%d %b %Y, %H:%M:%S" if to_the_second else "%d %b %Y, %H:%M"

    def cell(row: Row) -> Cell:
        at = row[key]
        return Cell(at.strftime(shape), _near(at, now)) if at else Cell("")

    return Column(key, label, lambda row: row[key], cell, hidden)
