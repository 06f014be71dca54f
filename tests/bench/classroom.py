"""A class in one room: sessions over Streamlit's websocket that act every five seconds and follow what others do.

`python -m tests.bench.classroom 30 --autopilot` measures one size, while the autopilot moves the clock and acts, too.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from data import Room
from tests.bench.measuring import judge, noise
from tests.browser.serving import HOST, ROOT, serving

SIZES = (10, 20, 30)  # which must be fast
MORE = range(40, 101, 10)  # up to this many
EVERY = 5.0  # seconds between two acts of a session
SECONDS = 30.0
MOVES = 0.3  # the share of acts that move the clock, which all pages show; the others reload the page
VIEWERS = ("trainer", "adele@contoso", "adele@fabrikam", "farah@fabrikam", "ben@contoso", "sam")
_CLOCK = re.compile(r"schedule: \*\*\w{3} (\d{2} \w{3} \d{4}, \d{2}:\d{2})\*\*")


class Tab:
    """A browser tab, as seen by the server."""

    def __init__(self, port: int, query: str) -> None:
        self._port, self.query = port, query
        self._page_hash = ""
        self._buttons: dict[str, str] = {}
        self._chosen: dict[str, WidgetState] = {}  # the autopilot's widgets, which a browser sends with each run
        self._finished = asyncio.Event()
        self._stream = ""
        self._tasks: list[asyncio.Task[None]] = []
        self.clocks: list[tuple[float, datetime]] = []  # when the page was drawn, and what its clock shows
        self.errors = 0

    async def open(self) -> None:
        """Load the page."""
        self._socket = await self._connect("/_stcore/stream", "streamlit")
        self._tasks.append(asyncio.create_task(self._read()))
        await self.run()

    async def close(self) -> None:
        """Close the tab."""
        for task in self._tasks:
            task.cancel()
        await self._socket.close()

    async def run(self, label: str = "") -> float:
        """Press a button or reload the page; return the seconds until it is drawn."""
        self._finished.clear()
        begin = time.perf_counter()
        await self._ask(self._buttons[label] if label else "")
        await asyncio.wait_for(self._finished.wait(), 60)
        return time.perf_counter() - begin

    async def _connect(self, path: str, *protocols: str) -> ClientConnection:
        address = f"ws://{HOST}:{self._port}{path}"
        return await connect(address, subprotocols=protocols or None, max_size=None)

    async def _ask(self, button: str = "") -> None:
        back = BackMsg()
        back.rerun_script.query_string, back.rerun_script.page_script_hash = self.query, self._page_hash
        back.rerun_script.widget_states.widgets.extend(self._chosen.values())
        if button:
            pressed = back.rerun_script.widget_states.widgets.add()
            pressed.id, pressed.trigger_value = button, True
        await self._socket.send(back.SerializeToString())

    async def _read(self) -> None:
        async for part in self._socket:
            message = ForwardMsg.FromString(bytes(part))
            match message.WhichOneof("type"):
                case "new_session":
                    self._page_hash = message.new_session.page_script_hash
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "delta":
                    self._drawn(message)
                case "script_finished":
                    self._finished.set()

    def _drawn(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "button":
                self._buttons[element.button.label] = element.button.id
            case "button_group":
                pills = element.button_group
                chosen = [pills.options[place].content for place in pills.default]
                self._chosen[pills.id] = WidgetState(id=pills.id, string_array_value=StringArray(data=chosen))
            case "selectbox" if element.selectbox.label == "The clock moves each second by":
                box = element.selectbox
                self._chosen[box.id] = WidgetState(id=box.id, string_value=box.options[box.default])
            case "number_input":
                number = element.number_input
                self._chosen[number.id] = WidgetState(id=number.id, double_value=number.default)
            case "exception":
                self.errors += 1
            case "markdown" if found := _CLOCK.search(element.markdown.body):
                at = datetime.strptime(found[1], "%d %b %Y, %H:%M").replace(tzinfo=UTC)
                self.clocks.append((time.perf_counter(), at))
            case "bidi_component" if "/changes/" in element.bidi_component.json:
                address = json.loads(element.bidi_component.json)["address"]
                if address != self._stream:
                    self._stream = address
                    self._tasks.append(asyncio.create_task(self._follow(address)))

    async def _follow(self, address: str) -> None:
        async for _ in await self._connect(address):
            await self._ask()


def classroom(folder: Path, sizes: Sequence[int] = (*SIZES, *MORE), *, autopilot: bool = False) -> None:
    """Measure the time of an act, and until all other pages show it, with more and more sessions in one room."""
    what = ", with the autopilot" if autopilot else ""
    for size in sizes:
        rooms = folder / f"class {size}{what}"
        with serving(ROOT / "app.py", folder / f"{rooms.name}.log", rooms=rooms) as server:
            acts, followed, errors, agree = asyncio.run(_class(server.port, size, autopilot))
        if size in SIZES:
            told = f"{size} sessions in one room{what}, an act each {EVERY:.0f} s"
            judge(f"{told}: drawn, p95", _p95(acts), 1.0, "s")
            judge(f"{told}: followed, p95", _p95(followed), 2.0, "s")
        print(
            f"    {size} sessions{what}: p95 {_p95(acts):.2f} s, median {statistics.median(acts):.2f} s; followed p95 "
            f"{_p95(followed):.2f} s, median {statistics.median(followed):.2f} s; errors: {errors}; all pages show the "
            f"same at the end: {'yes' if agree else 'NO'}; the room verifies, with {_verified(rooms):,} lines",
            flush=True,
        )
        if size >= SIZES[-1] and _p95(acts) > 1:
            print(f"    An act takes more than a second at p95 with {size} sessions.", flush=True)
            return
    print(f"    Up to {sizes[-1]} sessions, an act takes no more than a second at p95.", flush=True)


def _verified(rooms: Path) -> int:
    """Verify the class's room and return the number of its log lines. Raises DamagedRoom if it does not verify."""
    (path,) = rooms.glob("*.duckdb")
    with Room.open(path) as room:
        room.verify()
        return room.seq


async def _class(port: int, size: int, autopilot: bool) -> tuple[list[float], list[float], int, bool]:
    trainer = Tab(port, "viewer=trainer")
    await trainer.open()
    await trainer.run("+1 hour")  # the first act creates the room
    (room,) = parse_qs(trainer.query)["room"]
    tabs = [Tab(port, f"room={room}&viewer={VIEWERS[n % len(VIEWERS)]}") for n in range(size)]
    for tab in tabs:
        await tab.open()
    if autopilot:
        await trainer.run("Start autopilot")
    acts: list[float] = []
    until = time.perf_counter() + SECONDS

    async def act(tab: Tab) -> None:
        await asyncio.sleep(random.random() * EVERY)
        while time.perf_counter() < until:
            begin = time.perf_counter()
            acts.append(await tab.run("+1 hour" if random.random() < MOVES else ""))
            await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - begin)))

    await asyncio.gather(*map(act, tabs))
    if autopilot:
        await trainer.run("Pause autopilot")
    await asyncio.sleep(3)
    followed = list(_followed(tabs))
    agree = len({tab.clocks[-1][1] for tab in tabs}) == 1
    for tab in (trainer, *tabs):
        await tab.close()
    return acts, followed, sum(tab.errors for tab in tabs), agree


def _followed(tabs: list[Tab]) -> Iterable[float]:
    """Yield, for each clock time and each page except the first to show it, the delay in seconds."""
    for moment in sorted({at for tab in tabs for _, at in tab.clocks})[1:]:
        seen = [min(when for when, at in tab.clocks if at >= moment) for tab in tabs if tab.clocks[-1][1] >= moment]
        yield from (when - min(seen) for when in sorted(seen)[1:])


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values)) - 1]


def main() -> None:
    """Measure the given sizes, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classroom", description=classroom.__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[*SIZES, *MORE], help="how many sessions")
    parser.add_argument("--autopilot", action="store_true", help="simulated people act, too, an hour each second")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        noise()
        classroom(Path(folder), given.sizes, autopilot=given.autopilot)


if __name__ == "__main__":
    main()
