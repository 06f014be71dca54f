"""A click on Approve in Chromium, compared with a click in an empty Streamlit app, and during a run of What if."""

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.background.rooms import DEFAULT
from dashboard.text import question
from data import Room
from tests.bench.measuring import judge, ratio, show
from tests.browser.serving import CHROMIUM_ARGUMENTS, ROOT, chromium, serving

CLICKS = 24
ENDLESS = replace(question.DEFAULT, tickets=50_000, replications=200)
EMPTY_APP = """
import streamlit as st

def more():
    st.session_state.count = st.session_state.get("count", 0) + 1

st.button("More", on_click=more)
st.text(f"count {st.session_state.get('count', 0)}")
"""
# The milliseconds, by the page's clock, from the click until the frame after `there` holds is painted.
CLICK = """([label, there]) => new Promise((resolve, reject) => {
    const holds = new Function("return " + there);
    const button = [...document.querySelectorAll("button")].find(found => found.innerText.trim() === label);
    const watch = new MutationObserver(() => {
        if (!holds()) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin), 0));
    });
    watch.observe(document.body, {subtree: true, childList: true, characterData: true});
    setTimeout(() => reject("nothing came of " + label), 10000);
    const begin = performance.now();
    button.click();
})"""
APPROVED = """document.querySelector("[data-testid=stAlert]")?.textContent.includes("You approved")
    && document.querySelector("h1")?.textContent === "Pending requests"
    && document.body.textContent.includes("No pending requests") && !document.querySelector(".st-key-approve")"""


def clicks(folder: Path) -> None:
    """Compare a click on Approve in the default room with a click in an empty Streamlit app, in one Chromium."""
    path = chromium()
    if path is None:
        print("NOT MEASURED: a click on Approve; there is no Chromium (set CHROMIUM to its path)")
        return
    from playwright.sync_api import sync_playwright

    rooms, room = folder / "rooms", "a-room-to-measure-in"
    with Room.create(rooms / f"{room}.duckdb", DEFAULT) as made:
        made.next_step()
        made.next_step()
    empty = folder / "empty" / "empty.py"
    empty.parent.mkdir()
    empty.write_text(EMPTY_APP, encoding="utf-8")
    with (
        serving(ROOT / "app.py", folder / "log", rooms=rooms) as lab,
        serving(empty, folder / "empty.log") as bare,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS) as browser,
    ):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(20_000)
        page, blank = context.new_page(), context.new_page()
        request = f"{lab.address}/pending-requests?room={room}&viewer=adele@contoso&request=r1"
        blank.goto(bare.address)
        blank.wait_for_selector("button")
        approve: list[float] = []
        more: list[float] = []
        for number in range(CLICKS + 3):  # the first three warm up
            more.append(_press(blank, "More", f"document.body.textContent.includes('count {number + 1}')"))
            approve.append(_approve(page, request))
        alone, beside = _beside_a_run(page, request, context.new_page(), f"{lab.address}/what-if?q={ENDLESS.link}")
    print(f"\nA click until the whole page is painted again, in Chromium, {CLICKS} times:")
    show("  empty Streamlit app", more[3:])
    show("  Approve in the default room", approve[3:])
    judge("  a click on Approve : one in an empty app", ratio([more[3:], approve[3:]]), 1.5)
    show("  Approve while nobody simulates", alone)
    show("  Approve while another visitor's What if runs", beside)
    judge("  a click on Approve, beside a run : alone", ratio([alone, beside]), 1.5)


def _approve(page: Any, request: str) -> float:
    """Click Approve on a pending request, and make it pending again."""
    page.goto(request)
    page.get_by_role("button", name="Approve", exact=True).wait_for()
    took = _press(page, "Approve", APPROVED)
    menu = page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Side by side").click()
    page.get_by_role("button", name="More").click()
    for label, step in (("Start over", 0), ("First step", 1), ("Next step", 2)):
        page.get_by_role("button", name=label).click()
        page.get_by_text(f"step {step} of").wait_for()
    return took


def _beside_a_run(page: Any, request: str, other: Any, address: str) -> tuple[list[float], list[float]]:
    """Alternate the same click with and without a run of What if in progress."""
    alone: list[float] = []
    beside: list[float] = []
    other.goto(address)
    for _ in range(4):
        alone += [_approve(page, request) for _ in range(CLICKS // 4)]
        other.bring_to_front()
        other.get_by_role("button", name=re.compile("Run")).click()
        other.get_by_text("Simulating").wait_for()
        beside += [_approve(page, request) for _ in range(CLICKS // 4)]
        other.bring_to_front()
        other.get_by_role("button", name="Stop").click()
        other.get_by_text("The run was stopped").wait_for()
    return alone, beside


def _press(page: Any, label: str, there: str) -> float:
    page.bring_to_front()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(250)
    return float(page.evaluate(CLICK, [label, there]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        clicks(Path(folder))
