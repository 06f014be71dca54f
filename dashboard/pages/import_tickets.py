"""Import: somebody's own tickets or audit logs become a room of its own, after a look at what would be left out."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.background.rooms import RoomNotOpened
from dashboard.parts.copied_room import go_to_copy
from dashboard.parts.imported.column_mapping import hide_names, how_to_read
from dashboard.parts.imported.log_files import choose_logs, rows_of, tell_entries
from dashboard.parts.imported.rows_told import tell_rows
from dashboard.parts.imported.ticket_file import choose_file, columns_of, preview_of
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.page_list import TRAINER
from dashboard.shell.session_state import act_begins
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import plain
from data import DamagedRoom, Room
from data.imported.fields import BEGINNINGS, FIELDS
from data.imported.reading import How, preview
from data.room.arguments import LONGEST_TITLE
from data.room.file.from_tickets import TITLE

_TICKETS, _LOGS = "Support requests", "Audit logs"


def page(here: Visit) -> None:
    """Show a trainer the way from a file to a room."""
    st.title("Import")
    if here.viewer is not None:
        st.info("A trainer imports.", icon=":material/upload_file:")
        link = here.link() | {"viewer": TRAINER}
        st.page_link("dashboard/pages/import_tickets.py", label="Look as the trainer", query_params=link)
        return
    st.caption(
        "Your own support requests become a room, in which every page shows what happened in yours. This room stays as "
        "it is. The file is read on this server, and kept only as that room."
    )
    kind = st.segmented_control(
        "What it is",
        [_TICKETS, _LOGS],
        default=_TICKETS,
        required=True,
        key="import",
        bind="query-params",
        label_visibility="collapsed",
    )
    try:
        _of_logs(here) if kind == _LOGS else _of_tickets(here)
    except ValueError as error:
        st.error(plain(f"This cannot be read as it is: {error}."), icon=":material/error:")


def _of_tickets(here: Visit) -> None:
    file = choose_file()
    if file is None:
        return
    how = how_to_read(file.id, columns_of(file))
    if not any((how.columns or {}).get(name) for name in BEGINNINGS):
        *some, last = (FIELDS[name].says for name in BEGINNINGS)
        raise ValueError(
            f"no column says when anything happened. Choose above which one says {', '.join(some)} or {last}"
        )
    found = preview_of(file, how)

    def write(path: Path, title: str) -> None:
        with file.on_disk() as source:
            Room.from_tickets(
                source,
                how.columns,
                path=path,
                zone=how.zone,
                day_first=how.day_first,
                generated_names=how.generated_names,
                title=title,
            ).close()

    _make(here, write, possible=found.report.used > 0)
    tell_rows(found)


def _of_logs(here: Visit) -> None:
    given = choose_logs()
    if given is None:
        return
    found = rows_of(given)
    hidden = hide_names()
    looked_at = preview(found.rows, How(generated_names=hidden))

    def write(path: Path, title: str) -> None:
        with given.on_disk() as logs:
            Room.from_audit_logs(logs, given.places, path=path, generated_names=hidden, title=title).close()

    _make(here, write, possible=looked_at.report.used > 0)
    tell_entries(found)
    tell_rows(looked_at)


def _make(here: Visit, write: Callable[[Path, str], None], *, possible: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the new room", value=TITLE, key="name of the import", max_chars=LONGEST_TITLE)
        st.button(
            "Make the room",
            key="make of tickets",
            type="primary",
            icon=":material/add_home:",
            disabled=not possible,
            on_click=_made,
            args=(here, write),
        )


def _made(here: Visit, write: Callable[[Path, str], None]) -> None:
    act_begins()
    title = st.session_state["name of the import"]
    with told_if_unavailable():
        try:
            room = go_to_copy(here, lambda path: write(path, title))
        except (RoomNotOpened, DamagedRoom):  # ValueErrors too
            raise
        except ValueError as error:
            say("error", f"This was not done: {error}.")
        else:
            say("success", f"This is “{room.title}”, a room of its own. Look at Overview and Timeline, or ask What if.")


page(visit())
