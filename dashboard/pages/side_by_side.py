"""Side by side: one case as each party sees it now, and each party's acts, for a trainer to project."""

import streamlit as st

from dashboard.palette import DIFFERS, OVER
from dashboard.parts import cards
from dashboard.parts.case.case_timeline import case_timeline
from dashboard.parts.case.followed_ticket import follow, pick
from dashboard.parts.case.parties import Scene, introduce_parties, show_parties
from dashboard.parts.story import story_bar
from dashboard.shell.classroom.pause import blank_page
from dashboard.shell.classroom.spotlight import spotlight_button
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import badge, moment, plain
from model import Side


def page(here: Visit) -> None:
    """Show the story, its current case, and the parties side by side."""
    if blank_page(here):
        return
    if not here.presenting:
        st.title("Side by side")
    story_bar.step_bar(here, presenting=here.presenting)
    everything = here.room.overview()
    tickets = everything.rows("all_tickets")
    shown = follow(here, tickets)
    record = everything.case_record(shown["ticket_id"]) if shown else None
    with st.container(horizontal=True, vertical_alignment="center"):
        if shown and here.presenting:
            st.markdown(
                f"**{plain(shown['title'])}** {badge(shown['status'])} {moment(here.room.now)}", width="content"
            )
        elif tickets:
            pick(here, tickets, shown)
            if shown:
                spotlight_button(here, shown["ticket_id"])
        if record:
            differ = record.seen(Side.SUPPORT) != record.seen(Side.RESOURCE)
            same = f":{OVER.badge}[they see the same]" if record.requests else ""
            st.markdown(f":{DIFFERS.badge}[:material/call_split: they differ]" if differ else same, width="content")
    if not (shown and record):
        cards.nothing("No case yet", "Do the story's first step, or open a support request as an administrator.")
        introduce_parties(here)
        return
    show_parties(Scene(here, shown, record, large=here.presenting))
    case_timeline(here, shown, record, table=not here.presenting)


page(visit())
