"""`python -m data prove`: a policy's guarantees, in the report and the exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from data.__main__ import main
from data.scenario.policy_files import policy_text, save_policy
from data.scenario.reader import read_scenario
from model import PRESETS, SOURCE_VISIBILITY, Approval, Policy, Side, Status
from model.checker.promise_names import DECIDABLE, promised_by

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LEAKY = Policy(visibility=SOURCE_VISIBILITY | {(Status.REVOKED, Side.SUPPORT)}, title="Removals are shown")


@pytest.fixture
def leaky(tmp_path: Path) -> str:
    return str(save_policy("leaky", LEAKY, tmp_path))


def test_without_a_file_the_policy_of_the_source_is_checked():
    """The finding is shown with its condition, and is no failure."""
    done = subprocess.run(
        [sys.executable, "-m", "data", "prove", "--small"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"source: {PRESETS['source'].title}"
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith(("  holds", "  FINDING"))] == promised_by(
        PRESETS["source"]
    )
    assert f"  FINDING  {DECIDABLE}" in lines
    text = " ".join(done.stdout.split())
    assert "Nobody can decide on r1, and it never ends by itself, where nobody administers both tenants." in text
    assert "- Carla, signed in to Contoso, tries to approve r1, and is refused" in text
    assert "Safe, under 1 condition. Every history was tried with one ticket, up to 2 access requests" in text
    assert "states of one ticket were explored, by" in text and "It took" in text


def test_a_broken_promise_is_reported_with_both_stories_and_exit_status_1(leaky: str, capsys):
    """They show what a member sees with and without the removal."""
    assert main(["prove", "--small", leaky]) == 1
    out = capsys.readouterr().out
    assert out.startswith("leaky: Removals are shown\n")
    text = " ".join(out.split())
    assert "BROKEN Removal is private The support request tenant cannot tell whether access was removed." in text
    assert "Approved access: r1 Revoked with the removal, nothing without it." in text
    assert "if Fabrikam removed access: - Carla" in text and "if Fabrikam did not remove access: - Carla" in text
    assert "Not safe: 1 of 12 promises is broken." in text
    assert "Repaired by 1 change" in text and "- the support request tenant does not see what is Revoked" in text


def test_an_untested_promise_is_reported_with_exit_status_1(tmp_path: Path, capsys):
    """Nobody can approve, so privacy of removals was never tested."""
    hidden = Policy(Approval.EACH, visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)})
    assert main(["prove", "--small", str(save_policy("dead", hidden, tmp_path))]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "BROKEN A request can be approved by somebody" in text
    assert "NOTHING Removal is private" in text and "nothing that can happen under this policy tests it" in text
    assert "Not safe: 1 of 12 promises is broken, and nothing tests 6." in text
    assert "Repaired by 1 change" in text and "- an administrator of both tenants decides" in text


def test_the_saved_stories_play(leaky: str, tmp_path: Path, capsys):
    """The check command plays them all without a failure."""
    folder = tmp_path / "stories"
    assert main(["prove", "--small", leaky, "--save", str(folder)]) == 1
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "1-leaky-every-pending-request-can-be-decided-by-somebody-or-ends-by-itself.toml",
        "1-leaky-removal-is-private-not-removed.toml",
        "1-leaky-removal-is-private-removed.toml",
    ]
    assert all(read_scenario(file).policy == LEAKY for file in files)
    assert main(["check", *map(str, files)]) == 0
    assert "3 of 3 files are as they should be" in capsys.readouterr().out


def test_a_folder_that_is_not_empty_is_left_alone(leaky: str, tmp_path: Path, capsys):
    """Nothing is written, and the error comes before the checks."""
    assert main(["prove", "--small", leaky, "--save", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert "already exists" in err and out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["leaky.toml"]


def test_every_preset_is_checked_beside_the_files(leaky: str, capsys):
    """Several policies are checked on all cores, and reported in order."""
    assert main(["prove", "--small", "--presets", leaky]) == 1
    lines = capsys.readouterr().out.splitlines()
    named = [line.partition(":")[0] for line in lines if line and not line.startswith(" ")]
    assert named == [*PRESETS, "leaky"]
    assert sum(line.startswith("  Safe") for line in lines) == len(PRESETS)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file or directory"),
        (b"history_dayz = 9\n", "odd.toml, line 1: history_dayz: unknown 'history_dayz'; did you mean 'history_days'?"),
        (b"\xff", "odd.toml: is not a text in UTF-8"),
    ],
    ids=["missing", "a typo", "no text"],
)
def test_a_file_that_cannot_be_read_is_named_and_does_not_stop_the_others(tmp_path, capsys, content, told):
    """The others are checked, and the exit status is 1."""
    if content is not None:
        (tmp_path / "odd.toml").write_bytes(content)
    (tmp_path / "fine.toml").write_text(policy_text(PRESETS["okta"]), encoding="utf-8")
    assert main(["prove", "--small", str(tmp_path / "odd.toml"), str(tmp_path / "fine.toml")]) == 1
    out, err = capsys.readouterr()
    assert "odd.toml cannot be read" in err and told in err
    assert out.startswith("fine: ") and "  Safe.\n" in out
