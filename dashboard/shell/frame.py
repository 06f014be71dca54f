"""The frame around every page: side bar, who is looking, banner, messages."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.background.rooms import rooms
from dashboard.shell.classroom.autopilot import autopilot, autopilot_banner
from dashboard.shell.classroom.pause import blank_button, pause_banner, pause_button
from dashboard.shell.classroom.quiz_card import quiz_card
from dashboard.shell.classroom.spotlight import spotlight_banner
from dashboard.shell.classroom.turn import turn_banner
from dashboard.shell.deciders import may_decide, waits_for
from dashboard.shell.entrance.sign_in import sign_out_button
from dashboard.shell.menu.closing_menu import close_after_choice
from dashboard.shell.menu.menu import Pages, show_menu
from dashboard.shell.menu.sidebar import choose_viewer, clock, who_is_looking
from dashboard.shell.messages import said
from dashboard.shell.page_list import PAGES, SHOW_EVERYTHING, WELCOME
from dashboard.shell.past import past_banner
from dashboard.shell.visit import Visit
from dashboard.shell.watching import watch
from dashboard.text.words import plain
from model import Member

_NO_BANNER = (PAGES[WELCOME][0], PAGES["pending"][0])
"""The page that starts without a case, and the one that the banner leads to."""


def frame(here: Visit, pages: Pages, shown: st.Page) -> None:
    """Show the side bar, the viewer and the banner; `shown` is the open page.

    A page that is presented has none of them.
    """
    shows_everything = shown in [pages[file] for file in SHOW_EVERYTHING]
    if here.presenting:
        if not here.set_for_all.blanked:
            past_banner(here)
            pause_banner(here)
            said()
        watch(here, shows_everything)
        return
    with st.sidebar:
        st.markdown("### :material/handshake: Support Access Lab")
        st.caption(
            "A simulation of Microsoft Support access requests. Choosing a person is not signing in, "
            "and no real tenant is touched."
        )
        choose_viewer(here)
        show_menu(here, pages, shown)
        clock(here)
        autopilot(here)
        pause_button(here)
        blank_button(here, presenting=False)
        sign_out_button(here.key.person)
        close_after_choice(here)
    who_is_looking(here)
    _only_in_memory(here)
    past_banner(here)
    pause_banner(here)
    autopilot_banner(here)
    quiz_card(here)
    turn_banner(here)
    spotlight_banner(here)
    _banner(here)
    said()
    watch(here, shows_everything)


def _only_in_memory(here: Visit) -> None:
    if rooms().only_in_memory(here.room_id):
        st.caption(
            ":material/memory: This server cannot save rooms at the moment. This one is kept in memory and ends when "
            "the server stops. To keep a copy, look as the trainer and download a snapshot on the page Scenarios."
        )


def _banner(here: Visit) -> None:
    """Show that requests are pending, with a link to the only one, or to the list."""
    if not isinstance(here.viewer, Member) or here.page in _NO_BANNER or not (waiting := here.listed("pending")):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="banner"):
        count, what = _wait(here, waiting)
        st.markdown(f":orange-badge[:material/notifications: {count}] {what}.", width="content")
        only = {"request": str(waiting[0]["request_id"])} if len(waiting) == 1 else {}
        label = "View and approve" if only and may_decide(here, waiting[0]) else "View"
        st.page_link("dashboard/pages/pending.py", label=label, query_params=here.link(**only))


def _wait(here: Visit, waiting: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return how many requests are pending, and for what or whom they wait; escaped for Markdown.

    A badge is never broken into lines, so it holds only the first.
    """
    if len(waiting) > 1:
        return f"{len(waiting)} access requests", "wait for a decision"
    whose = "your decision" if may_decide(here, waiting[0]) else plain(waits_for(here, waiting[0]))
    return "1 access request", f"waits for {whose}"
