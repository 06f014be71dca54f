"""The entry point: the server's app, and the script that it runs for every page.

`streamlit run app.py` imports the app; Streamlit then runs this file as the script: page set-up, the room of the link,
who is looking, and the pages.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from dashboard.background import autopilots
from dashboard.background.rooms import rooms
from dashboard.server.batched import batched_messages
from dashboard.server.changes import changes_route
from dashboard.server.compressed import CompressedFiles
from dashboard.server.door import Door
from dashboard.server.errors import answer_error
from dashboard.server.headers import SecurityHeaders
from dashboard.server.settling import settle
from dashboard.server.visitors import Visitors
from dashboard.shell.failure import room_failures_shown, show_failure
from dashboard.shell.frame import frame
from dashboard.shell.menu.menu import all_pages
from dashboard.shell.page_list import SHOW_EVERYTHING
from dashboard.shell.visit import enter
from dashboard.shell.watching import remember, running


def draw() -> None:
    """Draw the page of the link."""
    st.set_page_config(
        page_title="Support Access Lab",
        page_icon="🤝",  # a Material icon would be fetched from the internet
        layout="wide",
        initial_sidebar_state="auto",
    )
    pages = all_pages()
    page = st.navigation(list(pages.values()), position="hidden")
    with running(), room_failures_shown():
        here = enter(page.title)
        with batched_messages():
            frame(here, pages, page)
            page.run()
            remember(here, page in [pages[file] for file in SHOW_EVERYTHING])
    settle()  # at the end of the first run, when everything is imported


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """Prepare the folder of rooms before the first visitor, and end the autopilots with the server."""
    rooms().make_ready()
    try:
        yield
    finally:
        autopilots.end_all()


if __name__ == "__main__":
    draw()
else:
    app = st.App(
        __file__,
        lifespan=ready,
        routes=[changes_route()],
        middleware=[Middleware(SecurityHeaders), Middleware(Visitors), Middleware(Door), Middleware(CompressedFiles)],
        exception_handlers={Exception: answer_error},
        on_script_error=show_failure,
    )
