"""The file of tickets that is to become a room: given, looked into, and made a room."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path, PurePath

import streamlit as st

from data.imported.reading import How, Preview, preview
from data.imported.source import SPREADSHEETS, find_source
from data.room.taking_in import LARGEST

EXAMPLE, TEMPLATE = "tickets.csv", "template.csv"
_USES_EXAMPLE = "example of tickets"
_LONGEST_STEM = 40
_ENDINGS = ("csv", "tsv", "txt", "parquet", *(ending.removeprefix(".") for ending in SPREADSHEETS))
"""A spreadsheet's own file is not read, and the answer to it says what to do."""


@dataclass(frozen=True)
class TicketFile:
    """A file as it was uploaded, or the shipped example."""

    id: str
    name: str
    content: bytes

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give the path of a copy, which is removed afterwards; its name is the file's as far as that is harmless."""
        name = PurePath(self.name)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name.stem)[:_LONGEST_STEM].strip("-") or "file"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{stem}{name.suffix.lower()}"
            path.write_bytes(self.content)
            yield path


def shipped(name: str) -> bytes:
    """Return the content of a shipped file: the example or the template."""
    return resources.files("data").joinpath(f"examples/{name}").read_bytes()


def choose_file() -> TicketFile | None:
    """Show the ways to give a file, and return the one that was given, if any."""
    given = st.file_uploader(
        f"A CSV or Parquet file with a row for each access request, up to {LARGEST} MB",
        type=list(_ENDINGS),
        key="tickets file",
        max_upload_size=LARGEST,
        on_change=_forget_example,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Try it with the example", key="use example", icon=":material/science:", on_click=_use_example)
        for label, name in (("Example", EXAMPLE), ("Template", TEMPLATE)):
            st.download_button(
                label, shipped(name), file_name=name, mime="text/csv", icon=":material/download:", on_click="ignore"
            )
    if given is not None:
        return TicketFile(given.file_id, given.name, given.getvalue())
    return TicketFile("example", EXAMPLE, shipped(EXAMPLE)) if st.session_state.get(_USES_EXAMPLE) else None


def _use_example() -> None:
    st.session_state[_USES_EXAMPLE] = True


def _forget_example() -> None:
    st.session_state.pop(_USES_EXAMPLE, None)


def columns_of(file: TicketFile) -> tuple[str, ...]:
    """Return the names of the file's columns. Raises ValueError."""
    return _columns(file.id, file)


def preview_of(file: TicketFile, how: How) -> Preview:
    """Return what would become of the file, read in this way. Raises ValueError."""
    return _preview(file.id, repr(how), file, how)


@st.cache_data(max_entries=4, show_spinner=False)
def _columns(file_id: str, _file: TicketFile) -> tuple[str, ...]:
    with _file.on_disk() as path:
        return find_source(path).columns


@st.cache_data(max_entries=4, show_spinner="Reading the file…")
def _preview(file_id: str, in_this_way: str, _file: TicketFile, _how: How) -> Preview:
    with _file.on_disk() as path:
        return preview(path, _how)
