"""Policies by name: what is saved is what is read, and what is wrong with a file is said."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from data.scenario.policy_files import FOLDER, policies, policy_text, read_policy, save_policy
from model import PRESETS, SOURCE_VISIBILITY, Approval, Policy, Side, Status
from tests.worlds import POLICIES

STRICT = Policy(
    approval=Approval.EACH,
    pending_expires_after=timedelta(days=4),
    visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)},
    title='Two keys, and "a day" to look',
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Each test saves in a folder of its own."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "policies"))
    return tmp_path / "policies"


def test_a_saved_policy_is_found_by_its_name_after_the_presets():
    """With its title."""
    save_policy("strict", STRICT)
    found = policies()
    assert list(found) == [*PRESETS, "strict"]
    assert (found["strict"], found["strict"].title) == (STRICT, STRICT.title)
    assert {name: found[name] for name in PRESETS} == PRESETS


def test_without_a_folder_there_are_the_presets(folder):
    """And looking does not make one."""
    assert policies() == PRESETS
    assert not folder.exists()


def test_saving_again_takes_the_place_of_what_was_saved(folder):
    """One file a name, and nothing beside it."""
    for policy in (STRICT, Policy(history_days=9)):
        path = save_policy("mine", policy)
    assert read_policy(path) == Policy(history_days=9)
    assert list(folder.iterdir()) == [path] == [folder / "mine.toml"]


@given(policy=POLICIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_policy_is_written_and_read_back(policy, tmp_path):
    """Every setting."""
    path = save_policy("any", policy, tmp_path)
    assert read_policy(path) == policy


def test_a_file_says_what_is_not_as_in_the_source():
    """In the words of a scenario's policy table."""
    assert policy_text(STRICT).splitlines() == [
        r'title = "Two keys, and \"a day\" to look"',
        'approval = "each"',
        'pending_expires_after = "4 days"',
        'visibility = { Pending = ["resource tenant"] }',
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'titel = "Mine"', "mine.toml, line 1: titel: unknown 'titel'; did you mean 'title'?"),
        (
            b'title = "Mine"\nhistory_days = 0',
            "line 2: history_days: a whole number from 1 to 3,650 is wanted",
        ),
        (
            b'title = "Mine"\nhistory_days = 3651',
            "line 2: history_days: a whole number up to 3,650 is wanted",
        ),
        (b'title = "Mine"\n\ngrant_lasts = "0 hours"', "line 3: grant_lasts: at least 1 second is wanted, or "),
        (b'title = "Mine"\n\nvisibility = { Aproved = [] }', "line 3: visibility.Aproved: unknown 'Aproved'"),
        (b'preset = "oktta"', "mine.toml, line 1: preset: unknown 'oktta'; did you mean 'okta'?"),
        (b"title = ", "mine.toml: "),
        (b"\xff\xfe", "mine.toml: is not a text in UTF-8"),
    ],
    ids=["a typo", "too few", "too many", "no time", "a status", "a preset", "no TOML", "no text"],
)
def test_a_file_that_cannot_be_read_is_named_with_what_is_wrong(folder, content, told):
    """It stops who does not say where to tell it, and leaves the others to who does."""
    save_policy("strict", STRICT)
    (folder / "mine.toml").write_bytes(content)
    with pytest.raises(ValueError, match=r"mine\.toml"):
        policies()
    heard: list[str] = []
    assert "mine" not in (found := policies(wrong=heard.append)) and "strict" in found
    assert len(heard) == 1 and told in heard[0]


@pytest.mark.parametrize("name", ["okta", "source", "../mine", "Mine", "", "a b", "x" * 41, "mine.toml"])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(folder, name):
    """A preset keeps its name, and a name is no path."""
    with pytest.raises(ValueError, match="name: "):
        save_policy(name, STRICT)
    assert not folder.exists()


def test_a_file_with_the_name_of_a_preset_does_not_take_its_place(folder):
    """Whoever put it there is told."""
    folder.mkdir()
    (folder / "okta.toml").write_text(policy_text(STRICT), encoding="utf-8")
    heard: list[str] = []
    assert policies(wrong=heard.append) == PRESETS
    assert "'okta' is a preset" in heard[0]
