"""Seeded faults in rules, visibility, lens, store, files and dashboard: each is caught by a named detector."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.checker.catchers import CATCHERS, Catcher, broken, caught
from tests.checker.catchers_of_files import CATCHERS_OF_FILES
from tests.checker.catchers_of_leaks import CATCHERS_OF_LEAKS
from tests.checker.catchers_of_links import CATCHERS_OF_LINKS
from tests.checker.catchers_of_pages import CATCHERS_OF_PAGES
from tests.checker.faults import CHANNELS, KNOWN_LEAKS, Fault
from tests.checker.faults_in_dashboard import IN_DASHBOARD
from tests.checker.faults_in_files import IN_FILES
from tests.checker.faults_in_lens import IN_LENS
from tests.checker.faults_in_notes import IN_NOTES
from tests.checker.faults_in_rules import IN_RULES
from tests.checker.faults_in_store import IN_STORE
from tests.checker.faults_in_visibility import IN_VISIBILITY

pytestmark = pytest.mark.slow

ALL_CATCHERS = (*CATCHERS, *CATCHERS_OF_LEAKS, *CATCHERS_OF_FILES, *CATCHERS_OF_LINKS, *CATCHERS_OF_PAGES)
FAULTS = (*IN_RULES, *IN_VISIBILITY, *IN_LENS, *IN_NOTES, *IN_STORE, *IN_FILES, *IN_DASHBOARD, *KNOWN_LEAKS)
broken_without_a_fault = cache(broken)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_caught(
    fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, announce: Callable[[str], None]
):
    """The promise or comparison that must catch it does."""
    if isinstance(fault.by, str):
        before = broken_without_a_fault(fault.policy, fault.bounds)
        fault.switch(monkeypatch)
        promises = dict(broken(fault.policy, fault.bounds) - before)
        announce(f"{fault}: caught by {', '.join(sorted(promises)) or 'NOTHING'}")
        assert fault.by in promises
    else:
        fault.switch(monkeypatch)
        found = caught(lambda: fault.by(tmp_path))
        says = " ".join((found or "NOTHING").split())
        announce(f"{fault}: caught by {fault.by.__name__.replace('_', ' ')}: {says[:110]}")
        assert found


@pytest.mark.parametrize("catcher", ALL_CATCHERS, ids=lambda catcher: catcher.__name__.replace("_", " "))
def test_without_a_fault_nothing_is_caught(catcher: Catcher, tmp_path: Path):
    """The control: a detector that always reports something would catch every fault."""
    assert catcher(tmp_path) is None


def test_there_are_a_hundred_and_forty_faults_and_one_for_each_side_channel(announce: Callable[[str], None]):
    """Also counted is how many each detector catches."""
    assert len({fault.switch for fault in FAULTS}) == len(FAULTS) >= 140
    assert {fault.channel for fault in FAULTS} - {""} == set(CHANNELS)
    by = Counter(fault.by if isinstance(fault.by, str) else fault.by.__name__.replace("_", " ") for fault in FAULTS)
    announce(f"{len(FAULTS)} faults: " + ", ".join(f"{what} {times}" for what, times in by.most_common()))


def test_a_fault_is_undone_after_its_test():
    """No fault leaks into the next test."""
    for policy, bounds in {(fault.policy, fault.bounds) for fault in FAULTS}:
        assert broken(policy, bounds) == broken_without_a_fault(policy, bounds)
