"""The entry: page set-up, the room of the link, who is looking, and the pages."""

import gc
import sys

import streamlit as st

from dashboard.shell.frame import frame
from dashboard.shell.page_list import PAGES, SHOW_EVERYTHING
from dashboard.shell.visit import enter

st.set_page_config(
    page_title="Support Access Lab",
    page_icon="🤝",  # a material icon here would be fetched from the internet
    layout="wide",
    initial_sidebar_state="auto",
)


@st.cache_resource(show_spinner=False)
def _settle() -> bool:
    """Two costs that every click would pay, the larger the more is imported and the more goes on."""
    gc.collect()
    gc.freeze()  # what the imports left is for good: out of the collection that Streamlit makes after each run
    sys.setswitchinterval(0.0005)  # after each query a page waits for its turn: not for 5 ms
    return True


files = {
    file: st.Page(f"dashboard/pages/{file}.py", title=title, icon=icon, url_path=address)
    for file, (title, icon, address) in PAGES.items()
}
page = st.navigation(list(files.values()), position="hidden")
frame(enter(page.title), shows_everything=page in [files[name] for name in SHOW_EVERYTHING])
page.run()
_settle()  # at the end of the first run: by then everything is imported
