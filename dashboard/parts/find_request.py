"""Finding the access request of the link, or the page that shows it to this viewer."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.shell.page_list import PAGES
from dashboard.shell.session_state import SAID
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from model import Member, Refused


def find_request(here: Visit, request_id: str) -> Mapping[str, Any] | None:
    """Return the access request as the viewer sees it. If the viewer sees none of this id, say so and return None."""
    if isinstance(here.viewer, Member):
        try:
            return here.lens.request(request_id)
        except Refused as refusal:
            if not SAID.get():
                st.warning(plain(refusal.sentence), icon=":material/search_off:")
            return None
    if here.viewer is None:
        rows = here.room.overview().rows("all_requests")
        found = next((row for row in rows if row["request_id"] == request_id), None)
        if found is None:
            st.warning("This access request doesn't exist in this room.", icon=":material/search_off:")
        return found
    link_to_page(here, "An engineer's requests are on the desk.", "desk")
    return None


def link_to_page(here: Visit, text: str, file: str) -> None:
    """Show a viewer for whom this page is not meant a link to the right one."""
    st.info(text, icon=":material/arrow_forward:")
    st.page_link(f"dashboard/pages/{file}.py", label=PAGES[file][0], query_params=here.link())
