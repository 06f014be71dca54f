"""Welcome: an introduction, who asks whom for what, and three ways to start."""

import streamlit as st

from dashboard.background.rooms import DEFAULT, rooms
from dashboard.parts import cards
from dashboard.parts.case.first_request import FirstRequest, first_request
from dashboard.parts.case.who_asks_whom import picture
from dashboard.shell.acting import told_if_unavailable
from dashboard.shell.page_list import QUESTION, TRAINER
from dashboard.shell.session_state import PAGE_WANTED, TRY_WANTED, act_begins, room_started
from dashboard.shell.visit import Visit, viewer_id, visit
from dashboard.text.words import plain
from data import Scenario, scenarios


def page(here: Visit) -> None:
    """Show the introduction and the ways to start."""
    if wanted := PAGE_WANTED.take():
        file, link = wanted
        st.switch_page(f"dashboard/pages/{file}.py", query_params=link)
    story = here.room.story
    first = first_request(story, here.room.policy)
    if first is None:  # a room without a story
        story = scenarios()[DEFAULT]
        first = first_request(story, story.policy)
    assert first
    if TRY_WANTED.take():
        _try(here, story, first)
    st.title(QUESTION, anchor=False)
    st.markdown(
        f"A Microsoft Support engineer works on {plain(first.support_request_tenant)}'s support request and needs "
        f"diagnostic data that lies in {plain(first.resource_tenant)}; {plain(first.who_decides)} decides. "
        "Play it step by step, see what each party sees, and try other rules."
    )
    st.html(picture(first))
    watch, try_it, ask = st.columns(3)
    with watch:
        _watch(here)
    with try_it:
        _door(
            ":material/front_hand: Try it yourself",
            f"Be {_short(first)}: a request waits for you. Approve or reject it, remove access again, and see it "
            "through the others' eyes. You get a room of your own.",
        ).button(f"Be {_short(first)}", key="try", on_click=_want_to_try, disabled=first.decider is None)
    with ask:
        _door(
            ":material/balance: Ask what if",
            "“What if a request expired after four days?” Thousands of simulated support requests answer, and say how "
            "sure they are.",
        ).button("Ask", key="ask", on_click=_go, args=("what_if", here.link()))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Teaching a class, or interested in one question?", width="content")
        st.page_link("dashboard/pages/scenarios.py", label="Choose another scenario", query_params=here.link())


def _door(heading: str, text: str) -> st.delta_generator.DeltaGenerator:
    door = st.container(border=True, height="stretch")
    with door:
        cards.heading(heading)
        st.markdown(text)
    return door


def _watch(here: Visit) -> None:
    steps, done = here.room.story.steps, here.room.steps_done
    title, takes = plain(here.room.story.title), here.room.story.takes
    link = here.link() | {"viewer": TRAINER}
    if not steps:
        door = _door(":material/play_arrow: Watch a story", f"This room, “{title}”, has no story: choose one that has.")
        door.button("Choose a scenario", key="watch", type="primary", on_click=_go, args=("scenarios", here.link()))
        return
    minutes = f"{takes} minutes" if takes > 1 else "a minute"
    about = plain(here.room.story.teaches or here.room.story.summary)
    going = f"“{title}” is at step {done} of {len(steps)}." if done else f"“{title}”, {len(steps)} steps, {minutes}."
    door = _door(":material/play_arrow: Watch the story :blue-badge[start here]", f"{going} {about}")
    label = "Go on with the story" if done else "Watch the story"
    door.button(label, key="watch", type="primary", on_click=_go, args=("side_by_side", link))


def _short(first: FirstRequest) -> str:
    return plain(first.decider_name.split()[0]) if first.decider_name else "the administrator"


def _go(file: str, link: dict[str, str]) -> None:
    """In a callback: request the page of a link."""
    act_begins()
    PAGE_WANTED.put((file, link))


def _want_to_try() -> None:
    act_begins()
    TRY_WANTED.put(True)


def _try(here: Visit, story: Scenario, first: FirstRequest) -> None:
    """Make a new room in which the first request is pending, and go there as its decider."""
    assert first.decider
    room_id = rooms().new_id()
    with told_if_unavailable():
        with st.spinner("Making a room of your own…", show_time=True):
            default = scenarios()[DEFAULT]
            if (story.text, here.room.policy) == (default.text, default.policy):
                room = rooms().to_act_in(room_id)
            else:
                room = rooms().start(room_id, story, here.room.policy if story is here.room.story else None)
            for _ in range(first.step):
                room.next_step()
        room_started(story.title, f"This room is your own, and you are {first.decider_name}: a request waits for you.")
        st.switch_page(
            "dashboard/pages/pending.py",
            query_params={"room": room_id, "viewer": viewer_id(first.decider), "request": first.request},
        )
    st.rerun()  # to show why it was not done


page(visit())
