"""The tools above and below a table. Each reads and writes the link, so that a link reproduces the list.

`at` is the prefix of the link's parameters, if a page has several tables.
"""

from collections.abc import Sequence

import streamlit as st

from dashboard.parts.table.choice import AT, COLUMNS, SEARCH, Choice, shown_columns
from dashboard.parts.table.columns import Column, Row


def toolbar(at: str, rows: Sequence[Row], columns: Sequence[Column], filters: Sequence[str], choice: Choice) -> None:
    """Show the search field, the filters, and the choice of columns."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _search(at, choice)
        for column in columns:
            if column.key in filters:
                _filter(at, rows, column, choice)
        _choose_columns(at, columns, choice)


def choose_page(at: str, number: int, pages: int) -> None:
    """Show the choice of a list's page."""
    key = f"{at}page of {pages}"
    if st.session_state.get(key, number) != number:  # the link was changed elsewhere
        st.session_state[key] = number

    def write() -> None:
        chosen = st.session_state[key]
        put_in_link(f"{at}{AT}", "" if chosen == 1 else str(chosen))

    st.pagination(pages, default=number, key=key, on_change=write)


def put_in_link(name: str, value: str | list[str]) -> None:
    """Write a choice into the link; a default, which is empty, is removed from it."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _search(at: str, choice: Choice) -> None:
    key = f"{at}search"
    st.session_state[key] = choice.search
    st.text_input(
        "Search",
        key=key,
        type="search",
        placeholder="Search",
        label_visibility="collapsed",
        on_change=lambda: _narrow(at, SEARCH, st.session_state[key].strip()),
        width=210,
    )


def _filter(at: str, rows: Sequence[Row], column: Column, choice: Choice) -> None:
    key = f"{at}filter {column.key}"
    chosen = choice.filters.get(column.key, ())
    st.session_state[key] = list(chosen)
    st.multiselect(
        column.label,
        sorted({column.cell_of(row).text for row in rows} | {*chosen}),
        key=key,
        placeholder=f"{column.label}: all",
        label_visibility="collapsed",
        on_change=lambda: _narrow(at, column.key, st.session_state[key]),
        width=200,
    )


def _narrow(at: str, name: str, value: str | list[str]) -> None:
    put_in_link(f"{at}{name}", value)
    st.query_params.pop(f"{at}{AT}", None)


def _choose_columns(at: str, columns: Sequence[Column], choice: Choice) -> None:
    key = f"{at}columns"
    labels = {column.key: column.label for column in columns}
    usual = [column.key for column in columns if not column.hidden]
    st.session_state[key] = [column.key for column in shown_columns(columns, choice)]

    def write() -> None:
        chosen = [name for name in labels if name in st.session_state[key]]
        put_in_link(f"{at}{COLUMNS}", "" if chosen == usual else ",".join(chosen))

    with st.popover("Columns", icon=":material/view_column:"):
        st.pills(
            "Columns to show",
            list(labels),
            selection_mode="multi",
            format_func=labels.__getitem__,
            key=key,
            on_change=write,
        )
