"""The session state of a browser tab besides its widgets, and the occasions on which parts are dropped.

A key that only one function uses, or a widget's key, is defined where it is used.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """A key of the session state, and the type of its value."""

    name: str

    def get(self) -> T | None:
        """Return the value, or None."""
        held: T | None = st.session_state.get(self.name)
        return held

    def put(self, value: T) -> None:
        """Set the value."""
        st.session_state[self.name] = value

    def drop(self) -> None:
        """Drop the value."""
        st.session_state.pop(self.name, None)

    def take(self) -> T | None:
        """Return the value, or None, and drop it."""
        held: T | None = st.session_state.pop(self.name, None)
        return held


VISIT = Key[Any]("visit")
"""The Visit of the last run, of any page."""
OPEN_PAGE = Key[Any]("open page")
"""The OpenPage of the tab, which ends with the session."""
SAID = Key[tuple[str, str]]("said")
"""The message that stays on the page until the next act: its kind and text."""
ASKING = Key[tuple[str, str] | None]("asking")
"""The open confirmation: its key and its subject."""
RETURNS = Key[int]("returns")
"""How often a trainer returned from an earlier moment to the present."""
TOKENS = Key[dict[str, str]]("tokens")
"""The tokens of invitations made in this tab, which are kept nowhere else, and their rooms."""
DRAFT = Key[tuple[str, str]]("draft")
"""The editor's text that was replaced by another file, and its kind."""
NEW_TITLE = Key[str]("new title")
"""A draft: the title of a support request."""
ASK_REASON = Key[str]("ask reason")
"""A draft: why an engineer needs access."""
READ = Key[tuple[tuple[str, str], str, str, Any]]("read")
"""Diagnostic data on the desk: room, ticket, tenant, category, and table of records."""

FOUND = Key[Any]("found")
"""The result of the last SQL query, and its viewer. Like a page, it stays after a rewind of the room."""

SCENARIO_WANTED = Key[str]("start")
"""The name of the scenario to start in this room in the next run."""
ROOM_WANTED = Key[tuple[Any, Any]]("wished")
"""The scenario, and the policy or None, of a new room to start and open in the next run."""
STARTED = Key[str]("started")
"""The message of the room that was just started."""
PAGE_WANTED = Key[tuple[str, dict[str, str]]]("page wanted")
"""The file and the link of the page to open in the next run."""
TRY_WANTED = Key[bool]("try wanted")
"""Whether to make a room with a request for the visitor in the next run."""

QUESTION = Key[str]("question")
"""The link of the last question on What if."""
TRAINERS_QUESTION = Key[str]("trainer's question")
"""The same of a trainer, whose questions may contain what was learned from the room, which members must not see."""
FITTED = Key[tuple[str, Any]]("fitted")
"""The room from which assumptions were learned, and the result."""
FIT_ASKED = Key[tuple[str, str, int]]("fit asked")
"""The fit that this tab waits for: its job's key, the room's id, and the index of the arm that will use it."""
QUESTION_OPEN = Key[bool]("question open")
"""Whether the question is shown although it has results."""
SIZE_WRONG = Key[str]("size wrong")
"""Why the last size is impossible."""
CHANGING = Key[int | None]("changing")
"""The index of the arm that is open in the editor."""
ARM_WRONG = Key[str]("arm wrong")
"""Why the last change of an arm was refused."""
CASE_WANTED = Key[tuple[str, int, str]]("case wanted")
"""The link of a question, the index of an arm, and the case to show in the next run."""
CASE_MADE = Key[tuple[str, str, str, str]]("case made")
"""The link of a question, and the case shown: its title, summary and room."""
SAVE_SAID = Key[tuple[str, str]]("save said")
"""The message below the button that saves a policy: its kind and text."""


def policy_wrong(editor: str) -> Key[str]:
    """Return the key of the reason why the last change in a policy editor was refused."""
    return Key(f"{editor} wrong")


def act_begins() -> None:
    """Drop the previous act's message. The page reruns after an act, so it need not be notified of its changes."""
    SAID.drop()
    if page := OPEN_PAGE.get():
        page.run_begins()


def request_changed() -> None:
    """Drop the message and the open confirmation: both concern the access request that was shown."""
    _drop(SAID, ASKING)


def desk_ticket_changed() -> None:
    """Drop the message and the records: both concern the ticket that was shown."""
    _drop(SAID, READ)


def page_or_viewer_changed() -> None:
    """Drop the message, the open confirmation and the drafts: the next viewer must not see them."""
    _drop(SAID, ASKING, NEW_TITLE, ASK_REASON)


def room_or_viewer_changed() -> None:
    """Drop the records: they were read in another room, before a rewind, or by another viewer."""
    _drop(READ)


def room_started(title: str, told: str = "") -> None:
    """Keep the message of the started scenario, and drop the confirmation open in the previous room."""
    ASKING.drop()
    STARTED.put(told or f"“{title}” has begun.")


def _drop(*keys: Key[Any]) -> None:
    for key in keys:
        key.drop()
