"""The menu of the side bar: the viewer's pages in their groups."""

from copy import copy
from functools import cache

import streamlit as st

from dashboard.shell.page_list import PAGES, PORTAL, SECTION, WELCOME, menu
from dashboard.shell.visit import Visit
from model import Member

Pages = dict[str, st.Page]


def all_pages() -> Pages:
    """Return every page by its file, for one run: `st.navigation` marks the one that may then be drawn.

    They are copies, because Streamlit accesses the disk for each new page.
    """
    return {file: copy(page) for file, page in _made().items()}


@cache
def _made() -> Pages:
    """Make every page.

    Welcome has an address like the others, and is also the root page, under the name "": in a new tab a link to the
    root would lead to the current page.
    """
    pages = {
        file: st.Page(f"dashboard/pages/{file}.py", title=title, icon=icon, url_path=address)
        for file, (title, icon, address) in PAGES.items()
    }
    title, icon, _ = PAGES[WELCOME]
    pages[""] = st.Page(
        f"dashboard/pages/{WELCOME}.py", title=title, icon=icon, url_path="start", default=True, visibility="hidden"
    )
    return pages


def show_menu(here: Visit, pages: Pages, shown: st.Page) -> None:
    """Show the links to the viewer's pages; `shown` is the open page."""
    for heading, files in menu(here.viewer, here.invitation).items():
        with st.container(gap="xsmall"):
            st.caption(f"**{heading}**" + (f"  \n{SECTION}" if heading == PORTAL else ""))
            for file in files:
                page = shown if file == WELCOME and shown is pages[""] else pages[file]
                title, icon, _ = PAGES[file]
                st.page_link(page, label=title + _waiting(here, file), icon=icon, query_params=here.link())


def _waiting(here: Visit, file: str) -> str:
    """Return a badge with the number of pending requests that the member sees."""
    waiting = len(here.listed("pending")) if file == "pending" and isinstance(here.viewer, Member) else 0
    return f" :orange-badge[{waiting}]" if waiting else ""
