"""The bounds of time that every part keeps: the longest duration, the epoch of all columns, and the dates covered."""

from datetime import datetime, timedelta

LONGEST_DURATION = timedelta(days=3650)
"""No duration is longer: a limit of a policy, a wait in a story, a delay in a simulation, a move of a room's clock."""
EPOCH = datetime(1970, 1, 1)
"""The moment (naive UTC) from which columns count seconds."""
EARLIEST = EPOCH
"""Simulated time begins no earlier."""
LATEST = datetime(2200, 1, 1)
"""Simulated time ends before this moment."""
