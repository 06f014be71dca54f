"""The privacy test is worth its name only if it fails where there is a leak: so leaks are brought in, one by one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from model import Policy
from tests.privacy.histories import POLICIES, History, histories
from tests.privacy.leaks import IN_STORAGE, IN_THE_RULES, Leak
from tests.privacy.places import Place, PlainRoom, in_duckdb
from tests.privacy.twins import Watch, everything, first_difference, in_turn

pytestmark = pytest.mark.slow

SHORT_GRANTS = Policy(grant_lasts=timedelta(hours=8))  # where the lapse of what is hidden could leak, too
SHORT_HISTORY = Policy(history_days=1)  # where it could leak when a row leaves it


def first_catch(
    make: Callable[[Policy], Place], watch: Watch, many: int, policies: st.SearchStrategy[Policy] = POLICIES
) -> str | None:
    """What gives a removal away in the first of so many histories in which anything does."""
    caught: list[str] = []

    def gives_away(history: History) -> bool:
        if history.removed and (difference := first_difference(history, make, watch)):
            caught.append(difference)
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
    """Some history ends differently for a member where access was removed."""
    leak(monkeypatch)
    report(leak, first_catch(PlainRoom, everything, 1000, st.just(SHORT_HISTORY)), announce)


@pytest.mark.parametrize("leak", IN_STORAGE, ids=by_name)
def test_a_leak_in_storage_is_caught(leak: Leak, monkeypatch: pytest.MonkeyPatch, announce: Callable[[str], None]):
    """The same where SQL or the room is what leaks."""
    leak(monkeypatch)
    report(leak, first_catch(in_duckdb, in_turn, 20, st.just(SHORT_GRANTS)), announce)


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
