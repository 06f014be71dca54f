"""A value that is made quickly is a frozen dataclass like any other."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import datetime

import pytest

from model import Action, Case, Event, Member, Status
from model.case import Request
from model.quick import quick

AT, ADA = datetime(2026, 1, 5), Member("ada", "north")
VALUES = [
    Event(AT, Action.OPEN, "t", ADA, tenant="north", title="One", severity="B"),
    Case("t", "north", "One", "B", True, "kim", AT, ADA),
    Request("r", "south", "Why", Status.PENDING, AT, AT, changed_by=ADA),
]


@dataclass(frozen=True, slots=True)
class Plain:
    """As the standard library makes it."""

    one: int
    two: tuple[int, ...] = ()
    three: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """The same, quickly."""

    one: int
    two: tuple[int, ...] = ()
    three: str | None = None


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_nothing_about_it_can_be_changed(value: object):
    """No field, and nothing that is no field; and its class is its own."""
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
def test_it_is_copied_compared_and_sent_like_any_other(value: object):
    """Every copy is equal, has the same hash, and cannot be changed either."""
    for other in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value)), replace(value)):
        assert other == value and hash(other) == hash(value) and type(other) is type(value)
        with pytest.raises(FrozenInstanceError):
            setattr(other, fields(value)[0].name, "x")


@pytest.mark.parametrize(
    ("positional", "named"), [((1,), {}), ((1, (2, 3)), {}), ((), {"one": 1, "three": "x"}), ((1, (), "y"), {})]
)
def test_it_is_made_of_the_same_arguments(positional: tuple, named: dict):
    """By place and by name, with the same defaults."""
    plain, made = Plain(*positional, **named), Quick(*positional, **named)
    assert [getattr(made, field.name) for field in fields(made)] == [
        getattr(plain, field.name) for field in fields(plain)
    ]
    assert repr(made) == repr(plain).replace("Plain", "Quick")
    assert inspect.signature(Quick) == inspect.signature(Plain)


@pytest.mark.parametrize(
    ("positional", "named"), [((), {}), ((1, (), "x", 4), {}), ((1,), {"four": 4}), ((1,), {"one": 1})]
)
def test_wrong_arguments_are_refused_in_the_same_words(positional: tuple, named: dict):
    """Too few, too many, unknown, twice."""
    said = []
    for made in (Plain, Quick):
        with pytest.raises(TypeError) as refused:
            made(*positional, **named)
        said.append(str(refused.value).replace("Plain", "Quick"))
    assert said[0] == said[1]
