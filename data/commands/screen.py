"""Print for commands: without terminal codes, also to a screen without UTF-8 or a pager that is quit."""

import codecs
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO

from data.files.shown import on_one_line

STOPPED = 130
"""The exit status after Ctrl+C, as in a shell."""
NOBODY_READS = 141
"""The exit status after the reader of a pipe exits (`| head -1`), as in a shell."""
_LONGEST_LINE = 2_000  # characters
_SPELLED = {"…": "...", "–": "-", "±": "+/-", "·": "-", "“": '"', "”": '"', "’": "'"}


def tell(text: str = "", file: TextIO | None = None) -> None:
    """Print the lines of a text, with control codes written as escapes."""
    for line in text.split("\n"):
        print(on_one_line(line, _LONGEST_LINE), file=file, flush=True)


def on_any_screen(run: Callable[[], int]) -> int:
    """Return the exit status of `run`, whatever the encoding of its output, and even if the reader exits."""
    codecs.register_error("spelled", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="spelled")
    try:
        return run()
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # or Python complains when it flushes them at exit
            os.dup2(nowhere, stream.fileno())
        return NOBODY_READS


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Spell out a character that the screen's encoding lacks, or write it as an escape."""
    assert isinstance(error, UnicodeEncodeError)
    unknown = error.object[error.start : error.end]
    return "".join(_SPELLED.get(c) or c.encode("ascii", "backslashreplace").decode() for c in unknown), error.end
