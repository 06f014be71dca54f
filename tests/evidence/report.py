"""EVIDENCE.md: a table of attempts and losses, the figures behind it, and what is not promised."""

import os
import platform
from collections.abc import Iterable, Sequence

import duckdb

from tests.evidence.experiment import Experiment, Finding, NotPromised, some

_HEAD = """# The project's promises, and the attempts to break them

`make evidence` writes this file. Seeds are fixed, but the moments of kills and the interleaving of threads vary by
machine. A shorter version of each experiment runs in `make test` (`tests/evidence`).
"""


def report(
    results: Iterable[tuple[Experiment, Finding | str]], not_promised: Sequence[NotPromised], part: int = 1
) -> str:
    """Return the report. A text in place of a finding says what the machine lacked for the experiment.

    `part`: 10 if a tenth of the full size was run.
    """
    rows, below = [], []
    for experiment, found in results:
        if isinstance(found, str):
            rows.append((experiment.promise, f"Not tried: {found}", "0", "unknown"))
            continue
        lost = f"**{len(found.lost):,}**, see below" if found.lost else "nothing"
        rows.append((experiment.promise, found.tried, f"{found.times:,}", lost))
        parts = [found.details.strip(), f"```\n{some(found.lost)}\n```" if found.lost else ""]
        if any(parts):
            below.append("\n\n".join([f"### {experiment.name.capitalize()}", *filter(None, parts)]))
    return (
        "\n\n".join(
            [
                _HEAD.strip(),
                f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, {platform.system()}, "
                f"{os.cpu_count()} cores."
                + (f" **One part in {part} of the full size was run; `make evidence` runs all.**" if part > 1 else ""),
                _table(("Promise", "What was tried", "How often", "What was lost"), rows),
                *(["## Figures", *below] if below else []),
                "## What is not promised",
                _table(("What", "Why"), [(each.what, each.why) for each in not_promised]),
            ]
        )
        + "\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
