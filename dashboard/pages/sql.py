"""SQL: one SELECT over what the viewer sees, and nothing else."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.background.searches import search
from dashboard.parts import cards
from dashboard.parts.over_time import view_of
from dashboard.shell.session_state import FOUND
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import day_in_file_name, moment, plain
from data import Desk, Lens, Overview, QueryFailed
from data.ad_hoc_sql.asking import LONGEST
from data.files.csv_and_parquet import csv_bytes
from model import Member

EXAMPLES = {
    "trainer": {
        "Requests by status": (
            "SELECT status, count(*) AS requests\nFROM requests\nGROUP BY status\nORDER BY requests DESC"
        ),
        "Slowest decisions": (
            "SELECT request_id, resource_tenant, status,\n"
            "    round(epoch(decided_at - requested_at) / 3600, 1) AS hours\n"
            "FROM requests\nWHERE decided_at IS NOT NULL\nORDER BY hours DESC\nLIMIT 20"
        ),
        "Hours in each status": (
            "SELECT status, count(*) AS times,\n    round(median(epoch(ends - begins)) / 3600, 1) AS median_hours\n"
            "FROM time_in_each_status\nWHERE ends IS NOT NULL\nGROUP BY status\nORDER BY times DESC"
        ),
        "Who did what": "SELECT actor, activity, count(*) AS times\nFROM audit_logs\nGROUP BY ALL\nORDER BY times DESC",
    },
    "member": {
        "What waits": "SELECT request_id, title, requested_at, due_at\nFROM pending\nORDER BY due_at",
        "Approved access by status": "SELECT status, count(*) AS requests\nFROM approved_access\nGROUP BY status",
        "Activities by person": (
            "SELECT actor, activity, count(*) AS times\nFROM audit_log\nGROUP BY ALL\nORDER BY times DESC"
        ),
    },
    "engineer": {
        "Requests by status": "SELECT status, count(*) AS requests\nFROM requests\nGROUP BY status",
        "Refused reads": "SELECT occurred_at, tenant, category, outcome\nFROM reads\nWHERE outcome <> 'granted'",
    },
}
"""Kind of viewer -> what a button says -> the SQL that it writes."""


@dataclass(frozen=True)
class Found:
    """What the last search in this tab found, and in whose view."""

    whose: tuple[str, object]
    sql: str
    at: str  # the room's time
    frame: pd.DataFrame | None = None
    is_complete: bool = True
    failure: str = ""


def page(here: Visit) -> None:
    """Show the field for the SQL, and what it found."""
    st.title("SQL")
    view = view_of(here)
    if isinstance(view, Lens) and (refusal := view.refusal) and view.audit_refusal:
        cards.no_permission(refusal.sentence)
        return
    st.caption(
        f"Ask with one SELECT, in DuckDB's SQL, over {_whose(here)}. It runs in a process of its own, which cannot "
        "change anything and is stopped after a few seconds."
    )
    closed = _closed_tables(view)
    for tables, sentence in closed.items():
        names = ", ".join(f"`{name}`" for name in tables)
        have = "has" if len(tables) == 1 else "have"
        st.caption(f":material/lock: {names} {have} no rows for you. {plain(sentence)}")
    wanted = _ask(view, {name for tables in closed for name in tables})
    if wanted:
        searching = st.empty()
        searching.caption("Searching …")
        FOUND.put(_search(here, view, wanted))
        searching.empty()
    found = FOUND.get()
    if found and found.whose == _viewer(here):
        _answer(here, found)
    with st.container(border=True, key="tables"):
        st.markdown("**Tables and their columns**")
        _tables(view)


def _whose(here: Visit) -> str:
    if here.viewer is None:
        return "everything in the room, including what no tenant sees"
    if isinstance(here.viewer, Member):
        return f"what you see in {plain(here.room.directory.tenants[here.viewer.tenant])}"
    return "your support requests, access requests and reads"


def _viewer(here: Visit) -> tuple[str, object]:
    return here.room_id, here.viewer


def _closed_tables(view: Lens | Desk | Overview) -> dict[tuple[str, ...], str]:
    """Return the tables that are empty because a member lacks a permission, and the sentence that says so."""
    if not isinstance(view, Lens):
        return {}
    refused = {("pending", "approved_access", "tickets"): view.refusal, ("audit_log",): view.audit_refusal}
    return {tables: refusal.sentence for tables, refusal in refused.items() if refusal}


def _ask(view: Lens | Desk | Overview, closed: set[str]) -> str:
    """Show examples and the field; return the SQL if it is to be run now."""
    with st.container(horizontal=True):
        for label, sql in EXAMPLES[view.kind].items():
            if any(table in sql for table in closed):
                continue
            st.button(
                label,
                key=f"example {label}",
                type="tertiary",
                icon=":material/lightbulb:",
                on_click=_write,
                args=(sql,),
            )
    with st.form("search", border=False):
        sql = st.text_area("SQL", key="sql", height=170, max_chars=LONGEST, placeholder="SELECT …", bind="query-params")
        asked = st.form_submit_button("Run", key="run", type="primary", icon=":material/play_arrow:")
    return (sql or "").strip() if asked else ""


def _write(sql: str) -> None:
    st.session_state["sql"] = sql


def _search(here: Visit, view: Lens | Desk | Overview, sql: str) -> Found:
    whose, at = _viewer(here), moment(here.room.now)
    try:
        answer = search(view, sql)
    except QueryFailed as failure:
        return Found(whose, sql, at, failure=str(failure))
    return Found(whose, sql, at, answer.frame, answer.is_complete)


def _answer(here: Visit, found: Found) -> None:
    """Show what was found. Names of columns and texts may be anybody's: they are shown as they are."""
    if found.frame is None:
        st.error("This cannot be answered:", icon=":material/error:")
        st.code(found.failure, language=None, wrap_lines=True)
        return
    many = len(found.frame)
    rows = "1 row" if many == 1 else f"{many:,} rows" if many else "No rows"
    first = "" if found.is_complete else ": the first ones; there are more"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{rows}{first}. As it was on {found.at}.", width="stretch")
        if many:
            frame = found.frame
            st.download_button(
                "Download as CSV",
                lambda: csv_bytes(frame),
                f"sql-{day_in_file_name(here.room.now)}.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
    if many:
        st.dataframe(found.frame, hide_index=True, key="found", alt="What the SQL found")


def _tables(view: Lens | Desk | Overview) -> None:
    for table, columns in view.columns().items():
        st.markdown(f"`{table}`  \n" + ", ".join(f"`{name}`" for name in columns))


page(visit())
