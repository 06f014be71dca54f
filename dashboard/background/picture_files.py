"""Picture files, drawn by a separate program, one at a time, without blocking pages."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dashboard.picture_format import Kind

_ROOT = Path(__file__).parents[2]
_PROGRAM = "import os; os.nice(10); from dashboard.picture_format import main; main()"
_LONGEST = 60  # seconds
_one_at_a_time = threading.Lock()


def picture_file(drawn: Mapping[str, Any] | str, kind: Kind) -> bytes:
    """Return the picture of a Vega-Lite specification, or of a drawing in SVG.

    Raises RuntimeError with what the program said.
    """
    if isinstance(drawn, str) and kind == "svg":
        return drawn.encode()
    command = (sys.executable, "-c", _PROGRAM, kind)
    with _one_at_a_time:
        done = subprocess.run(
            command, input=json.dumps(drawn).encode(), capture_output=True, cwd=_ROOT, timeout=_LONGEST, check=False
        )
    if done.returncode:
        raise RuntimeError(f"the picture could not be drawn: {done.stderr.decode(errors='replace')}")
    return done.stdout
