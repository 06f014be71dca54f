"""Send the messages of a page's run as one batch: a browser walks through the whole page for each part that arrives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

_LONGEST = 0.1  # seconds


@contextmanager
def batched_messages() -> Iterator[None]:
    """Hold the messages of the block back and send them when it ends.

    If the block takes longer than 0.1 s, they are sent then, and later ones at once, so that a slow page appears bit by
    bit. Streamlit has no setting for this: the block replaces the function that sends a run's messages.
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

    def release() -> None:
        with changing:
            try:
                while held:
                    send(held.pop(0))
            finally:  # only now, so that a message drawn meanwhile comes after these
                run._enqueue = send

    run._enqueue = hold
    late = threading.Timer(_LONGEST, release)
    late.start()
    try:
        yield
    finally:
        late.cancel()
        release()
