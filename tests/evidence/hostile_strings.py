"""Hostile strings in every input of every page and in every parameter of a link: shown verbatim, or refused."""

import json
import re
import shutil
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import element_tree

from dashboard.background.rooms import rooms
from dashboard.shell.page_list import TRAINER
from data import Room
from tests.dashboard.screen import TITLES, Screen, Wire
from tests.dashboard.screen import strings as sent_strings
from tests.evidence.experiment import Experiment, Finding
from tests.evidence.strings import strings
from tests.evidence.tab import dashboard_in

_ROOM = "the-room-of-the-strings"
_SCENARIO, _STEPS = "justification", 2  # a request is pending, and a note is asked for
_SOURCES = Path(__file__).parents[2] / "dashboard"
_LONGEST_MESSAGE = 2_000  # characters of an error on a page

_AS_THEY_ARE = re.compile(  # places where Streamlit reads no Markdown
    r"(selectbox\.(options|raw_value)|dataframe\.arrow_data\.data|bidi_component\.json|text_(input|area)\.(value|default|placeholder)"
    r"|page_link\.query_string|page_info_changed\.query_string|code(_block)?\.code_text|code\.body)$"
)


class Input(NamedTuple):
    """An input of a page, and how to reach it."""

    viewer: str
    page: str
    link: tuple[tuple[str, str], ...]
    click: str  # a button that shows it, or ""
    kind: str  # of Streamlit's widgets
    key: str


class Parameter(NamedTuple):
    """A parameter of a link, on a page that reads it."""

    page: str
    name: str


_TYPED = ("text_input", "text_area", "number_input", "selectbox")
_PRESSED = {  # input -> the button that submits it
    "new title": "open ticket",
    "ask reason": "ask",
    "save name": "save",
    "save title": "save",
    "note": "approve",
}
_MARK = r"[!-/:-@\[-`{-~]"
_A_ROOM = 25  # strings per room
_FORGED_EVERY = 10


def hostile_strings(size: int, folder: Path) -> Finding:
    """Type each string into each input, put it into each parameter of a link, and check what the page then sends."""
    with _tab(folder) as tab:
        inputs, parameters = tab.inputs(), _parameters()
        for one in inputs:
            tab.try_input(one, size)
        for two in parameters:
            tab.try_parameter(two, size)
    keys = ", ".join(
        sorted({f"`{each.key.split(' ', 1)[0] if each.key.startswith('note') else each.key}`" for each in inputs})
    )
    names = ", ".join(sorted({f"`{each.name}`" for each in parameters}))
    return Finding(
        f"{size} strings (Markdown, HTML, formulas, templates, SQL, terminal codes, invisible and bidi characters, "
        f"NUL, lone surrogates, 10,000 characters) in {len(inputs)} inputs and {len(parameters)} parameters of links.",
        tab.times,
        tuple(tab.lost),
        f"Inputs, found on every page as every kind of viewer: {keys}. Parameters: {names}. {tab.unsendable:,} more "
        f"could not be sent: a browser's messages cannot contain lone surrogates. Inputs for numbers, or with a fixed "
        f"list, got every {_FORGED_EVERY}th string or an odd number, which no browser sends: {tab.forged:,} times, of "
        f"which {tab.refused:,} ended with an error in that tab. None of them was on the page, the room was unchanged, "
        "and the next tab worked.",
    )


class _Tab:
    """A sequence of browser tabs."""

    def __init__(self, wire: Wire, folder: Path, forced: dict[str, Any]) -> None:
        self.wire, self.folder, self.forced = wire, folder, forced
        self.lost: list[str] = []
        self.times = self.unsendable = self.forged = self.refused = 0

    def inputs(self) -> list[Input]:
        """Return every input of every page, once."""
        found: dict[str, Input] = {}
        for viewer in (TRAINER, "adele@contoso", "sam"):
            self._new_room()
            for page in TITLES:
                for link, click in (((), ""), ((("request", "r1"),), ""), ((), "change 1")):
                    if (link and page not in ("pending", "approved")) or (click and page != "what_if"):
                        continue
                    screen = Screen(self.wire, _ROOM, viewer, page, **dict(link))
                    if click:
                        screen.click(click)
                    for kind in _TYPED:
                        for widget in screen.app.get(kind):
                            key = str(widget.key or widget.id)
                            name = f"{kind} {key.replace(viewer, '')}"
                            found.setdefault(name, Input(viewer, page, link, click, kind, key))
        return list(found.values())

    def try_input(self, where: Input, size: int) -> None:
        """Type the strings one by one, and record the page's faults after each."""
        screen: Screen | None = None
        for number, (text, sign) in enumerate(strings(size)):
            if _is_lone(text):
                self.unsendable += 1
                continue
            if screen is None or screen.app.exception or number % _A_ROOM == 0 or not _widget(screen, where):
                screen = self._open(where)
            if (forged := _is_closed(_widget(screen, where))) and number % _FORGED_EVERY:
                continue
            self.times += 1
            self.forged += forged
            try:
                faults = self._forge(screen, where, text) if forged else self._type(screen, where, text, sign)
                self.lost += [f"string {number} in {where.page}, {where.key}: {fault}" for fault in faults]
            except Exception as error:
                self.lost.append(f"string {number} ({text[:40]!r}) in {where.page}, {where.key}: {_in_short(error)}")
                screen = None

    def try_parameter(self, where: Parameter, size: int) -> None:
        """Open a link with each string, and record the page's faults."""
        self._new_room()
        for number, (text, sign) in enumerate(strings(size)):
            if _is_lone(text) and where.name != "q":
                self.unsendable += 1
                continue
            self.times += 1
            try:
                faults = self._faults(self._opened(where, text), text, sign)
                self.lost += [f"string {number} in {where.page}?{where.name}=: {fault}" for fault in faults]
            except Exception as error:
                self.lost.append(f"string {number} ({text[:40]!r}) in {where.page}?{where.name}=: {_in_short(error)}")

    def _open(self, where: Input) -> Screen:
        self._new_room()
        screen = Screen(self.wire, _ROOM, where.viewer, where.page, **dict(where.link))
        return screen.click(where.click) if where.click else screen

    def _type(self, screen: Screen, where: Input, text: str, sign: str) -> list[str]:
        """Type a string, press the button that submits it, and return the faults."""
        widget = _widget(screen, where)
        self.forced[widget.id] = WidgetState(id=widget.id, string_value=text)
        try:
            screen.run()
        finally:
            self.forced.clear()
        faults = list(self._faults(screen, text, sign))
        wanted = next((button for start, button in _PRESSED.items() if where.key.startswith(start)), None)
        if button := next((key for key in sorted(screen.keys) if wanted and key.startswith(wanted)), None):
            faults += self._faults(screen.click(button), text, sign)
        return faults

    def _forge(self, screen: Screen, where: Input, text: str) -> list[str]:
        """Send a message that no browser sends; return the faults of that page and the next."""
        widget, before = _widget(screen, where), rooms().get(_ROOM).seq
        numbers = where.kind == "number_input"
        sent = {"double_value": _number(text)} if numbers else {"string_value": text}
        self.forced[widget.id] = WidgetState(id=widget.id, **sent)
        screen.app.run()
        self.forced.clear()
        self.refused += bool(screen.app.exception)
        faults = [] if rooms().get(_ROOM).seq == before else ["the room has changed"]
        Screen(self.wire, _ROOM, where.viewer, where.page, **dict(where.link))
        return faults

    def _opened(self, where: Parameter, text: str) -> Screen:
        link = {"room": _ROOM, "viewer": "sam" if where.page == "desk" else "adele@contoso"}
        if where.name == "q":
            link["q"] = _question(text)
        else:
            link[where.name] = text
        screen = Screen(self.wire, link.pop("room"), link.pop("viewer"))
        return screen.open(where.page, **link) if screen.app.main else screen

    def _faults(self, screen: Screen, text: str, sign: str) -> Iterator[str]:
        """Yield a page's faults: an active part of a string, or an overlong message."""
        for box in (*screen.app.error, *screen.app.warning):
            if len(box.value) > _LONGEST_MESSAGE:
                yield f"a message of {len(box.value):,} characters"
        for place, shown in sent_strings(self.wire) if sign else ():
            if sign in shown and not _AS_THEY_ARE.search(place) and (acts := _acting(shown, text, sign)):
                yield f"{place} has {acts!r}"

    def _new_room(self) -> None:
        rooms().close()
        self.folder.mkdir(exist_ok=True)
        for file in self.folder.glob("*"):
            file.unlink()
        shutil.copyfile(self.folder.parent / "made.duckdb", self.folder / f"{_ROOM}.duckdb")


def _widget(screen: Screen, where: Input) -> Any:
    return next((each for each in screen.app.get(where.kind) if str(each.key or each.id) == where.key), None)


def _is_closed(widget: Any) -> bool:
    """Return whether a browser allows no free text there."""
    return widget.type == "number_input" or (widget.type == "selectbox" and not widget.proto.accept_new_options)


def _is_lone(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[-500:]}"


def _acting(shown: str, text: str, sign: str) -> str:
    """Return the first place in a Markdown text where markup beside the string's sign is not escaped, or ""."""
    marks_before = set(re.findall(rf"({_MARK}){sign}", text))
    marks_after = set(re.findall(rf"{sign}({_MARK})", text)) - {"\\"}
    for found in re.finditer(sign, shown):
        before = re.search(rf"(\\*)({_MARK})\u2060?$", shown[: found.start()])
        acts_before = before and before[2] in marks_before and len(before[1]) % 2 == 0
        if acts_before or shown[found.end() : found.end() + 1] in marks_after:
            return shown[max(found.start() - 20, 0) : found.end() + 20]
    return ""


def _parameters() -> list[Parameter]:
    """Return each parameter of a link that the dashboard's code reads, with the pages to try it on."""
    read: dict[str, set[str]] = {}
    for file in _SOURCES.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        names = re.findall(r"query_params(?:\.get\(|\[)\"(\w+)\"", text.replace("given.get(", "query_params.get("))
        for name in names:
            read.setdefault(name, set()).update({file.stem} & set(TITLES))
    pages = {name: sorted(found) or ["pending"] for name, found in read.items()} | {
        "room": ["pending"],
        "viewer": ["pending"],
    }
    return [Parameter(page, name) for name, found in sorted(pages.items()) for page in found]


def _question(text: str) -> str:
    """Return the link of a question whose base and an arm are named by the string."""
    whole = [1, text, {}, [[f"{text}x", {"policy": {"approval": text}}], [text, {}]][: 1 + len(text) % 2], 100, 2, 1]
    return urlsafe_b64encode(zlib.compress(json.dumps(whole).encode(), 9)).decode().rstrip("=")


def _number(text: str) -> float:
    """Return a number as odd as the string: a browser sends only numbers from such an input."""
    odd = (float("nan"), float("inf"), float("-inf"), -1.0, 0.0, 1e308, -1e308, 5e-324, 0.1, 2.0**53 + 2, 1e15, -0.0)
    return odd[len(text) % len(odd)]


@contextmanager
def _tab(folder: Path) -> Iterator[_Tab]:
    """Give a tab on a dashboard with its rooms and policies in the folder."""
    Room.create(folder / "made.duckdb", _SCENARIO).close()
    with Room.open(folder / "made.duckdb") as room:
        for _ in range(_STEPS):
            room.next_step()
    forced: dict[str, Any] = {}
    with dashboard_in(folder) as wire, pytest.MonkeyPatch.context() as patch:
        for kind in (element_tree.TextInput, element_tree.TextArea, element_tree.NumberInput, element_tree.Selectbox):
            patch.setattr(kind, "_widget_state", property(partial(_sent, forced, kind.__dict__["_widget_state"].fget)))
        yield _Tab(wire, folder / "rooms", forced)


def _sent(forced: dict[str, Any], really: Callable[[Any], Any], widget: Any) -> Any:
    """Return the forged value of a widget, or its real one."""
    return forced.get(widget.id) or really(widget)


EXPERIMENTS = (
    Experiment(
        "Typed texts and parameters of links are shown verbatim or refused in plain words; nothing in them executes.",
        hostile_strings,
        full=200,
        short=1,
    ),
)
