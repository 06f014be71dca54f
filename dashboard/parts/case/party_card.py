"""The card of a party, in its colour: who it is, what it sees before and after a change, and a sentence about it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from dashboard.palette import Colour
from model.texts import hidden_shown

_HERE = Path(__file__).parent
_draw = st.components.v2.component(
    "party_card",
    html='<div class="party"></div>',
    css=(_HERE / "party_card.css").read_text(encoding="utf-8"),
    js=(_HERE / "party_card.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Badge:
    """A word on a background; `colour` is Streamlit's name."""

    text: str
    colour: str


@dataclass(frozen=True)
class Line:
    """A line of a party's view: a badge, and the previous one if it differs."""

    now: Badge
    was: Badge | None = None
    about: str = ""  # the subject, if there are several


def line(now: Badge, before: Badge | None, about: str = "") -> Line:
    """Return the line of the current view, with the previous one if it differs."""
    return Line(now, before if before != now else None, about)


def party_card(
    key: str,
    part: str,
    name: str,
    colour: Colour,
    lines: Sequence[Line],
    sentences: Sequence[str],
    *,
    large: bool = False,
    plays: str = "",
) -> None:
    """Show the card. All texts are plain and drawn verbatim, with escapes for invisible characters.

    `plays` names the change to animate the first time that the browser tab shows it.
    """
    _draw(
        key=key,
        data={
            "part": part,
            "name": hidden_shown(name),
            "colour": str(colour),
            "lines": [asdict(each) | {"about": hidden_shown(each.about)} for each in lines],
            "sentences": [hidden_shown(each) for each in sentences],
            "large": large,
            "plays": plays and f"{key} {plays}",
        },
    )
