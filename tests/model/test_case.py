"""A case, an access request and an event are immutable values, compared by their fields."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import datetime

import pytest

from model import Action, Case, Event, Member, Status
from model.case import Request

AT, ADA = datetime(2026, 1, 5), Member("ada", "north")
VALUES = [
    Event(AT, Action.OPEN, "t", ADA, tenant="north", title="One", severity="B"),
    Case("t", "north", "One", "B", True, "kim", AT, ADA),
    Request("r", "south", "Why", Status.PENDING, AT, AT, changed_by=ADA),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_immutable(value: object):
    """No attribute can be set, changed or deleted, and its class is exactly its own."""
    before = repr(value)
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
        with pytest.raises(FrozenInstanceError):
            delattr(value, field.name)
    with pytest.raises((FrozenInstanceError, TypeError)):
        setattr(value, "more", 1)  # noqa: B010
    assert repr(value) == before
    assert type(value) in (Event, Case, Request)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_can_be_copied_compared_and_pickled(value: object):
    """Every copy is equal, has the same hash and is immutable, too."""
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value)), replace(value)):
        assert other == value and hash(other) == hash(value) and type(other) is type(value)
        with pytest.raises(FrozenInstanceError):
            setattr(other, fields(value)[0].name, "x")


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_takes_the_same_arguments_by_position_and_by_name(value: object):
    """Too few, too many, unknown and repeated arguments are refused."""
    kind, given = type(value), {field.name: getattr(value, field.name) for field in fields(value)}
    assert kind(*given.values()) == kind(**given) == value
    first = next(iter(given))
    for positional, named in (((), {}), ((*given.values(), 1), {}), ((), given | {"more": 1}), ((1,), {first: 1})):
        with pytest.raises(TypeError):
            kind(*positional, **named)


@pytest.mark.parametrize("advanced", [True, False])
def test_read_access_ends_with_the_ticket(advanced: bool):
    """Its own tenant needs advanced diagnostics, another an approved request; a closed ticket allows nothing."""
    made = Request("r", "south", "Why", Status.APPROVED, AT, AT)
    case = Case("t", "north", "One", "B", advanced, "kim", AT, ADA, requests=(made,))
    assert [case.may_be_read(tenant) for tenant in ("north", "south", "west")] == [advanced, True, False]
    closed = replace(case, closed_at=AT, closed_by=ADA)
    assert [closed.may_be_read(tenant) for tenant in ("north", "south", "west")] == [False, False, False]
    waits = replace(case, requests=(replace(made, status=Status.PENDING),))
    assert not waits.may_be_read("south")
