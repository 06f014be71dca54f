"""Taking back and bringing back: undo, back in the story, rewind, start over. Questions come first if work would go."""

import streamlit as st

from dashboard.background import autopilots
from dashboard.background.entrance import check_leads
from dashboard.background.rooms import rooms
from dashboard.parts.copied_room import go_to_copy
from dashboard.parts.story.moment_marks import marks
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.messages import say
from dashboard.shell.past import look_at, returns, to_the_present
from dashboard.shell.session_state import ASKING, act_begins, room_started
from dashboard.shell.visit import Visit
from dashboard.text.act_words import act_in_words
from dashboard.text.words import moment, one_line, plain
from data import Room
from data.room.acts import Act
from data.room.past import PastRoom

_QUESTION = "take back"
_BEGINNING, _STEP = "the beginning", "the latest step"
_MOST = 200  # acts on the slider


def back_button(here: Visit, presenting: bool | None) -> None:
    """Show the button to the room as it was before the story's latest step."""
    st.button(
        "Back",
        key="step back",
        icon=":material/skip_previous:",
        disabled=not here.room.steps_done or here.past is not None,
        shortcut="Left" if presenting else None,
        on_click=_back,
        args=(here,),
        help="The room as it was before this step, for everybody.",
    )


def undo_buttons(here: Visit) -> None:
    """Show what takes the last act back, and what brings it back."""
    room = here.room
    if isinstance(room, PastRoom):
        return
    latest = room.acts()[-1:]
    st.button(
        "Undo",
        key="undo",
        icon=":material/undo:",
        disabled=not latest,
        on_click=_undo,
        args=(here, *latest),
        help=f"Takes back: {plain(_words(room, latest[0]))}." if latest else "Nothing has been done yet.",
    )
    if room.can_redo():
        st.button("Redo", key="redo", icon=":material/redo:", on_click=_redo, args=(here,))


def more_buttons(here: Visit) -> None:
    """Show what takes more than one act back, and what brings back what was there before."""
    room = here.room
    if isinstance(room, PastRoom):
        return
    if room.story.steps:
        label = "Start over"
        st.button(
            label, key="start over", icon=":material/replay:", on_click=_start_over, args=(here,), width="stretch"
        )
    if room.can_swap():
        label = "Bring back what was taken back"
        st.button(label, key="redo", icon=":material/redo:", on_click=_redo, args=(here,), width="stretch")
    flight = autopilots.of(here.room_id)
    if flight and here.leads and flight.can_go_on and flight.begins < room.seq:
        label = "Take back all since the autopilot began"
        st.button(
            label, key="autopilot back", icon=":material/smart_toy:", on_click=_rewind, args=(here, flight.begins)
        )
    if rooms().has_earlier(here.room_id):
        label = "Bring back the room before this scenario"
        st.button(label, key="earlier", icon=":material/history:", on_click=_bring_back, args=(here,), width="stretch")


def ask_if_wanted(here: Visit) -> None:
    """Show the question that is open, if it is about taking something back."""
    asked = ASKING.get()
    if asked and asked[0] == _QUESTION:
        st.dialog("Take this back?", on_dismiss=lambda: ASKING.drop())(_ask)(here, asked[1])


def _ask(here: Visit, where: str) -> None:
    if ASKING.get() != (_QUESTION, where):  # answered: of a dialog, only the dialog runs again by itself
        st.rerun()
    room = here.whole_room
    line = _line(room, where)
    lost = sum(act.step is None and act.action != "clock" for act in room.acts() if act.last > line)
    how = "by hand or by the autopilot" if autopilots.of(here.room_id) else "by hand"
    what = f"{lost:,} things that were done {how}" if lost > 1 else f"one thing that was done {how}"
    then = room.at(line).now
    st.markdown(
        f"The room would be as it was at **{moment(then)}**, for everybody, without {what} since. It is kept: *Redo* "
        "brings it back."
    )
    with st.container(horizontal=True):
        st.button("Take it back", key="take back yes", type="primary", on_click=_answered, args=(here, where))
        st.button("Cancel", key="take back no", on_click=ASKING.drop)


def _answered(here: Visit, where: str) -> None:
    ASKING.drop()
    _take_back(here, where)


def _line(room: Room, where: str) -> int:
    """Return the line of the log that a place means."""
    if where == _BEGINNING:
        return room.opening
    if where == _STEP:
        return next((act.first - 1 for act in reversed(room.acts()) if act.step), room.seq)
    return min(int(where), room.seq)


def _ask_or_take_back(here: Visit, where: str) -> None:
    """Take back, or ask first if something that was done by hand would go."""
    act_begins()
    with told_if_unavailable():
        room = here.whole_room
        line = _line(room, where)
        if any(act.step is None and act.action != "clock" for act in room.acts() if act.last > line):
            ASKING.put((_QUESTION, where))
        else:
            _take_back(here, where)


def _take_back(here: Visit, where: str) -> None:
    act_begins()
    with told_if_unavailable():
        room = here.to_change()
        room.rewind(_line(room, where))
        to_the_present()
        told = {_BEGINNING: "The room is as it was when the story began.", _STEP: "The step was taken back."}
        say("info", told.get(where, f"The room is as it was at {moment(room.now)}."))


def ask_or_take_back(here: Visit, act: Act) -> None:
    """In a callback: take back an act and what came after it; ask first if that is more than this act."""
    with told_if_unavailable():
        if here.whole_room.acts()[-1:] == [act]:
            _undo(here, act)
        else:
            _ask_or_take_back(here, str(act.first - 1))


def _back(here: Visit) -> None:
    _ask_or_take_back(here, _STEP)


def _start_over(here: Visit) -> None:
    _ask_or_take_back(here, _BEGINNING)


def _rewind(here: Visit, line: int) -> None:
    _ask_or_take_back(here, str(line))


def _undo(here: Visit, act: Act) -> None:
    """Take back the act that the page names, and no other that somebody did since the page was drawn."""
    act_begins()
    with told_if_unavailable():
        room = here.current
        if room.undo(act):
            say("info", f"Taken back: {_words(room, act)}.")
        else:
            say("warning", "Nothing was taken back: something else was done in the meantime. Undo now takes that back.")


def _redo(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        if here.current.redo():
            say("info", "What was taken back is there again.")


def _bring_back(here: Visit) -> None:
    act_begins()
    with told_if_unavailable():
        here.check_present()
        check_leads(here.room_id, here.key)
        room = rooms().bring_back_earlier(here.room_id)
        room_started(room.story.title, f"“{room.story.title}” is there again, as it was left.")


def _fork(here: Visit, line: int) -> None:
    act_begins()
    with told_if_unavailable():
        room = here.whole_room
        go_to_copy(here, room.snapshot).rewind(min(line, room.seq))
        say("info", "This is a room of its own. The one that it was made from stays as it is.")


def moments(here: Visit) -> None:
    """Show the trainer a slider over the room's history: its marks are the acts, and each shows the room after it."""
    if here.viewer is not None:
        return
    room = here.whole_room
    if not (acts := room.acts()):
        return
    if len(acts) > _MOST:  # the latest stays: it is the present
        acts = [act for act in acts[:-1] if act.action != "clock"][1 - _MOST :] + acts[-1:]
    texts = [f"{moment(act.at)} · {one_line(_words(room, act))}" for act in acts]
    names = {act.last: plain(text) for act, text in zip(acts, texts, strict=True)}  # read as Markdown
    ends = {act.last: f"act {number}, {act.at:%d %b %H:%M}" for number, act in enumerate(acts, 1)}  # short, for a phone
    beginning = acts[0].first - 1
    lines = [beginning, *names]
    shown = max((line for line in lines if line <= here.room.seq), default=beginning)
    # A slider of its own for each latest act, and after each return to the present: a browser that is slow may still
    # send where the one before it stood, with a click, and the page would go to the past.
    began = returns()
    key = f"moment {lines[-1]} {began}"
    st.session_state[key] = shown

    def look() -> None:
        if returns() != began:  # also a slider that is not drawn any more is heard
            return
        chosen = int(st.session_state[key])
        look_at(None if chosen == lines[-1] else chosen)

    st.select_slider(
        "Look back",
        lines,
        format_func=lambda line: ends.get(line, _BEGINNING),
        key=key,
        on_change=look,
    )
    st.html(marks(acts, texts, shown))
    if (line := here.past) is not None:
        st.caption(f"The room after: {names.get(shown, _BEGINNING)}")
        with st.container(horizontal=True):
            st.button(
                "Rewind to here", key="rewind", icon=":material/fast_rewind:", on_click=_rewind, args=(here, line)
            )
            st.button("New room from here", key="fork", icon=":material/call_split:", on_click=_fork, args=(here, line))


def _words(room: Room, act: Act) -> str:
    return act_in_words(room.directory, room.story, act)
