"""Which column of a file says what: guessed by the names, and changed by the trainer."""

from zoneinfo import available_timezones

import streamlit as st

from dashboard.text.words import one_line
from data.imported.fields import FIELDS, guessed_columns
from data.imported.reading import How

_NONE = "(not in the file)"
_MAIN = ("ticket", "tenant", "resource_tenant", "opened", "asked", "decided", "decision", "removed", "closed")
_ORDERS = {None: "as the file shows", True: "day first", False: "month first"}
_IN_A_ROW = 3


def how_to_read(file_id: str, columns: tuple[str, ...]) -> How:
    """Show which column stands for what, and how times are read; return what is chosen."""
    guessed = guessed_columns(columns)
    chosen: dict[str, str | None] = {}
    with st.expander("Which column says what", expanded=True, icon=":material/table_chart:"):
        st.caption(f"{len(guessed)} of {len(FIELDS)} were found by their names. Any of them may be missing.")
        _grid(_MAIN, file_id, columns, guessed, chosen)
        st.caption("What else a file may say")
        _grid(tuple(name for name in FIELDS if name not in _MAIN), file_id, columns, guessed, chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        zone = st.selectbox(
            "Zone of times that name none",
            _zones(),
            key="zone of times",
            help="Times are shown as UTC afterwards.",
            width=280,
        )
        order = st.selectbox(
            "A date such as 3/2/2026",
            list(_ORDERS),
            format_func=_ORDERS.__getitem__,
            key="order of dates",
            help="If no date shows which number is the day, these rows are left out until you choose.",
            width=280,
        )
    return How(chosen, zone or "UTC", order, None, hide_names())


def hide_names() -> bool:
    """Ask whether generated names take the place of those in the file."""
    return st.checkbox(
        "Replace people and tenants by generated names",
        key="generated names",
        help="The same person gets the same name everywhere. Titles, reasons and numbers of support requests go, too.",
    )


def _grid(
    fields: tuple[str, ...],
    file_id: str,
    columns: tuple[str, ...],
    guessed: dict[str, str],
    chosen: dict[str, str | None],
) -> None:
    for start in range(0, len(fields), _IN_A_ROW):
        for place, name in zip(st.columns(_IN_A_ROW), fields[start : start + _IN_A_ROW], strict=False):
            options = [_NONE, *columns]
            found = place.selectbox(
                FIELDS[name].says.capitalize(),
                list(range(len(options))),
                index=options.index(guessed[name]) if name in guessed else 0,
                format_func=[one_line(option) for option in options].__getitem__,
                key=f"column {name} {file_id}",
            )
            chosen[name] = options[found] if found else None


@st.cache_data
def _zones() -> list[str]:
    return ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))]
