"""What a run draws is sent at once, so that a browser goes through the page once; what takes long is shown meanwhile."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard.server import at_once
from dashboard.server.at_once import sent_at_once
from tests.dashboard.conftest import Enter, Look


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a run sends."""
    found: list[Any] = []
    run = SimpleNamespace(_enqueue=found.append)
    monkeypatch.setattr(at_once, "get_script_run_ctx", lambda: run)
    return found


def draw(what: Any) -> None:
    run: Any = at_once.get_script_run_ctx()
    run._enqueue(what)


def test_what_is_drawn_is_sent_at_the_end_in_its_order(sent: list[Any]):
    with sent_at_once():
        draw("title")
        draw("table")
        assert sent == []
    assert sent == ["title", "table"]
    draw("what comes after it")
    assert sent == ["title", "table", "what comes after it"]


def test_what_was_drawn_before_a_run_failed_is_sent(sent: list[Any]):
    with pytest.raises(ZeroDivisionError), sent_at_once():
        draw("title")
        raise ZeroDivisionError
    assert sent == ["title"]


def test_what_takes_long_is_seen_meanwhile(sent: list[Any], monkeypatch: pytest.MonkeyPatch):
    """What is drawn before the long part, while it goes on; what is drawn after it, at once as well."""
    monkeypatch.setattr(at_once, "_LONGEST", 0.001)
    came = threading.Event()
    run: Any = at_once.get_script_run_ctx()
    run._enqueue = lambda what: (sent.append(what), came.set())
    with sent_at_once():
        draw("a wheel that turns")
        assert came.wait(30)
        draw("the result")
        assert sent == ["a wheel that turns", "the result"]


def test_a_page_is_sent_at_once(enter: Enter, look: Look, monkeypatch: pytest.MonkeyPatch):
    """With its frame: of both nothing has gone to the browser when the last part of the page is drawn."""
    enter("removal-stays-private", steps=2)
    gone: list[str] = []
    at_last: list[list[str]] = []
    enqueue = ForwardMsgQueue.enqueue

    def goes(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        gone.append(str(message.WhichOneof("type")))
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", goes)
    monkeypatch.setattr(at_once, "_LONGEST", 1000)
    monkeypatch.setattr("dashboard.shell.watching.remember", lambda *_: at_last.append([*gone]))
    screen = look("adele@contoso")
    gone.clear()
    screen.run()
    assert "navigation" in at_last[-1] and "delta" not in at_last[-1]
    assert "delta" in gone
