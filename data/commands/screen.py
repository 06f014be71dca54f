"""What the commands print: free of terminal codes, and fit for a screen without UTF-8 and for a pager that is quit."""

import codecs
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO

from data.files.shown import on_one_line

STOPPED = 130
"""The exit status after Ctrl+C, as a shell has it."""
NOBODY_READS = 141
"""The exit status after the reader of a pipe went away (`| head -1`), as a shell has it."""
_LONGEST_LINE = 2_000  # characters
_SPELLED = {"…": "...", "–": "-", "±": "+/-", "·": "-", "“": '"', "”": '"', "’": "'"}


def tell(text: str = "", file: TextIO | None = None) -> None:
    """Print the lines of a text, with what a terminal would obey written as escapes."""
    for line in text.split("\n"):
        print(on_one_line(line, _LONGEST_LINE), file=file, flush=True)


def on_any_screen(run: Callable[[], int]) -> int:
    """Return the exit status of `run`, whose output may have any encoding and lose its reader."""
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
        for stream in (sys.stdout, sys.stderr):  # or Python complains when it writes what is left
            os.dup2(nowhere, stream.fileno())
        return NOBODY_READS


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Spell a character that the screen's encoding lacks, or write it as an escape."""
    assert isinstance(error, UnicodeEncodeError)
    unknown = error.object[error.start : error.end]
    return "".join(_SPELLED.get(c) or c.encode("ascii", "backslashreplace").decode() for c in unknown), error.end
