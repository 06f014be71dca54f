"""Shared by the pages Overview and Timeline: the viewer's reads, and the choices kept in their links."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard.parts.picture_downloads import Picture, picture_downloads
from dashboard.shell.visit import Visit, viewer_name
from dashboard.text.words import moment
from data import Desk, Lens, Overview
from model import Engineer, Member
from model.texts import hidden_shown

_MOST_OPTIONS = 300  # of tenants in a choice


def view_of(here: Visit) -> Lens | Desk | Overview:
    """Return the viewer's view of the room."""
    if isinstance(here.viewer, Member):
        return here.lens
    return here.desk if isinstance(here.viewer, Engineer) else here.room.overview()


def choose_tenant(here: Visit) -> str | None:
    """Show the choice of one tenant whose requests the viewer sees; None for all."""
    names = here.room.directory.tenants
    if here.viewer is None:
        options = list(dict.fromkeys([*here.room.story.directory.tenants, *names]))[:_MOST_OPTIONS]
    else:
        options = [row["tenant"] for row in view_of(here).rows("partners")]
    chosen = st.selectbox(
        "Tenant",
        options,
        index=None,
        format_func=lambda tenant: hidden_shown(names[tenant]),
        placeholder="All tenants",
        key="tenant",
        bind="query-params",
        label_visibility="collapsed",
        width=220,
    )
    return str(chosen) if chosen else None


def downloads(here: Visit, pictures: Mapping[str, Callable[[], Picture]], notes: Sequence[str]) -> None:
    """Offer pictures by title as PNG and SVG. `notes` are shown below each title, with the viewer."""
    who = viewer_name(here.room, here.viewer) if here.viewer else "the trainer, who sees everything"
    sources = [
        *notes,
        f"As seen by {hidden_shown(who)} on {moment(here.room.now)} (simulated time, UTC).",
        f"Source: Support Access Lab, {here.page}. A simulation: people and data are invented.",
    ]
    with st.popover("Download", icon=":material/download:", key="downloads"):
        for title, draw in pictures.items():
            with st.container(horizontal=True):
                picture_downloads(title.lower().replace("’", "").replace(" ", "-"), draw, title, sources)
