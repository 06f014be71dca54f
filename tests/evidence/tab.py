"""The dashboard in this process, for AppTest tabs, with rooms and policies in a folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import element_tree, local_script_runner

from dashboard.background.rooms import FOLDER, rooms
from data.scenario import policy_files
from tests.dashboard.screen import SENT, Wire


@contextmanager
def dashboard_in(folder: Path) -> Iterator[Wire]:
    """Give the messages of the last run of any tab; rooms are in `folder`/rooms."""
    last: Wire = []
    parse, program = element_tree.parse_tree_from_messages, sys.modules["__main__"]

    def listen(messages: Wire) -> object:
        last[:] = [message for message in messages if message.WhichOneof("type") in SENT]
        return parse(messages)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(folder / "rooms"))
        patch.setenv(policy_files.FOLDER, str(folder / "policies"))
        patch.setattr(local_script_runner, "parse_tree_from_messages", listen)
        st.cache_resource.clear()
        try:
            yield last
        finally:
            rooms().close()
            st.cache_resource.clear()
            sys.modules["__main__"] = program
