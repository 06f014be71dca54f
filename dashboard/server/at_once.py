"""Sending what a run of a page draws at once: a browser goes through the whole page for each part that comes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

_LONGEST = 0.1  # seconds


@contextmanager
def sent_at_once() -> Iterator[None]:
    """Send what is drawn in the block when it ends; if that takes long, what is drawn until then, and the rest as ever.

    Streamlit has no setting for it: the block puts itself in the place of what sends a run's messages.
    """
    run = get_script_run_ctx()
    assert run
    send, held, changing = run._enqueue, list[ForwardMsg](), threading.Lock()

    def hold(message: ForwardMsg) -> None:
        with changing:
            if run._enqueue is hold:
                held.append(message)
            else:
                send(message)

    def let_go() -> None:
        with changing:
            try:
                while held:
                    send(held.pop(0))
            finally:  # not before: what is drawn meanwhile comes after it
                run._enqueue = send

    run._enqueue = hold
    late = threading.Timer(_LONGEST, let_go)
    late.start()
    try:
        yield
    finally:
        late.cancel()
        let_go()
