"""The process of the room's cases, for a trainer: paths, hours between steps, and waiting times.

No tenant may see all of this: a path reveals whether access was removed.
"""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.charts import process
from dashboard.parts import cards
from dashboard.parts.picture_downloads import Picture
from dashboard.shell.visit import Visit

_ROW = 26  # pixels


def process_pictures(here: Visit) -> Mapping[str, Callable[[], Picture]]:
    """Show the pictures and their tables if the trainer wants them, as they read the whole log.

    Return them by their titles, to be downloaded.
    """
    assert here.viewer is None, "a path tells of removals"
    with st.container(border=True):
        if st.toggle("Paths, hours between steps, and waiting by weekday and hour", key="process", bind="query-params"):
            return _pictures(here)
    return {}


def _pictures(here: Visit) -> Mapping[str, Callable[[], Picture]]:
    figure = here.room.overview().metric
    paths, steps, waiting = map(figure, ("paths of cases", "hours between steps", "waiting by weekday and hour"))
    if paths.empty:
        cards.nothing("No support requests yet", "The path of each support request is counted here.")
        return {}
    pictures: dict[str, Callable[[], Picture]] = {}
    rows = process.path_rows(paths)
    pictures["Paths of support requests"] = partial(_printed, process.paths(), rows, _ROW * len(rows))
    _paths(paths, rows)
    left, right = st.columns(2)
    if not steps.empty:
        between = process.between_rows(steps)
        pictures["Hours between steps"] = partial(_printed, process.between(), between, _ROW * len(between))
        with left:
            _between(steps, between)
    if not waiting.empty:
        week = process.waiting_rows(waiting)
        pictures["Waiting by weekday and hour"] = partial(_printed, process.waiting(), week, 230)
        with right:
            _waiting(week)
    return pictures


def _paths(paths: pd.DataFrame, rows: pd.DataFrame) -> None:
    st.subheader("Paths of support requests", anchor=False)
    first = paths.iloc[0]
    words = (
        f"{len(paths):,} {'path' if len(paths) == 1 else 'different paths'} of {paths['tickets'].sum():,} support "
        f"requests. The most frequent: {process.path_in_words(first['path'])}, {100 * first['share']:.0f} %"
    )
    st.vega_lite_chart(rows, process.paths(), height=60 + _ROW * len(rows), alt=words, key="paths")
    st.caption(f"{words}. What closing brings with it (completed, canceled) is not a step of its own.")
    with st.expander("As a table", icon=":material/table:"):
        table = pd.DataFrame(
            {
                "Path": paths["path"].map(process.path_in_words),
                "Support requests": paths["tickets"],
                "Share": 100 * paths["share"],
                "Half within (hours)": paths["hours"].round(1),
            }
        )
        share = st.column_config.ProgressColumn("Share", format="%.1f %%", min_value=0, max_value=100)
        st.dataframe(table, hide_index=True, key="paths table", column_config={"Share": share})


def _between(steps: pd.DataFrame, rows: pd.DataFrame) -> None:
    st.subheader("Hours between steps", anchor=False)
    first = rows.iloc[0]
    words = (
        f"{first['both']}: half within {first['median_hours']:.3g} hours, nine in ten within "
        f"{first['p90_hours']:.3g}, {first['steps']:,} times"
    )
    st.vega_lite_chart(rows, process.between(), height=60 + _ROW * len(rows), alt=words, key="between")
    st.caption(
        "The point: half were done by then; the line ends where nine in ten were. What is still to come is not counted."
    )
    with st.expander("As a table", icon=":material/table:"):
        table = pd.DataFrame(
            {
                "Step": steps["before"].map(process.STEPS) + " → " + steps["step"].map(process.STEPS),
                "How often": steps["steps"],
                "Half within (hours)": steps["median_hours"].round(1),
                "Nine in ten within (hours)": steps["p90_hours"].round(1),
            }
        )
        st.dataframe(table, hide_index=True, key="between table")


def _waiting(week: pd.DataFrame) -> None:
    st.subheader("When requests wait", anchor=False)
    most = week.iloc[int(week["requests"].to_numpy().argmax())]
    words = (
        f"The most access requests wait on {most['weekday']} at {most['hour']:02}:00 UTC: {most['requests']:.1f} on "
        f"average, against {week['requests'].mean():.1f} over the whole week"
    )
    st.vega_lite_chart(week, process.waiting(), height=250, alt=words, key="waiting")
    st.caption(f"{words}.")
    with st.expander("As a table", icon=":material/table:"):
        table = week.pivot(index="weekday", columns="hour", values="requests").reindex(process.WEEKDAYS).round(1)
        st.dataframe(table.rename_axis("Weekday"), key="waiting table")


def _printed(spec: process.Spec, rows: pd.DataFrame, height: int) -> Picture:
    from dashboard.charts.whole import part

    return [part(spec, rows, height)]
