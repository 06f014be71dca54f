"""The marks below the slider over a room's history: one for each act, in the colour of its outcome."""

from collections.abc import Sequence
from html import escape

from dashboard.palette import ENDED, ENGINEER, LIVE, OVER, WAITS, Colour
from data.room.acts import Act
from model import Action

_COLOURS: dict[str, Colour] = {
    Action.REQUEST: WAITS,
    Action.APPROVE: LIVE,
    Action.REJECT: ENDED,
    Action.REVOKE: ENDED,
    Action.READ: ENGINEER,
}
_EDGE = 6  # pixels between the edge of the page's column and the start of the slider's track


def marks(acts: Sequence[Act], names: Sequence[str], shown: int) -> str:
    """Return the drawing as HTML: marks are at the slider's stops; those after line `shown` are pale.

    `names` describes each act in plain text.
    """
    drawn = "".join(
        f'<span title="{escape(name)}" style="position: absolute; bottom: 0; '
        f"left: calc({100 * number / len(acts):.3f}% - {_half(act)}px); width: {2 * _half(act)}px; "
        f"height: {8 if act.action == 'clock' else 12}px; background: {_COLOURS.get(act.action, OVER).mark}; "
        f'opacity: {1 if act.last <= shown else 0.35}"></span>'
        for number, (act, name) in enumerate(zip(acts, names, strict=True), start=1)
    )
    label = f"{len(acts)} acts, {sum(act.step is None for act in acts)} of them by hand"
    style = f"position: relative; height: 12px; margin: 0 {_EDGE}px"
    return f'<div role="img" aria-label="{label}" style="{style}">{drawn}</div>'


def _half(act: Act) -> int:
    """Return half the width of the act's mark, in pixels: acts by hand are wide."""
    return 2 if act.step else 3
