"""A viewer's choices for a list: search, filters, sorting, columns and page, kept in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from dashboard.parts.table.columns import Column, Row

PAGE = 25  # rows
SEARCH, SORT, COLUMNS, AT = "search", "sort", "columns", "page"
_DOWN = "-"


@dataclass(frozen=True)
class Choice:
    """The choices for a list. Defaults are empty."""

    search: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column -> the texts to keep
    sort: str = ""  # a column; a leading "-" means largest first
    columns: tuple[str, ...] = ()
    page: int = 1

    @property
    def sorted_by(self) -> str:
        """Return the column that the rows are sorted by."""
        return self.sort.removeprefix(_DOWN)

    @property
    def down(self) -> bool:
        """Return whether the largest is first."""
        return self.sort.startswith(_DOWN)

    def sort_after_click(self, column: str, usual: str) -> str:
        """Return the sorting after a click on a column's heading: by that column, or reversed."""
        now = self.sort or usual
        return f"{_DOWN}{column}" if now == column else column


def read_choice(link: Mapping[str, Sequence[str]], columns: Sequence[Column], filters: Sequence[str]) -> Choice:
    """Return the choices in a link's parameters; unknown ones are ignored."""
    known = {column.key for column in columns}
    sort = _last(link, SORT)
    page = _last(link, AT)
    return Choice(
        search=_last(link, SEARCH)[:200],
        filters={key: tuple(link[key]) for key in filters if link.get(key)},
        sort=sort if sort.removeprefix(_DOWN) in known else "",
        columns=tuple(key for key in _last(link, COLUMNS).split(",") if key in known),
        page=int(page) if page.isdecimal() and len(page) < 9 else 1,
    )


def _last(link: Mapping[str, Sequence[str]], name: str) -> str:
    return [*link.get(name, ()), ""][0]


def shown_columns(columns: Sequence[Column], choice: Choice) -> list[Column]:
    """Return the shown columns in their defined order."""
    return [c for c in columns if (c.key in choice.columns if choice.columns else not c.hidden)]


def arranged(rows: Sequence[Row], columns: Sequence[Column], choice: Choice) -> list[Row]:
    """Return the rows that match the search and the filters, sorted; without a sorting, in their original order.

    A search matches each of its words in any column, shown or not, ignoring case.
    """
    by_key = {column.key: column for column in columns}
    words = choice.search.casefold().split()
    found = [
        row
        for row in rows
        if all(by_key[key].cell_of(row).text in kept for key, kept in choice.filters.items())
        and (not words or _has(row, columns, words))
    ]
    if choice.sort:
        value = by_key[choice.sorted_by].value
        there = [row for row in found if value(row) is not None]
        missing = [row for row in found if value(row) is None]
        there.sort(key=lambda row: _sortable(value(row)), reverse=choice.down)
        found = there + missing
    return found


def _has(row: Row, columns: Sequence[Column], words: Sequence[str]) -> bool:
    cells = (column.cell_of(row) for column in columns)
    told = "\n".join(f"{cell.text}\n{cell.note}" for cell in cells).casefold()
    return all(word in told for word in words)


def _sortable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def page_of(rows: Sequence[Row], choice: Choice) -> tuple[Sequence[Row], int, int]:
    """Return the rows of the chosen page, its number, and how many pages there are.

    If the list has become shorter, the last page is shown.
    """
    pages = max(1, ceil(len(rows) / PAGE))
    page = min(max(choice.page, 1), pages)
    return rows[(page - 1) * PAGE : page * PAGE], page, pages
