"""How people act, learned from the room: for a trainer, who sees everything in it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.charts import fits
from dashboard.shell.session_state import FITTED
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data import Fit, Room, fit
from data.fitting.report import SAYS
from model.simulation import Behaviour

Chosen = Callable[[Callable[[], Behaviour]], None]


def offered(here: Visit) -> bool:
    """Return whether the room's own cases may be learned from: what is learned tells of removals, too."""
    return here.viewer is None and here.leads and isinstance(here.room, Room)


def own_data(here: Visit) -> bool:
    """Return whether the room was made of somebody's own tickets or audit logs."""
    return offered(here) and isinstance(here.room, Room) and here.room.fields_said is not None


def offer(here: Visit, chosen: Chosen) -> None:
    """Show the button that learns, and what was learned when it was pressed last.

    `chosen` is called in a callback with what makes the behaviour, or raises ValueError.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Take the assumptions from this room",
            key="as in this room",
            icon=":material/query_stats:",
            on_click=chosen,
            args=(lambda: _learn(here),),
            help="Learns from what happened in this room how people act. What it cannot show stays as assumed by "
            "default.",
        )
    held = FITTED.get()
    if held and held[0] == here.room_id:
        _show(held[1])


def _learn(here: Visit) -> Behaviour:
    assert isinstance(here.room, Room)
    FITTED.drop()
    bar = st.progress(0.0, text=_how_far(0, 0))

    def tell(done: int, of: int) -> None:
        bar.progress(done / of, text=_how_far(done, of))

    try:
        found = fit(here.room, progress=tell)
    finally:
        bar.empty()
    if not found.learned:
        reason = found.report["reason"].iloc[0]
        raise ValueError(f"Nothing can be learned from this room: {reason}")
    FITTED.put((here.room_id, Learned(found)))
    return found.behaviour


def _how_far(done: int, of: int) -> str:
    return f"Learning: {done} of {of} assumptions" if done else "Reading what happened in this room …"


class Learned:
    """What is kept of a fit to be shown: not the cases themselves."""

    def __init__(self, found: Fit) -> None:
        self.tickets, self.shape = found.tickets, found.shape
        self.learned, self.kept = found.learned, found.kept
        self.report, self.curves, self.quantiles = found.report, found.curves, found.quantiles


def _show(found: Learned) -> None:
    many = len(found.learned)
    kept = "; ".join(SAYS[name].partition(";")[0] for name in found.kept)
    st.success(
        f"**As in your data:** {many} of {many + len(found.kept)} assumptions were learned from {found.tickets:,} "
        "support requests." + (f" Kept as assumed: {plain(kept)}." if kept else ""),
        icon=":material/query_stats:",
    )
    with st.expander("What was learned, and how well it fits", icon=":material/table:"):
        wide = {"Assumption": st.column_config.Column(width="medium")}
        st.dataframe(_table(found.report), hide_index=True, key="learned table", column_config=wide)
        st.caption(f"{plain(found.shape)}. The hours in which support requests are opened cannot be changed.")
        _pictures(found)


def _table(report: pd.DataFrame) -> pd.DataFrame:
    """Return the report in words; a row for each number."""
    says = report["says"].str.partition(";")[0]
    says = says.str[:1].str.upper() + says.str[1:]
    both = says.where(report["part"] == "", says + ": " + report["part"])
    return pd.DataFrame(
        {
            "Assumption": both,
            "Value": report["words"],
            "95 % interval": report["interval"],
            "Cases": report["cases"],
            "": report["learned"].map({True: "learned", False: "assumed"}),
            "Why": report["reason"],
        }
    )


def _pictures(found: Learned) -> None:
    names = list(dict.fromkeys(found.curves["assumption"]))
    if not names:
        return
    name = st.selectbox("How well a delay fits", names, format_func=lambda name: SAYS[name], key="fit of") or names[0]
    curve = found.curves[found.curves["assumption"] == name]
    quantiles = found.quantiles[found.quantiles["assumption"] == name]
    words = fits.fit_in_words(curve, SAYS[name])
    left, right = st.columns([3, 2])
    left.vega_lite_chart(curve, fits.by_hours(), height=260, alt=words, key=f"fit {name}")
    right.vega_lite_chart(
        quantiles,
        fits.hours_against_hours(),
        height=260,
        alt="Hours that were seen against hours by the fit, for each twentieth of the cases that end",
        key=f"quantiles {name}",
    )
    st.caption(
        f"{plain(words[0].upper() + words[1:])}. What had not ended counts as open (Kaplan and Meier); the band is its "
        "95 % interval. On the dashed line of the other picture, the fit gives what was seen."
    )
