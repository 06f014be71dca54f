"""A run is sent as one batch, so that a browser walks through the page once; a slow page appears bit by bit."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard.server import batched
from dashboard.server.batched import batched_messages
from tests.dashboard.conftest import Enter, Look

RUN = SimpleNamespace()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a run sends."""
    found: list[Any] = []
    RUN._enqueue = found.append
    monkeypatch.setattr(batched, "get_script_run_ctx", lambda: RUN)
    return found


def draw(what: Any) -> None:
    RUN._enqueue(what)


def draw_and_fail() -> None:
    with batched_messages():
        draw("title")
        raise ZeroDivisionError


def test_what_is_drawn_is_sent_at_the_end_in_its_order(sent: list[Any]):
    with batched_messages():
        draw("title")
        draw("table")
        assert sent == []
    assert sent == ["title", "table"]
    draw("what comes after it")
    assert sent == ["title", "table", "what comes after it"]


def test_what_was_drawn_before_a_run_failed_is_sent(sent: list[Any]):
    with pytest.raises(ZeroDivisionError):
        draw_and_fail()
    assert sent == ["title"]


def test_what_takes_long_is_seen_meanwhile(sent: list[Any], monkeypatch: pytest.MonkeyPatch):
    """What is drawn before the long part, while it goes on; what is drawn after it, at once as well."""
    monkeypatch.setattr(batched, "_LONGEST", 0.001)
    came = threading.Event()
    RUN._enqueue = lambda what: (sent.append(what), came.set())
    with batched_messages():
        draw("a wheel that turns")
        assert came.wait(30)
        draw("the result")
        assert sent == ["a wheel that turns", "the result"]


def test_what_is_drawn_while_the_first_part_is_sent_comes_after_it(sent: list[Any], monkeypatch: pytest.MonkeyPatch):
    """Another thread sends what took long, and waits in the midst of it: the run goes on, and its next part waits."""
    monkeypatch.setattr(batched, "_LONGEST", 0.001)
    begun, drawn = threading.Event(), threading.Event()

    def send(what: str) -> None:
        sent.append(what)
        if what == "title":
            begun.set()
            drawn.wait(0.2)

    RUN._enqueue = send
    with batched_messages():
        draw("title")
        draw("table")
        assert begun.wait(30)
        draw("what comes next")
        drawn.set()
    assert sent == ["title", "table", "what comes next"]


def test_a_page_is_sent_as_one_batch(enter: Enter, look: Look, monkeypatch: pytest.MonkeyPatch):
    """With its frame: of both nothing has gone to the browser when the last part of the page is drawn."""
    enter("removal-stays-private", steps=2)
    gone: list[str] = []
    at_last: list[list[str]] = []
    enqueue = ForwardMsgQueue.enqueue

    def goes(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        gone.append(str(message.WhichOneof("type")))
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", goes)
    monkeypatch.setattr(batched, "_LONGEST", 1000)
    monkeypatch.setattr("dashboard.shell.watching.remember", lambda *_: at_last.append([*gone]))
    screen = look("adele@contoso")
    gone.clear()
    screen.run()
    assert "navigation" in at_last[-1] and "delta" not in at_last[-1]
    assert "delta" in gone
