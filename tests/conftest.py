"""How property tests behave: random at a desk, the same every time in CI. And what a run says besides its dots."""

import os
from collections.abc import Callable

import pytest
from hypothesis import Phase, settings

settings.register_profile("desk", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.register_profile(
    "mutants", settings.get_profile("ci"), max_examples=20, phases=(Phase.explicit, Phase.generate), database=None
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with something slow come first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def announce(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says a line at the end of the run, also from a worker process."""
    return lambda text: record_property("announced", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what tests announced."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    for report in reports:
        for key, text in getattr(report, "user_properties", ()):
            if key == "announced":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {text}")
