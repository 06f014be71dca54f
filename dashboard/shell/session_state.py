"""What the session of a browser tab holds beside its widgets, and the occasions on which some of it is forgotten.

A key that only one function uses, and the key of a widget, stays where it is used.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """A key of the session's state, and the type of what it holds."""

    name: str

    def get(self) -> T | None:
        """Return what is held, None if nothing is."""
        held: T | None = st.session_state.get(self.name)
        return held

    def put(self, value: T) -> None:
        """Hold the value in place of what was held."""
        st.session_state[self.name] = value

    def drop(self) -> None:
        """Forget what is held."""
        st.session_state.pop(self.name, None)

    def take(self) -> T | None:
        """Return what is held, None if nothing is, and forget it."""
        held: T | None = st.session_state.pop(self.name, None)
        return held


VISIT = Key[Any]("visit")
"""The Visit of the last run, of any page."""
OPEN_PAGE = Key[Any]("open page")
"""The OpenPage of the tab, which ends with the session."""
SAID = Key[tuple[str, str]]("said")
"""The message that stays on the page until the next act: its kind and its text."""
ASKING = Key[tuple[str, str] | None]("asking")
"""The confirmation that is open: its key, and what it is about."""
RETURNS = Key[int]("returns")
"""How often a trainer went back from an earlier moment to the present."""
TOKENS = Key[dict[str, str]]("tokens")
"""The tokens of invitations that were made in this tab, which nothing else keeps, and the rooms that they open."""
DRAFT = Key[tuple[str, str]]("draft")
"""What another file took the place of in the editor: its kind and its text."""
NEW_TITLE = Key[str]("new title")
"""A draft: the title of a support request."""
ASK_REASON = Key[str]("ask reason")
"""A draft: why an engineer needs access."""
READ = Key[tuple[tuple[str, str], str, str, Any]]("read")
"""Diagnostic data on the desk: the room and the ticket, the tenant, the category, and the table of records."""

FOUND = Key[Any]("found")
"""What the last search with SQL found, and in whose view. It stays when the room is wound back, as a page does."""

SCENARIO_WANTED = Key[str]("start")
"""The name of the scenario that the next run starts in this room."""
ROOM_WANTED = Key[tuple[Any, Any]]("wished")
"""The scenario, and the policy or None, of a new room that the next run starts and goes to."""
STARTED = Key[str]("started")
"""What to tell in the room that has just begun."""
PAGE_WANTED = Key[tuple[str, dict[str, str]]]("page wanted")
"""The file and the link of the page that the next run goes to."""
TRY_WANTED = Key[bool]("try wanted")
"""Whether the next run makes a room in which a request waits for the visitor."""

QUESTION = Key[str]("question")
"""The link of the question that What if showed last."""
TRAINERS_QUESTION = Key[str]("trainer's question")
"""The same of a trainer, whose questions may hold what was learned from the room: no member of it is shown them."""
FITTED = Key[tuple[str, Any]]("fitted")
"""The room that assumptions were learned from, and what was learned."""
QUESTION_OPEN = Key[bool]("question open")
"""Whether the question is shown although its results are there."""
SIZE_WRONG = Key[str]("size wrong")
"""Why the last size is none that a comparison can have."""
CHANGING = Key[int | None]("changing")
"""The place of the arm that is open in the editor."""
ARM_WRONG = Key[str]("arm wrong")
"""Why the last change of an arm was refused."""
CASE_WANTED = Key[tuple[str, int, str]]("case wanted")
"""The link of a question, the place of an arm, and which case the next run tells."""
CASE_MADE = Key[tuple[str, str, str, str]]("case made")
"""The link of a question, and the case that was told: its title, its summary and its room."""
SAVE_SAID = Key[tuple[str, str]]("save said")
"""The message below the button that saves a policy: its kind and its text."""


def policy_wrong(editor: str) -> Key[str]:
    """Return the key of why the last change in a policy editor was refused."""
    return Key(f"{editor} wrong")


def act_begins() -> None:
    """Forget the message of the act before. The page runs after the act: what that changes need not be told to it."""
    SAID.drop()
    if page := OPEN_PAGE.get():
        page.run_begins()


def request_changed() -> None:
    """Forget the message and the open confirmation: both are about the access request that was shown."""
    _drop(SAID, ASKING)


def desk_ticket_changed() -> None:
    """Forget the message and the records: both are about the ticket that was shown."""
    _drop(SAID, READ)


def page_or_viewer_changed() -> None:
    """Forget the message, the open confirmation and the drafts: what one viewer writes is not for the next."""
    _drop(SAID, ASKING, NEW_TITLE, ASK_REASON)


def room_or_viewer_changed() -> None:
    """Forget the records: they were read in another room, before this one was wound back, or by another viewer."""
    _drop(READ)


def room_started(title: str, told: str = "") -> None:
    """Keep what to tell of the scenario that has begun, and forget the confirmation open in the room before."""
    ASKING.drop()
    STARTED.put(told or f"“{title}” has begun.")


def _drop(*keys: Key[Any]) -> None:
    for key in keys:
        key.drop()
