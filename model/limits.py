"""Limits on time and size for every part, for a machine with a few GiB of memory."""

from datetime import datetime, timedelta

LONGEST_DURATION = timedelta(days=3650)
"""The longest limit of a policy, wait in a story, delay in a simulation, and move of a room's clock."""
EPOCH = datetime(1970, 1, 1)
"""The moment (naive UTC) from which columns count seconds."""
EARLIEST = EPOCH
"""Simulated time begins no earlier than this."""
LATEST = datetime(2200, 1, 1)
"""Simulated time ends before this moment."""

MOST_TENANTS = 5_000
"""The most tenants that are generated for a room."""
MOST_TICKETS_IN_A_ROOM = 500_000
"""The most tickets that a room is created with. With the most tenants, creating it takes 1.6 GiB."""
MOST_ROWS_IMPORTED = 2_000_000
"""The most rows of tickets that can be imported. A million take some 5 GB during the import."""
MOST_TICKETS = 10_000_000
"""The most tickets of a simulation, or of one arm of a replication; all its arms together may have twice as many.

A caller in Python may ask for more. A ticket takes some 125 bytes in a single simulation, and some 400 bytes under two
arms in two threads: 4 GB.
"""
MOST_TICKETS_WITH_EVENTS = 2_000_000
"""The most tickets of a replication whose events are kept. In two threads a ticket takes some 1,600 bytes: 3 GB."""
MOST_REPLICATIONS = 10_000
"""The most replications of an experiment."""
MOST_RUNS = 100_000
"""The most runs (replications times arms). The figures and curves of one take some 6 kB."""
MOST_DAYS_OF_RUNS = 100_000_000
"""The most simulated days of all runs together. Live grants by day take 8 bytes a day, and as much in the result."""
