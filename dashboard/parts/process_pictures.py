"""Process pictures for the trainer: the paths that cases took, the hours between steps, and waiting by the week."""

import pandas as pd
import streamlit as st

from dashboard.charts import process
from dashboard.parts.over_time import view_of
from dashboard.shell.visit import Visit

_MOST = 50  # paths
_WORDS = {
    "open": "opened",
    "request": "access asked for",
    "approve": "approved",
    "reject": "rejected",
    "cancel": "canceled",
    "expire": "expired",
    "revoke": "access removed",
    "complete": "completed",
    "lapse": "lapsed",
    "close": "closed",
}


def process_pictures(here: Visit) -> None:
    """Show the pictures, if the trainer wants them: they read the whole log."""
    with st.container(border=True):
        wanted = st.toggle(
            "Paths, hours between steps, and waiting by weekday and hour", key="process", bind="query-params"
        )
        if not wanted:
            return
        view = view_of(here)
        paths = view.frame("paths")
        if paths.empty:
            st.caption("No support requests yet.")
            return
        _paths(paths)
        left, right = st.columns(2)
        with left:
            _between_steps(view.frame("between_steps"))
        with right:
            _waiting(view.frame("waits_by_hour"))


def _paths(paths: pd.DataFrame) -> None:
    st.subheader("Paths that support requests took", anchor=False)
    st.caption(f"{int(paths['tickets'].sum()):,} support requests took {len(paths):,} paths until now.")
    shown = paths.head(_MOST)
    st.dataframe(
        shown.assign(path=[" → ".join(map(_word, path.split(", "))) for path in shown["path"]]),
        hide_index=True,
        column_order=("share", "tickets", "path", "median_hours"),
        column_config={
            "share": st.column_config.ProgressColumn("Share", format="percent", max_value=1.0, width="small"),
            "tickets": st.column_config.NumberColumn("Support requests", width="small"),
            "path": st.column_config.TextColumn("Path", width="large"),
            "median_hours": st.column_config.NumberColumn("Median hours", format="%.1f", width="small"),
        },
    )


def _between_steps(steps: pd.DataFrame) -> None:
    st.subheader("Hours between steps", anchor=False)
    pairs = zip(steps["action"], steps["next_action"], strict=True)
    st.dataframe(
        steps.assign(step=[f"{_word(action)} → {_word(following)}" for action, following in pairs]),
        hide_index=True,
        column_order=("step", "times", "median_hours", "p90_hours"),
        column_config={
            "step": "From → to",
            "times": st.column_config.NumberColumn("Times", width="small"),
            "median_hours": st.column_config.NumberColumn("Half within (h)", format="%.1f"),
            "p90_hours": st.column_config.NumberColumn("Nine in ten (h)", format="%.1f"),
        },
    )


def _waiting(waits: pd.DataFrame) -> None:
    st.subheader("Waiting by weekday and hour", anchor=False)
    rows = process.week_rows(waits)
    if rows.empty:
        st.caption("Nothing was decided yet.")
        return
    st.caption("The darker, the longer half of the requests of that hour waited for a decision.")
    longest = max(rows.to_dict("records"), key=lambda row: float(row["median_hours"]))
    words = (
        f"Hours until half of the requests were decided, by the weekday and hour of the request: longest, "
        f"{longest['median_hours']:.1f}, on {longest['day']} at {longest['hour']}:00."
    )
    st.vega_lite_chart(rows, process.week(), alt=words, key="waits")
    with st.expander("As a table", icon=":material/table:"):
        columns = {"day": "Day", "hour": "Hour (UTC)", "requests": "Requests", "median_hours": "Median hours waited"}
        st.dataframe(rows[list(columns)].rename(columns=columns), hide_index=True, key="waits table")


def _word(action: str) -> str:
    return _WORDS.get(action, action)
