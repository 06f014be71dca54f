"""A trainer's management of rooms: rename, copy, open from a file, delete."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from dashboard.background import entrance
from dashboard.background.rooms import RoomNotOpened, rooms
from dashboard.parts import cards
from dashboard.parts.copied_room import go_to_copy
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import STARTED, act_begins
from dashboard.shell.visit import Visit
from dashboard.text.words import plain
from data import DamagedRoom
from data.room.arguments import LONGEST_TITLE
from data.room.taking_in import LARGEST, NotTakenIn, take_in


def room_care(here: Visit) -> None:
    """Show the controls to rename, copy, upload and delete a room."""
    with st.expander("Rename, copy, upload or delete", icon=":material/folder_open:"):
        _name(here)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("A copy has everything in it, and links of its own.", width="stretch")
            st.button("Copy this room", key="copy room", icon=":material/content_copy:", on_click=_copy, args=(here,))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                "Before you share it: a copy in which every person and tenant has a generated name.", width="stretch"
            )
            st.button(
                "Copy with generated names",
                key="copy with generated names",
                icon=":material/masks:",
                on_click=_copy_with_generated_names,
                args=(here,),
                help="The same person gets the same name everywhere, in the story too. Titles, reasons and notes "
                "that people typed or a file gave are replaced, and so are the numbers of support requests. What "
                "happened, and when, stays.",
            )
        _upload(here)
        _delete(here)


def _name(here: Visit) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of this room", value=here.whole_room.title, key="room name", max_chars=LONGEST_TITLE)
        st.button("Rename", key="rename", icon=":material/edit:", on_click=_rename, args=(here,))


def _rename(here: Visit) -> None:
    act_begins()
    with _told_if_refused():
        room = here.to_change()
        room.rename(st.session_state["room name"])
        say("success", f"This room is now called “{room.title}”.")


def _copy(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        go_to_copy(here, here.whole_room.snapshot)
        say("success", "This is the copy. The room that it was made from stays as it is.")


def _copy_with_generated_names(here: Visit) -> None:
    act_begins()
    with _told_if_refused():  # other names may make a text of the story too long
        go_to_copy(here, lambda path: here.whole_room.snapshot(path, generated_names=True))
        say(
            "success",
            "This is a copy with generated names; the room that it was made from stays as it is. If the story was "
            "written by hand, read it once more before you share it.",
        )


def _upload(here: Visit) -> None:
    given = st.file_uploader(
        "Open a snapshot that was downloaded, as a new room",
        type="duckdb",
        key="room file",
        max_upload_size=LARGEST,
    )
    if given is not None:
        label = "Open it in a new room"
        st.button(label, key="upload", type="primary", icon=":material/upload:", on_click=_take_in, args=(here,))


def _take_in(here: Visit) -> None:
    act_begins()
    given = st.session_state.get("room file")
    if given is None:
        return
    with _told_if_refused(), tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "uploaded.duckdb"
        source.write_bytes(given.getvalue())
        room = go_to_copy(here, lambda path: take_in(source, path))
        say("success", f"“{room.title}” is a room of its own here, as it was when the snapshot was taken.")


def _delete(here: Visit) -> None:
    if rooms().file(here.room_id) is None:
        return  # nobody has acted in it yet
    cards.confirm(
        "delete room",
        "Delete this room",
        f"**{plain(here.whole_room.title)}** would go with everything in it, for everybody who has a link to it. It "
        "cannot be taken back: download a snapshot first if you may want it again.",
        "Delete it for everyone",
        lambda: _deleted(here),
    )


def _deleted(here: Visit) -> None:
    with told_if_unavailable():
        here.check_present()
        entrance.delete(here.room_id, here.key)
        for name in ("room", "key", "name", "at", "request", "ticket"):  # not the parameters bound to widgets
            st.query_params.pop(name, None)
        st.query_params["viewer"] = TRAINER
        STARTED.put("The room is deleted. This is a new one.")


@contextmanager
def _told_if_refused() -> Iterator[None]:
    """Report if a name or a file is refused in the block, or the room is unavailable: nothing was changed."""
    with told_if_unavailable():
        try:
            yield
        except NotTakenIn as error:
            say("error", f"This file was not taken in. {error}")
        except (RoomNotOpened, DamagedRoom):  # ValueErrors too
            raise
        except ValueError as error:
            say("error", f"This was not done: {error}.")
