"""The privacy test is worth its name only if it fails where there is a leak: so leaks are brought in, one by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from model import SOURCE_VISIBILITY, Justification, Policy, Side, Status
from tests.privacy import leaks_of_notes
from tests.privacy.histories import POLICIES, History, histories
from tests.privacy.leaks import IN_STORAGE, IN_THE_RULES, RARELY_READ, Leak
from tests.privacy.places import Place, PlainRoom, in_duckdb
from tests.privacy.twins import Watch, everything, first_difference, first_difference_by_notes, in_turn, what_is_read

pytestmark = pytest.mark.slow

SHORT_GRANTS = Policy(grant_lasts=timedelta(hours=8))  # where the lapse of what is hidden could leak, too
SHORT_HISTORY = Policy(history_days=1)  # where it could leak when a row leaves it
NOTED = Policy(justification=Justification.REQUIRED)  # where it could leak why
REMOVALS_SHOW = replace(NOTED, visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})


def first_catch(
    make: Callable[[Policy], Place],
    watch: Watch,
    many: int,
    policies: st.SearchStrategy[Policy] = POLICIES,
    difference: Callable[[History, Callable[[Policy], Place], Watch], str | None] = first_difference,
) -> str | None:
    """What gives a removal away in the first of so many histories in which anything does."""
    caught: list[str] = []

    def gives_away(history: History) -> bool:
        if history.removed and (found := difference(history, make, watch)):
            caught.append(found)
        return bool(caught)

    look = settings(
        max_examples=many,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        find(histories(policies), gives_away, settings=look)
    except NoSuchExample:
        return None
    return caught[0]


def by_name(leak: Leak) -> str:
    return leak.__name__.replace("_", " ")


def report(leak: Leak, caught: str | None, announce: Callable[[str], None]) -> None:
    announce(f"{by_name(leak)}: {caught and caught.splitlines()[0][:160]}")
    assert caught


@pytest.mark.parametrize("leak", IN_THE_RULES, ids=by_name)
def test_a_leak_in_the_rules_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """Some history ends differently for a member where access was removed; rare ones already in what is read."""
    leak(monkeypatch)
    watch = what_is_read if leak in RARELY_READ else everything
    report(leak, first_catch(PlainRoom, watch, 1000, st.just(SHORT_HISTORY)), announce)


@pytest.mark.parametrize("leak", IN_STORAGE, ids=by_name)
def test_a_leak_in_storage_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """The same where SQL or the room is what leaks."""
    leak(monkeypatch)
    report(leak, first_catch(in_duckdb, in_turn, 20, st.just(SHORT_GRANTS)), announce)


@pytest.mark.parametrize("leak", leaks_of_notes.IN_THE_RULES, ids=by_name)
def test_a_leak_of_a_note_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """In the rules, if it shows where access was removed and nowhere else."""
    leak(monkeypatch)
    report(leak, first_catch(PlainRoom, everything, 200, st.just(NOTED)), announce)


@pytest.mark.parametrize("leak", leaks_of_notes.IN_SQL, ids=by_name)
def test_a_leak_of_a_note_in_sql_is_caught(
    leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]
):
    """The same if the lens is what leaks."""
    leak(monkeypatch)
    report(leak, first_catch(in_duckdb, in_turn, 20, st.just(NOTED)), announce)


@pytest.mark.parametrize(
    ("leak", "make", "watch", "many"),
    [
        (leaks_of_notes.a_removal_that_is_seen_is_seen_with_its_note, PlainRoom, everything, 200),
        (leaks_of_notes.a_removal_that_is_seen_is_read_with_its_note, in_duckdb, in_turn, 20),
    ],
    ids=["by the plain rules", "in a real room"],
)
def test_a_note_that_is_shown_with_its_removal_is_caught(
    leak: Leak,
    make: Callable[[Policy], Place],
    watch: Watch,
    many: int,
    monkeypatch: pytest.MonkeyPatch,
    announce: Callable[[str], None],
):
    """Under a policy that shows removals, two histories that differ in the note alone tell the leak."""
    leak(monkeypatch)
    report(leak, first_catch(make, watch, many, st.just(REMOVALS_SHOW), first_difference_by_notes), announce)


@pytest.mark.parametrize(
    ("make", "watch", "many"),
    [
        pytest.param(PlainRoom, everything, 60, id="by the plain rules"),
        pytest.param(in_duckdb, in_turn, 2, id="in a real room"),
    ],
)
def test_nothing_is_caught_where_nothing_leaks(make: Callable[[Policy], Place], watch: Watch, many: int):
    """The control: the same histories, and nothing brought in."""
    assert first_catch(make, watch, many) is None
