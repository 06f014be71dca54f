"""A privacy test must fail if there is a leak, so leaks are injected one by one."""

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

SHORT_GRANTS = Policy(grant_lasts=timedelta(hours=8))  # where the lapse of a hidden grant could leak, too
SHORT_HISTORY = Policy(history_days=1)  # where the time when a row leaves the history could leak
NOTED = Policy(justification=Justification.REQUIRED)  # where the reason could leak
REMOVALS_SHOW = replace(NOTED, visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)})


def first_catch(
    make: Callable[[Policy], Place],
    watch: Watch,
    many: int,
    policies: st.SearchStrategy[Policy] = POLICIES,
    difference: Callable[[History, Callable[[Policy], Place], Watch], str | None] = first_difference,
) -> str | None:
    """Return what reveals a removal in the first of so many histories that reveal one."""
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
    """Some history looks different to a member if access was removed; for rare leaks, reads suffice."""
    leak(monkeypatch)
    watch = what_is_read if leak in RARELY_READ else everything
    report(leak, first_catch(PlainRoom, watch, 1000, st.just(SHORT_HISTORY)), announce)


@pytest.mark.parametrize("leak", IN_STORAGE, ids=by_name)
def test_a_leak_in_storage_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """The same, if SQL or the room leaks."""
    leak(monkeypatch)
    report(leak, first_catch(in_duckdb, in_turn, 20, st.just(SHORT_GRANTS)), announce)


@pytest.mark.parametrize("leak", leaks_of_notes.IN_THE_RULES, ids=by_name)
def test_a_leak_of_a_note_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """The leak is in the rules, and shows only if access was removed."""
    leak(monkeypatch)
    report(leak, first_catch(PlainRoom, everything, 200, st.just(NOTED)), announce)


@pytest.mark.parametrize("leak", leaks_of_notes.IN_SQL, ids=by_name)
def test_a_leak_of_a_note_in_sql_is_caught(
    leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]
):
    """The same, if the lens leaks."""
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
    """Under a policy that shows removals, two histories that differ only in the note reveal the leak."""
    leak(monkeypatch)
    report(leak, first_catch(make, watch, many, st.just(REMOVALS_SHOW), first_difference_by_notes), announce)


@pytest.mark.parametrize(
    ("make", "watch", "many"),
    [
        pytest.param(PlainRoom, everything, 60, id="by the plain rules"),
        pytest.param(in_duckdb, in_turn, 2, id="in a real room"),
    ],
)
def test_nothing_is_caught_if_nothing_leaks(make: Callable[[Policy], Place], watch: Watch, many: int):
    """The control: the same histories without an injected leak."""
    assert first_catch(make, watch, many) is None
