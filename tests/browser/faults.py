"""Run `streamlit` with faults in the rooms, chosen by a page's link: `fault=full`, `act=error`, ….

`python -m tests.browser.faults run app.py` stands for `streamlit run app.py`.
"""

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.web.cli import main

from data import DamagedRoom, Lens, Room, RoomUnavailable

SECRET = "Ben Reyes removed r1 in /srv/rooms/of-fabrikam.duckdb"
FAULTS: dict[str, Callable[[], Exception]] = {
    "full": lambda: RoomUnavailable(SECRET, f"the disk is full; nothing was lost ({SECRET})"),
    "damaged": lambda: DamagedRoom(SECRET, SECRET),
    "error": lambda: RuntimeError(SECRET),
}


def failing(real: Callable[..., Any], wanted: str = "fault") -> Callable[..., Any]:
    """Wrap the function to raise the fault chosen by the link."""

    @functools.wraps(real)
    def instead(*arguments: Any, **named: Any) -> Any:
        if fault := FAULTS.get(st.query_params.get(wanted, "")):
            raise fault()
        return real(*arguments, **named)

    return instead


if __name__ == "__main__":
    Lens.audit_refusal = property(failing(Lens.audit_refusal.fget))  # type: ignore
    Room.advance = failing(Room.advance, "act")  # type: ignore[method-assign]
    main(prog_name="streamlit")
