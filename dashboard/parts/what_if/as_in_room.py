"""How people act, learned from the room: for a trainer, who sees everything in it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.background.jobs.fit_worker import Learned
from dashboard.background.jobs.fits import fits
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.charts.fits import by_hours, fit_in_words, hours_against_hours
from dashboard.shell.session_state import FIT_ASKED, FITTED
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data import Room
from data.fitting.report import SAYS
from model.simulation import Behaviour

Chosen = Callable[[Callable[[], Behaviour]], None]
_EVERY = 0.5  # seconds after which a fit is looked at again


def offered(here: Visit) -> bool:
    """Return whether the room's own cases may be learned from: what is learned tells of removals, too."""
    return here.viewer is None and here.leads and isinstance(here.room, Room)


def own_data(here: Visit) -> bool:
    """Return whether the room was made of somebody's own tickets or audit logs."""
    return offered(here) and isinstance(here.room, Room) and here.room.fields_said is not None


def offer(here: Visit, place: int, chosen: Chosen) -> None:
    """Show the button that learns, how far that is, and what was learned last.

    `chosen` is called with what makes the behaviour of the arm at `place`, once it is learned, in the tab that asked.
    """
    asked = FIT_ASKED.get()
    job = fits().find(asked[0]) if asked and asked[1:] == (here.room_id, place) else None
    if job and not job.over:
        st.fragment(_going, run_every=_EVERY)(here)
        return
    if job and job.stage is Stage.DONE:
        FIT_ASKED.drop()
        FITTED.put((here.room_id, job.result))
        chosen(lambda: job.result.behaviour)
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Take the assumptions from this room",
            key="as in this room",
            icon=":material/query_stats:",
            on_click=_ask,
            args=(here, place),
            help="Learns from what happened in this room how people act. What it cannot show stays as assumed by "
            "default.",
        )
    if job and job.stage is Stage.FAILED:
        st.error(f"{plain(job.sentence)} Nothing was changed.", icon=":material/error:")
    held = FITTED.get()
    if held and held[0] == here.room_id:
        _show(held[1])


def _ask(here: Visit, place: int) -> None:
    assert isinstance(here.room, Room)
    FITTED.drop()
    FIT_ASKED.put((fits().ask(here.room_id, here.room), here.room_id, place))


def _going(here: Visit) -> None:
    """How far the fit is; draws the page again when it is over."""
    asked = FIT_ASKED.get()
    job = fits().find(asked[0]) if asked else None
    if job is None or job.over:
        st.rerun(scope="app")
    with st.container(border=True, key="learning"):
        st.progress(job.share, text=_how_far(job, fits().before(asked[0]) if asked else 0))
        st.button("Stop", key="stop learning", icon=":material/stop:", on_click=fits().stop, args=(here.room_id,))
        st.caption("You can leave this page while this runs.")


def _how_far(job: Job, before: int) -> str:
    if job.stage is Stage.WAITING:
        return "Another room is being learned from first" if before else "Yours is next"
    return f"Learning: {job.done} of {job.of} assumptions" if job.done else "Reading what happened in this room …"


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
    words = fit_in_words(curve, SAYS[name])
    left, right = st.columns([3, 2])
    left.vega_lite_chart(curve, by_hours(), height=260, alt=words, key=f"fit {name}")
    right.vega_lite_chart(
        quantiles,
        hours_against_hours(),
        height=260,
        alt="Hours that were seen against hours by the fit, for each twentieth of the cases that end",
        key=f"quantiles {name}",
    )
    st.caption(
        f"{plain(words[0].upper() + words[1:])}. What had not ended counts as open (Kaplan and Meier); the band is its "
        "95 % interval. On the dashed line of the other picture, the fit gives what was seen."
    )
