"""The examples that `help()` shows."""

import doctest
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import data
import model
from data import Room, compare, experiments, scenarios, simulate
from model.checker import check

PUBLIC: tuple[Callable[..., Any], ...] = (
    Room,
    Room.create,
    Room.open,
    Room.do,
    Room.advance,
    Room.next_step,
    Room.play,
    Room.as_seen_by,
    Room.events,
    Room.snapshot,
    Room.rewind,
    Room.acts,
    Room.undo,
    Room.redo,
    Room.verify,
    simulate,
    compare,
    check,
    scenarios,
    experiments,
)


@pytest.mark.parametrize("public", PUBLIC, ids=lambda public: public.__qualname__)
def test_every_public_function_has_an_example_that_runs(public: Callable[..., Any], tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = {name: getattr(module, name) for module in (data, model) for name in module.__all__}
    examples = doctest.DocTestParser().get_doctest(
        public.__doc__ or "", known | {"timedelta": timedelta}, public.__qualname__, None, None
    )
    assert examples.examples, f"{public.__qualname__} has no example"
    failures: list[str] = []
    doctest.DocTestRunner().run(examples, out=failures.append)
    assert not failures, "".join(failures)
