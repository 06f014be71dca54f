"""A browser tab on the dashboard, by Streamlit's AppTest: messages, texts and clicks."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from dashboard.shell.page_list import PAGES, QUESTION, WELCOME

APP = Path(__file__).parents[2] / "app.py"
TITLES = {file: title for file, (title, _, _) in PAGES.items()} | {WELCOME: QUESTION}
OF_TENANTS = ("pending", "approved", "tickets", "audit")
OVER_TIME = ("overview", "timeline", "sql")
SENT = ("delta", "navigation", "page_info_changed")  # the others hold the session's own ids

_ADDRESS = re.compile("/changes/[-_A-Za-z0-9]{22}")
_SIDE_BAR = 1  # the first of an element's path

Wire = list[ForwardMsg]


class Screen:
    """A viewer's tab on a room; every run must succeed."""

    _components: Any = None  # AppTest would scan all packages for each new app, which takes longer than a page
    _pages: Any = None  # AppTest knows the pages' addresses only after a run
    _addresses: ClassVar[dict[str, str]] = {}  # which it then looks for among all pages

    def __init__(self, wire: Wire, room: str, viewer: str, page: str = "desk", /, **link: str) -> None:
        self.wire = wire
        self.app = AppTest.from_file(APP, default_timeout=30)
        self.app._bidi_component_manager = Screen._components
        self.app.query_params.update({"room": room, "viewer": viewer} if viewer else {"room": room})
        if Screen._pages:
            self.app._registered_pages = Screen._pages
            self.open(page, **link)
            return
        self.open("desk")  # whose address is its file's name
        Screen._components, Screen._pages = self.app._bidi_component_manager, self.app._registered_pages
        if page != "desk" and self.app.main:
            self.open(page, **link)

    def run(self) -> "Screen":
        """Run the script again."""
        self.app.run()
        assert not self.app.exception, self.app.exception[0].stack_trace
        return self

    def open(self, page: str, /, **link: str) -> "Screen":
        """Open the page by its link: omitted parameters are kept, except `request` and `ticket`."""
        for name in ("request", "ticket"):
            self.app.query_params.pop(name, None)
        self.app.query_params.update(link)
        if page not in self._addresses:
            self.app.switch_page(f"dashboard/pages/{page}.py")
            if not Screen._pages:
                return self.run()
            self._addresses[page] = self.app._page_hash
        self.app._page_hash = self._addresses[page]
        return self.run()

    def click(self, key: str) -> "Screen":
        """Click a button, which must exist and be enabled; or follow a table's link, "open" and its id."""
        if key in self.opened_by_tables:
            self.app.query_params.update(parse_qsl(self.opened_by_tables[key].removeprefix("?")))
            return self.run()
        button = self.app.button(key=key)
        assert not button.disabled, f"{key} is disabled"
        button.click()
        return self.run()

    def choose(self, key: str, option: str) -> "Screen":
        """Choose an option of a select box by its value."""
        self.app.selectbox(key=key).select(option)
        return self.run()

    @property
    def keys(self) -> set[str]:
        """The enabled buttons, and the links of tables."""
        return {button.key for button in self.app.button if button.key and not button.disabled} | {
            *self.opened_by_tables
        }

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The tables as sent to the browser: name, columns, and the cells of each row."""
        sent = (json.loads(text) for place, text in strings(self.wire) if place.endswith("bidi_component.json"))
        return [data for data in sent if "columns" in data]

    @property
    def opened_by_tables(self) -> dict[str, str]:
        """The links of table rows, by "open" and the row's id."""
        return {f"open {row['id']}": row["link"] for table in self.tables for row in table["rows"] if "link" in row}

    def column(self, label: str, table: int = 0) -> list[str]:
        """Return the texts of a table's column, from the top."""
        place = [column["label"] for column in self.tables[table]["columns"]].index(label)
        return [row["cells"][place].get("text", "") for row in self.tables[table]["rows"]]

    @property
    def title(self) -> str:
        """The page's heading, or ""."""
        return next((title.value for title in self.app.title), "")

    @property
    def said(self) -> list[str]:
        """The messages: success, info, warning, error."""
        app = self.app
        return [read(box.value) for kind in (app.success, app.info, app.warning, app.error) for box in kind]

    @property
    def text(self) -> str:
        """All text on the page and in the side bar, without Markdown escapes."""
        cells = (cell for table in self.tables for row in table["rows"] for cell in row["cells"])
        in_tables = (value for cell in cells for value in cell.values() if isinstance(value, str))
        wire = [_without_what_is_drawn(message) for message in self.wire]
        return "\n".join([*(read(text) for _, text in strings(wire)), *in_tables])

    @property
    def links(self) -> dict[str, str]:
        """The links to pages, by label, with their query strings."""
        return {read(link.proto.label): link.proto.query_string for link in self.app.main.get("page_link")}

    def sent(self, *, beside_the_frame: bool = False) -> list[bytes]:
        """Return the messages of the last run, without the random numbers of downloads."""
        wire = [each for each in self.wire if not (beside_the_frame and each.metadata.delta_path[:1] == [_SIDE_BAR])]
        return [_without_what_is_drawn(message).SerializeToString(deterministic=True) for message in wire]


def alternatives(screen: Screen) -> list[str]:
    """The text alternatives of a page's pictures; "" for a picture without one."""
    elements = [message.delta.new_element for message in screen.wire]
    charts = [each.vega_lite_chart.alt for each in elements if each.WhichOneof("type") == "vega_lite_chart"]
    lists = [each.imgs for each in elements if each.WhichOneof("type") == "imgs"]
    return charts + [image.alt for images in lists for image in images.imgs]


def _without_what_is_drawn(message: Any) -> Any:
    """Return the message without random parts: the number of a download, and the token of the tab's websocket."""
    button, component = message.delta.new_element.download_button, message.delta.new_element.bidi_component
    if not (re.fullmatch("[0-9a-f]{32}", button.deferred_file_id) or _ADDRESS.search(component.json)):
        return message
    kept = type(message).FromString(message.SerializeToString())
    element = kept.delta.new_element
    if element.WhichOneof("type") == "download_button":
        element.download_button.deferred_file_id = "drawn"
    else:
        element.bidi_component.json = _ADDRESS.sub("drawn", component.json)
    kept.hash = "drawn"
    return kept


def read(text: str) -> str:
    """Return Markdown as it reads: without the escapes and joiners that make text harmless."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text.replace("\u2060", ""))


def strings(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """Yield every string in the messages with its field path, such as "delta.new_element.markdown.body"."""
    for message in messages:
        yield from _strings(message, ())


def _strings(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Message):
        for field, held in value.ListFields():
            for one in held if field.is_repeated and not hasattr(held, "keys") else [held]:
                yield from _strings(one, (*path, field.name))
    elif isinstance(value, str):
        yield ".".join(path), value
    elif isinstance(value, bytes):
        yield ".".join(path), value.decode("latin-1")
    elif hasattr(value, "items"):
        for one in value.values():
            yield from _strings(one, path)
