"""The project's errors can be copied and pickled; otherwise a process pool would wait for ever."""

import copy
import importlib
import pickle
import pkgutil
from types import ModuleType

import pytest

import dashboard
import data
import model
from dashboard.background.jobs.worker import CannotAnswer
from data import DamagedRoom, RoomUnavailable
from data.files.toml_reader import Misread
from model import Code, Refused

EXAMPLES = {
    Refused: lambda kind: kind(Code.NOT_FOUND, "There is no such ticket here."),
    DamagedRoom: lambda kind: kind("/rooms/a.duckdb", "the log was cut off"),
    RoomUnavailable: lambda kind: kind("/rooms/a.duckdb", "the disk is full"),
    Misread: lambda kind: kind("must be text", ("steps", 3, "say")),
}


def kinds(package: ModuleType) -> set[type[BaseException]]:
    """Return the exception classes that a package defines."""
    names = [package.__name__, *(each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))]
    modules = [
        importlib.import_module(name) for name in names if ".pages" not in name and not name.endswith("__main__")
    ]
    return {
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, BaseException) and thing.__module__ == module.__name__
    }


ALL = sorted(kinds(model) | kinds(data) | kinds(dashboard), key=lambda kind: kind.__name__)


def test_the_error_classes_are_found():
    """Otherwise the test below tests nothing."""
    assert {*EXAMPLES, CannotAnswer} <= {*ALL}


@pytest.mark.parametrize("kind", ALL)
def test_an_error_survives_copying_and_pickling(kind: type[BaseException]):
    """Its text and attributes are kept."""
    error = EXAMPLES.get(kind, lambda kind: kind("Told."))(kind)
    for again in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))
