"""The bounds that every part keeps: of time, and of size: what a machine with a few GiB of memory holds."""

from datetime import datetime, timedelta

LONGEST_DURATION = timedelta(days=3650)
"""No duration is longer: a limit of a policy, a wait in a story, a delay in a simulation, a move of a room's clock."""
EPOCH = datetime(1970, 1, 1)
"""The moment (naive UTC) from which columns count seconds."""
EARLIEST = EPOCH
"""Simulated time begins no earlier."""
LATEST = datetime(2200, 1, 1)
"""Simulated time ends before this moment."""

MOST_TENANTS = 5_000
"""The most tenants that are generated for a room."""
MOST_TICKETS_IN_A_ROOM = 500_000
"""The most tickets that a room is made with. These, with the most tenants, take 1.6 GiB while it is made."""
MOST_ROWS_IMPORTED = 2_000_000
"""The most rows of tickets that a room is made of: a million take some 5 GB while it is made."""
MOST_TICKETS = 10_000_000
"""The most tickets of a simulation, or of an arm in a replication, whose arms together may have twice as many.

A caller in Python may ask for more. A ticket takes some 125 bytes when simulated alone; under two arms, in two threads,
some 400 in all: 4 GB.
"""
MOST_TICKETS_WITH_EVENTS = 2_000_000
"""The most tickets of a replication whose events are kept: in two threads a ticket takes some 1,600 bytes, so 3 GB."""
MOST_REPLICATIONS = 10_000
"""The most replications of an experiment."""
MOST_RUNS = 100_000
"""The most runs, replications times arms: the figures and curves of one take some 6 kB."""
MOST_DAYS_OF_RUNS = 100_000_000
"""The most days of all runs together: live grants are kept for each, which takes 8 bytes and as much for the result."""
