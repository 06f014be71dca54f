"""One-time tuning of the process after all imports."""

import atexit
import gc
import sys
from functools import cache


@cache
def settle() -> None:
    """Remove two costs from every run of a page, which grow with the imports and with the load."""
    gc.collect()
    gc.freeze()  # imported objects are permanent: exclude them from the collection after each of Streamlit's runs
    atexit.register(gc.unfreeze)  # else DuckDB's objects could not be freed, with long warnings
    sys.setswitchinterval(0.0005)  # after each query a page waits for its turn: make that shorter than 5 ms
