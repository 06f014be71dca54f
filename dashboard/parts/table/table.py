"""A list as a table that can be searched, filtered and sorted, with cards in a narrow window."""

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.parts.table.choice import SORT, Choice, arranged, page_of, read_choice, shown_columns
from dashboard.parts.table.columns import Cell, Column, Row
from dashboard.parts.table.toolbar import choose_page, put_in_link, toolbar

_FEW = 6  # rows: a shorter list needs no tools


def _file(name: str) -> str:
    return resources.files("dashboard").joinpath(f"parts/table/{name}").read_text(encoding="utf-8")


_draw = st.components.v2.component(
    "support_list",
    html='<div class="support-list"></div>',
    css=_file("table.css"),
    js=_file("table.js"),
    isolate_styles=False,
)


def show_table(
    name: str,
    rows: Sequence[Row],
    columns: Sequence[Column],
    *,
    usual: str,
    filters: Sequence[str] = (),
    opens: str = "",
    at: str = "",
    counted: str = "in all",
) -> None:
    """Show rows as a table with the accessible `name`; the link keeps the viewer's choices.

    `usual` is the column of the rows' original order, with a leading "-" for largest first. `filters` names the columns
    to filter by. `opens` is the link's parameter, "request" or "ticket", that opens a row's details in a new tab. `at`
    is the prefix of the parameters. `counted` describes the number of rows.
    """
    link = {key: st.query_params.get_all(key) for key in st.query_params}
    choice = read_choice({k.removeprefix(at): v for k, v in link.items() if k.startswith(at)}, columns, filters)
    if len(rows) >= _FEW or choice != Choice():
        toolbar(at, rows, columns, filters, choice)
    found = arranged(rows, columns, choice)
    page, number, pages = page_of(found, choice)
    if len(rows) >= _FEW:
        st.caption(f"{len(found):,} of {len(rows):,}" if len(found) < len(rows) else f"{len(rows):,} {counted}")
    if found:
        shown, key = shown_columns(columns, choice), f"{at}table {name}"
        _draw(
            key=key,
            data={
                "name": name,
                "columns": [_heading(column, choice.sort or usual) for column in shown],
                "rows": [_sent(row, shown, opens, link) for row in page],
            },
            on_sort_change=lambda: _sort(at, str(st.session_state[key].sort), columns, choice, usual),
        )
    elif rows:
        st.info("Nothing in this list matches. Clear the search or a filter to see more.", icon=":material/search_off:")
    if pages > 1:
        choose_page(at, number, pages)


def show_few(name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Show a table without tools, which becomes cards in a narrow window.

    A column without a heading has the rows' names.
    """
    columns = [{"label": heading} for heading in headings]
    data = {"name": name, "columns": columns, "rows": [{"cells": [cell.sent() for cell in row]} for row in rows]}
    _draw(key=f"table {name}", data=data)


def _heading(column: Column, sort: str) -> dict[str, Any]:
    heading = {"key": column.key, "label": column.label}
    if column.note:
        heading["note"] = column.note
    if sort.removeprefix("-") == column.key:
        heading["sorted"] = "descending" if sort.startswith("-") else "ascending"
    return heading


def _sent(row: Row, columns: Sequence[Column], opens: str, link: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    sent: dict[str, Any] = {"cells": [column.cell_of(row).sent() for column in columns]}
    if opens:
        key = row[f"{opens}_id"]
        sent |= {"id": key, "link": f"?{urlencode({**link, opens: key}, doseq=True)}"}  # works below any address
    return sent


def _sort(at: str, column: str, columns: Sequence[Column], choice: Choice, usual: str) -> None:
    if column in {one.key for one in columns}:
        sort = choice.sort_after_click(column, usual)
        put_in_link(f"{at}{SORT}", "" if sort == usual else sort)
