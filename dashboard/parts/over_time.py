"""What the pages Overview and Timeline share: what the viewer can read, and the choices that their links keep."""

import streamlit as st

from dashboard.shell.visit import Visit
from data import Desk, Lens, Overview
from model import Engineer, Member
from model.texts import hidden_shown

_MOST_OPTIONS = 300  # of tenants in a choice


def view_of(here: Visit) -> Lens | Desk | Overview:
    """Return what the viewer can read of the room."""
    if isinstance(here.viewer, Member):
        return here.lens
    return here.desk if isinstance(here.viewer, Engineer) else here.room.overview()


def choose_tenant(here: Visit) -> str | None:
    """Show the choice of one tenant, of those that the viewer sees requests of; None for all."""
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
