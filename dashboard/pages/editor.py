"""Editor: write a scenario, an experiment or a policy, with its preview or its error beside it."""

import streamlit as st

from dashboard.parts.scenarios.edited_files import KINDS, line_of_error
from dashboard.parts.story import story_bar
from dashboard.shell.messages import say
from dashboard.shell.session_state import DRAFT, act_begins
from dashboard.shell.visit import Visit, visit
from dashboard.text.words import plain
from data.files.shown import on_one_line

_MOST = 200_000  # characters
_AROUND = 2  # lines shown before and after a wrong one
_FIRST = {"Scenario": "cross-tenant-approval", "Experiment": "expiry-after-four-days", "Policy": "source"}


def page(here: Visit) -> None:
    """Show the text, and beside it its preview or its error."""
    story_bar.enter_wished()
    st.title("Editor")
    st.caption(
        "A scenario, an experiment or a policy is a text file (TOML). Change the text, then click outside it or press "
        "Ctrl+Enter: what it does, or what is wrong, stands beside it. It is not saved here: download it to keep it."
    )
    kind = st.segmented_control(
        "Kind of file",
        list(KINDS),
        default="Scenario",
        required=True,
        key="kind",
        bind="query-params",
        label_visibility="collapsed",
    )
    name = f"text {kind}"
    _begin(kind, name)
    left, right = st.columns([6, 5], gap="large")
    with left:
        text = st.text_area(
            "The file",
            key=name,
            height=620,
            max_chars=_MOST,
            label_visibility="collapsed",
            persist_state="session",
        )
        text = text or ""
    with right:
        _download(kind, text)
        try:
            KINDS[kind].show(here, text)
        except ValueError as error:
            _wrong(text, str(error))


def _begin(kind: str, name: str) -> None:
    """Offer examples, and accept an upload."""
    files = KINDS[kind].begin()
    if name not in st.session_state:
        wanted = st.query_params.get("file", "")
        st.session_state[name] = files[wanted if wanted in files else _FIRST[kind]]

    def put(text: str) -> None:
        if st.session_state[name] not in files.values():
            DRAFT.put((kind, st.session_state[name]))
        st.session_state[name] = text

    def choose() -> None:
        if chosen := st.session_state[f"begin {kind}"]:
            put(files[chosen])
            st.session_state[f"begin {kind}"] = None

    def take_in() -> None:
        act_begins()
        if given := st.session_state[f"upload {kind}"]:
            text = given.getvalue().decode("utf-8-sig", "replace")
            if len(text) > _MOST:
                say("error", f"This file was not taken in: it has {len(text):,} characters, and at most {_MOST:,} can "
                    "be edited here.")  # fmt: skip
            else:
                put(text)

    def bring_back() -> None:
        if draft := DRAFT.take():
            st.session_state[name] = draft[1]

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Begin with",
            list(files),
            index=None,
            placeholder="Begin with another file",
            key=f"begin {kind}",
            on_change=choose,
            label_visibility="collapsed",
        )
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader(
                "A file from your computer", type="toml", key=f"upload {kind}", on_change=take_in, max_upload_size=1
            )
        if (draft := DRAFT.get()) and draft[0] == kind:
            st.button("Bring back what you wrote", key="bring draft back", icon=":material/undo:", on_click=bring_back)


def _download(kind: str, text: str) -> None:
    st.download_button(
        "Download",
        text,
        file_name=f"{kind.lower()}.toml",
        mime="application/toml",
        icon=":material/download:",
        on_click="ignore",
    )


def _wrong(text: str, message: str) -> None:
    """Show an error with the lines it concerns."""
    st.error(plain(message), icon=":material/error:")
    if line := line_of_error(message):
        lines = text.splitlines()
        shown = range(max(1, line - _AROUND), min(len(lines), line + _AROUND) + 1)
        st.code(
            "\n".join(f"{'→' if n == line else ' '} {n:4}  {on_one_line(lines[n - 1], 200)}" for n in shown),
            language=None,
        )


page(visit())
