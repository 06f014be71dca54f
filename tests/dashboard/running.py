"""Let AppTest run the app like a server, without its most expensive parts."""

from functools import cache
from threading import Thread
from unittest.mock import MagicMock

import pytest
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner


def run_as_a_server_does(patch: pytest.MonkeyPatch) -> None:
    """Compile each page once, and wait for the end of a run instead of polling a thousand times a second."""
    compiled = ScriptCache()
    patch.setattr(app_test, "ScriptCache", lambda: compiled)
    patch.setattr(local_script_runner, "ScriptCache", lambda: compiled)
    patch.setattr(app_test, "MagicMock", cache(MagicMock))
    patch.setattr(local_script_runner, "require_widgets_deltas", _wait)


def _wait(runner: LocalScriptRunner, timeout: float) -> None:
    assert isinstance(runner._script_thread, Thread)
    runner._script_thread.join(timeout)
    if runner._script_thread.is_alive():
        runner.request_stop()
        runner.join()
        raise RuntimeError(f"The script took more than {timeout} s")
