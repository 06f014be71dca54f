"""What is done once for the whole process when everything is imported."""

import atexit
import gc
import sys
from functools import cache


@cache
def settle() -> None:
    """Take two costs off every run of a page; both grow with what is imported and with what goes on."""
    gc.collect()
    gc.freeze()  # what the imports left is for good: out of the collection that Streamlit makes after each run
    atexit.register(gc.unfreeze)  # or the interpreter could not free DuckDB's objects, and would say so at length
    sys.setswitchinterval(0.0005)  # after each query a page waits for its turn: not for 5 ms
