"""A setting is declared once: an imaginary one of each kind is read, written, linked, worded, compared and edited."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text.policy_link import policy_code, policy_of
from dashboard.text.words import policy_in_words
from data.scenario.policy_files import policy_text, read_policy
from data.scenario.policy_format import policy_from, policy_table
from data.scenario.policy_words import differences
from data.simulation.arms import arms_of
from model import PRESETS, SETTINGS, SOURCE_VISIBILITY, Policy, Side, Status
from model.settings import Choice, Duration, Flag, VisibilityTable, Whole, setting, settings_of

MADE_BY_KIND = [
    *(f"data/{name}.py" for name in ("scenario/policy_format", "scenario/policy_files", "scenario/writer")),
    "data/simulation/arms.py",
    *(f"dashboard/{name}.py" for name in ("parts/policy/policy_editor", "text/policy_link")),
    "data/scenario/policy_words.py",
    *("dashboard/pages/other_systems.py", "dashboard/pages/policy.py"),
]


class Colour(StrEnum):
    """An imaginary choice."""

    RED = "dark red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Wider(Policy):
    """A policy with one more setting of each kind."""

    colour: Colour = setting(
        Colour.RED,
        Choice(Colour, {Colour.RED: "it is red", Colour.BLUE: "it is blue"}),
        label="Colour",
        source="None.",
        clause="{colour}",
    )
    patience: timedelta | None = setting(
        None, Duration("endless", "has no end", "ends {} later"), label="Patience", source="", clause="it {patience}"
    )
    size: int = setting(3, Whole(2, 9), label="Size", source="", clause="of size {size}", beside=True)
    loud: bool = setting(False, Flag("it is loud", "it is quiet"), label="Loud", source="", clause="{loud}")
    heard: frozenset[tuple[Status, Side]] = setting(SOURCE_VISIBILITY, VisibilityTable(), label="Heard", source="")


CHANGED = {
    "colour": Colour.BLUE,
    "patience": timedelta(hours=36),
    "size": 9,
    "loud": True,
    "heard": SOURCE_VISIBILITY - {(Status.PENDING, Side.RESOURCE)},
}


@pytest.fixture(autouse=True)
def wider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wider]:
    """Declare the imaginary settings, and return the source's policy with them."""
    for name, declared in settings_of(Wider).items():
        monkeypatch.setitem(SETTINGS, name, declared)
    monkeypatch.setitem(PRESETS, "source", Wider())
    yield Wider()
    monkeypatch.undo()


@pytest.mark.parametrize("name", CHANGED)
def test_a_new_setting_is_read_written_linked_and_compared(name: str, wider: Wider, tmp_path: Path):
    """Its declaration is enough."""
    changed = replace(wider, **{name: CHANGED[name]})
    assert changed != wider
    assert policy_from(policy_table(changed)) == changed
    file = tmp_path / "wider.toml"
    file.write_text(policy_text(changed))
    assert name in file.read_text() and read_policy(file) == changed
    assert policy_code(changed).startswith(f"{name}.") and policy_of(policy_code(changed)) == changed
    arms = arms_of({"a": {"policy": {name: policy_table(changed)[name]}}}, {"policy": wider})
    assert [arm.policy for arm in arms] == [changed]


def test_a_new_setting_is_put_in_words(wider: Wider):
    """Its declaration has the clauses; cells of a table are listed one by one."""
    changed = replace(wider, **CHANGED)
    told = ["it is blue", "it ends 36 hours later", "of size 9", "it is loud"]
    assert [clause for clause, _ in differences(changed)] == [
        *told,
        "the resource tenant does not see what is Pending",
    ]
    assert all(clause in policy_in_words(changed) for clause in told)
    assert policy_in_words(wider).endswith("it is red; it has no end; of size 3; it is quiet")


@pytest.mark.parametrize(
    ("name", "value"),
    [("colour", "green"), ("patience", timedelta(0)), ("size", 10), ("heard", {("Pending", "nobody")})],
)
def test_an_impossible_value_of_a_new_setting_is_refused(name: str, value: object):
    """Its kind checks the value."""
    with pytest.raises(ValueError, match=r"\d|not"):
        Wider(**{name: value})


def test_a_new_setting_is_edited(wider: Wider):
    """Its kind has a widget."""

    def script() -> None:
        import streamlit as st

        from dashboard.parts.policy import policy_editor
        from model import PRESETS

        policy = st.session_state.get("policy", PRESETS["source"])
        policy_editor.edit(policy, "it", lambda changed: st.session_state.update(policy=changed))

    app = AppTest.from_function(script).run()
    app.selectbox(key="it colour").set_value("blue").run()
    app.selectbox(key="it patience").options.append("36 hours")
    app.selectbox(key="it patience").set_value("36 hours").run()
    app.number_input(key="it size").set_value(9).run()
    app.checkbox(key="it loud").set_value(True).run()
    app.checkbox(key="it heard Pending resource tenant").set_value(False).run()
    assert not app.exception
    assert app.session_state["policy"] == replace(wider, **CHANGED)


@pytest.mark.parametrize("file", MADE_BY_KIND)
def test_no_setting_is_named_where_its_kind_is_enough(file: str):
    """A new setting in `model/policy.py` needs no change in these files."""
    names = [it.name for it in fields(Policy) if it.name in SETTINGS]
    code = (Path(__file__).parents[2] / file).read_text()
    code = re.sub(r'""".*?"""', "", code, flags=re.DOTALL)
    assert [name for name in names if re.search(rf"\b{name}\b", code)] == []
