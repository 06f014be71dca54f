"""Policies by name are saved and read back, and errors in files are explained."""

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
    """Give each test its own folder of saved policies."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "policies"))
    return tmp_path / "policies"


def test_a_saved_policy_is_found_by_its_name_after_the_presets():
    """It has its title."""
    save_policy("strict", STRICT)
    found = policies()
    assert list(found) == [*PRESETS, "strict"]
    assert (found["strict"], found["strict"].title) == (STRICT, STRICT.title)
    assert {name: found[name] for name in PRESETS} == PRESETS


def test_without_a_folder_there_are_the_presets(folder):
    """Listing does not create the folder."""
    assert policies() == PRESETS
    assert not folder.exists()


def test_saving_again_replaces_the_saved_policy(folder):
    """There is one file per name, and nothing else."""
    for policy in (STRICT, Policy(history_days=9)):
        path = save_policy("mine", policy)
    assert read_policy(path) == Policy(history_days=9)
    assert list(folder.iterdir()) == [path] == [folder / "mine.toml"]


@given(policy=POLICIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_policy_is_written_and_read_back(policy, tmp_path):
    """Every setting is tried."""
    path = save_policy("any", policy, tmp_path)
    assert read_policy(path) == policy


def test_a_file_has_only_what_differs_from_the_source():
    """It uses the words of a scenario's policy table."""
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
            "line 2: history_days: must be a whole number from 1 to 3,650",
        ),
        (
            b'title = "Mine"\nhistory_days = 3651',
            "line 2: history_days: must be a whole number up to 3,650",
        ),
        (b'title = "Mine"\n\ngrant_lasts = "0 hours"', "line 3: grant_lasts: must be at least 1 second, or "),
        (b'title = "Mine"\n\nvisibility = { Aproved = [] }', "line 3: visibility.Aproved: unknown 'Aproved'"),
        (b'preset = "oktta"', "mine.toml, line 1: preset: unknown 'oktta'; did you mean 'okta'?"),
        (b"title = ", "mine.toml: "),
        (b"\xff\xfe", "mine.toml: is not a text in UTF-8"),
    ],
    ids=["a typo", "too few", "too many", "no time", "a status", "a preset", "no TOML", "no text"],
)
def test_an_unreadable_file_is_reported_with_its_error(folder, content, told):
    """Without a callback for errors it raises; with one, the other files are returned."""
    save_policy("strict", STRICT)
    (folder / "mine.toml").write_bytes(content)
    with pytest.raises(ValueError, match=r"mine\.toml"):
        policies()
    heard: list[str] = []
    assert "mine" not in (found := policies(wrong=heard.append)) and "strict" in found
    assert len(heard) == 1 and told in heard[0]


@pytest.mark.parametrize("name", ["okta", "source", "../mine", "Mine", "", "a b", "x" * 41, "mine.toml"])
def test_an_invalid_name_is_refused_and_nothing_is_written(folder, name):
    """Names of presets and paths are refused."""
    with pytest.raises(ValueError, match="name: "):
        save_policy(name, STRICT)
    assert not folder.exists()


def test_a_file_with_a_presets_name_does_not_replace_it(folder):
    """The file is reported."""
    folder.mkdir()
    (folder / "okta.toml").write_text(policy_text(STRICT), encoding="utf-8")
    heard: list[str] = []
    assert policies(wrong=heard.append) == PRESETS
    assert "'okta' is a preset" in heard[0]
