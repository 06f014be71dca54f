"""`python -m tests.bench` (make bench) measures what has a target, each figure beside its baseline in the same run.

Compared measurements alternate, so that other load affects both. The exit status is 0 even if a target is missed:
figures from a busy machine are worth little, and the first lines say how busy it was.
"""

import tempfile
from pathlib import Path

from tests.bench.checker import checks
from tests.bench.classroom import classroom
from tests.bench.clicks import clicks
from tests.bench.experiment import comparisons, questions, stopping
from tests.bench.first_load import first_load
from tests.bench.generated import generated
from tests.bench.imported import own_tickets
from tests.bench.measuring import noise
from tests.bench.rooms import beginnings, growth, rules
from tests.bench.simulation import engines
from tests.bench.taking_back import taking_back


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        noise()
        rules(Path(folder))
        generated()
        beginnings(Path(folder))
        growth(Path(folder))
        own_tickets(Path(folder))
        taking_back(Path(folder))
        engines()
        comparisons()
        questions()
        stopping()
        checks()
        clicks(Path(folder))
        first_load(Path(folder))
        classroom(Path(folder))


if __name__ == "__main__":
    main()
