"""`python -m tests.bench` (make bench) measures what has a target, each figure beside its baseline in the same run.

Measurements that are compared alternate, so what else the machine does falls on both. The exit status is 0 also where
a target is not reached: the figures of a busy machine are worth little, and the first lines say how busy it was.
"""

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.background.rooms import DEFAULT, Rooms
from dashboard.text import question
from data import Room, scenarios
from model import Approve, OpenTicket, RequestAccess, Revoke
from tests import bench_experiment, bench_simulation
from tests.bench_checker import checks
from tests.bench_rooms import room_of
from tests.browser.serving import CHROMIUM_ARGUMENTS, ROOT, chromium, serving

CLICKS = 24
ENDLESS = replace(question.DEFAULT, tickets=50_000, replications=200)
REQUESTS = 1_000, 1_000_000
EMPTY_APP = """
import streamlit as st

def more():
    st.session_state.count = st.session_state.get("count", 0) + 1

st.button("More", on_click=more)
st.text(f"count {st.session_state.get('count', 0)}")
"""
# From the click until the frame after the one in which `there` holds is painted, in the page's own milliseconds.
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


def main() -> None:
    """Measures everything and prints it."""
    with tempfile.TemporaryDirectory() as folder:
        noise()
        rules(Path(folder))
        beginnings(Path(folder))
        growth(Path(folder))
        engines()
        comparisons()
        checks()
        clicks(Path(folder))


def noise() -> None:
    """How even the machine is: the same work over and over."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, and the same sum many times over:")
    show("  sum of 300,000 squares", [timed(lambda: sum(n * n for n in range(300_000))) for _ in range(40)])


def clicks(folder: Path) -> None:
    """A press of Approve in the default room against a press in an empty Streamlit app, in one Chromium."""
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
        page.goto(f"{lab.address}/pending-requests?room={room}&viewer=adele@contoso")
        blank.goto(bare.address)
        blank.wait_for_selector("button")
        approve: list[float] = []
        more: list[float] = []
        for number in range(CLICKS + 3):  # the first three warm up
            more.append(_press(blank, "More", f"document.body.textContent.includes('count {number + 1}')"))
            approve.append(_approve(page))
        alone, beside = _beside_a_run(page, context.new_page(), f"{lab.address}/what-if?q={ENDLESS.link}")
    print(f"\nA click until the whole page is painted again, in Chromium, {CLICKS} times:")
    show("  empty Streamlit app", more[3:])
    show("  Approve in the default room", approve[3:])
    judge("  a click on Approve : one in an empty app", ratio([more[3:], approve[3:]]), 1.5)
    show("  Approve while nobody simulates", alone)
    show("  Approve while another visitor's What if runs", beside)
    judge("  a click on Approve, beside a run : alone", ratio([alone, beside]), 1.5)


def _approve(page: Any) -> float:
    """Presses Approve, and goes back to the same pending request."""
    page.get_by_role("button", name="Review for approval").click()
    page.get_by_role("button", name="Approve", exact=True).wait_for()
    took = _press(page, "Approve", APPROVED)
    menu = page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Side by side").click()
    for label, step in (("Start over", 0), ("First step", 1), ("Next step", 2)):
        page.get_by_role("button", name=label).click()
        page.get_by_text(f"step {step} of").wait_for()
    menu.get_by_role("link", name="Pending requests").click()
    return took


def _beside_a_run(page: Any, other: Any, address: str) -> tuple[list[float], list[float]]:
    """The same press while nobody simulates and while a run of What if goes on, in turns."""
    alone: list[float] = []
    beside: list[float] = []
    other.goto(address)
    for _ in range(4):
        alone += [_approve(page) for _ in range(CLICKS // 4)]
        other.bring_to_front()
        other.get_by_role("button", name=re.compile("Run")).click()
        other.get_by_text("Simulating").wait_for()
        beside += [_approve(page) for _ in range(CLICKS // 4)]
        other.bring_to_front()
        other.get_by_role("button", name="Stop").click()
        other.get_by_text("The run was stopped").wait_for()
    return alone, beside


def _press(page: Any, label: str, there: str) -> float:
    page.bring_to_front()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(250)
    return float(page.evaluate(CLICK, [label, there]))


def growth(folder: Path) -> None:
    """What one tenant sees, with the same rows of its own, in a small room and in a large one."""
    rooms = []
    print()
    for size in REQUESTS:
        begin = time.perf_counter()
        rooms.append(room_of(size, folder / f"{size}.duckdb"))
        print(f"A room of {size:,} access requests was made in {time.perf_counter() - begin:.1f} s.")
    small = rooms[0]
    seen = small.overview().rows("all_requests")
    tenants = [row["resource_tenant"] for row in seen if small.directory.administrators(row["resource_tenant"])]
    member = small.directory.administrators(statistics.mode(tenants))[0]
    lenses = [room.as_seen_by(member) for room in rooms]
    rows = [(len(lens.pending()), len(lens.approved_access())) for lens in lenses]
    for size, (pending, approved) in zip(REQUESTS, rows, strict=True):
        print(f"Of {size:,}, one tenant sees {pending} pending and {approved} in Approved access.")
    for what, names, target in (
        ("Pending + Approved access", ("pending", "approved_access"), 3.0),
        ("Support requests", ("tickets",), None),
        ("Audit log", ("audit_log",), None),
    ):
        times = alternate([lambda lens=lens, names=names: [lens.rows(name) for name in names] for lens in lenses], 40)
        for size, found in zip(REQUESTS, times, strict=True):
            show(f"  {what}, of {size:,}", found)
        judge(f"  {what}, 1,000,000 : 1,000", ratio(times), target)
    for room in rooms:
        room.close()


def beginnings(folder: Path) -> None:
    """Starting each shipped scenario as the dashboard does, in a file, and the default room with its background."""
    rooms = Rooms(folder / "starts")
    print("\nStarting a scenario, in a file:")
    for name in scenarios():
        times = [timed(lambda name=name: rooms.start("a-room-that-begins", name)) for _ in range(3)]
        show(f"  {name}", times)
        judge(f"  {name}", statistics.median(times) / 1000, 3.0 if name == DEFAULT else 2.0, "s")
    times = [timed(lambda: rooms.get(Rooms.new_id())) for _ in range(5)]
    show(f"  a new link's room ({DEFAULT})", times)
    judge(f"  a new link's room ({DEFAULT})", statistics.median(times) / 1000, 3.0, "s")
    rooms.close()


def engines() -> None:
    """What a simulated ticket costs, by whom: the least that was seen, for whatever else runs only adds to it."""
    contenders = bench_simulation.CONTENDERS
    print("\nA simulated ticket, in millionths of a second; the least of many goes in turn:")
    goes = alternate([contender.go for contender in contenders.values()], 25)
    cost = {
        name: 1000 * min(times) / contender.tickets
        for (name, contender), times in zip(contenders.items(), goes, strict=True)
    }
    for name, microseconds in cost.items():
        print(f"{'  ' + name:<60}{microseconds:9.3f} µs   {1_000_000 / microseconds:,.0f} tickets a second")
    for slow, fast, target in bench_simulation.AT_LEAST:
        judge(f"  {slow} : {fast}", cost[slow] / cost[fast], target, at_least=True)
    for slow, fast, target in bench_simulation.AT_MOST:
        judge(f"  {slow} : {fast}", cost[slow] / cost[fast], target)


def comparisons() -> None:
    """All figures of many simulated tickets, in a process of its own."""
    many = bench_experiment.TICKETS * bench_experiment.REPLICATIONS
    print(f"\nA comparison of two arms, {many:,} tickets in each, on two threads:")
    found = [bench_experiment.cost() for _ in range(3)]
    show("  all figures, with intervals and differences", [1000 * cost.seconds for cost in found])
    show("  processor time of all threads together", [1000 * cost.processor_seconds for cost in found])
    judge("  all figures", statistics.median(cost.seconds for cost in found), bench_experiment.SECONDS, "s")
    judge("  memory at the most", max(cost.gib for cost in found), bench_experiment.GIB, "GiB")


def rules(folder: Path) -> None:
    """What an act costs below the dashboard: in a file against in memory."""
    rooms = [Room.create(":memory:", DEFAULT), Room.create(folder / "acts.duckdb", DEFAULT)]

    def act(room: Room) -> None:
        adele, sam = room.member("adele", "contoso"), room.engineer("sam")
        ticket = str(room.do(OpenTicket("Guests cannot sign in"), adele).ticket_id)
        request = str(room.do(RequestAccess(ticket, "fabrikam", "Sign-in logs"), sam).request_id)
        room.do(Approve(request), adele)
        room.do(Revoke(request), room.member("adele", "fabrikam"))

    print("\nOpen a ticket, request access, approve and remove it, by the room itself:")
    times = alternate([lambda room=room: act(room) for room in rooms], 20)
    show("  in memory", times[0])
    show("  in a file", times[1])
    judge("  in a file : in memory", ratio(times), None)
    for room in rooms:
        room.close()


# Measuring and telling.


def timed(act: Callable[[], object]) -> float:
    """How long it took, in milliseconds."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def alternate(acts: Sequence[Callable[[], object]], times: int) -> list[list[float]]:
    """The times of each act, done in turn."""
    rounds = [[timed(act) for act in acts] for _ in range(times + 2)][2:]  # the first two warm up
    return [list(column) for column in zip(*rounds, strict=True)]


def ratio(times: Sequence[Sequence[float]]) -> float:
    """Of the medians, the second by the first."""
    return statistics.median(times[1]) / statistics.median(times[0])


def show(what: str, times: Sequence[float]) -> None:
    """A figure: its median, and how far it strays."""
    median = statistics.median(times)
    print(f"{what:<60}{median:9.1f} ms   min {min(times):.1f}, max {max(times):.1f}, n {len(times)}", flush=True)


def judge(what: str, figure: float, target: float | None, unit: str = "×", *, at_least: bool = False) -> None:
    """A figure against its target, which is the most that it may be, or the least."""
    verdict = ""
    if target is not None:
        reached = figure >= target if at_least else figure <= target
        verdict = f"   target {'>=' if at_least else '<='} {target:g} {unit}: {'reached' if reached else 'NOT reached'}"
    print(f"{what:<60}{figure:9.2f} {unit} {verdict}", flush=True)


if __name__ == "__main__":
    main()
