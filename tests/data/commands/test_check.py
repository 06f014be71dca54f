"""`python -m data check` and its report on a file."""

import subprocess
import sys
from pathlib import Path

import pytest

from data.__main__ import main

ROOT = Path(__file__).parents[3]
RIGHT = (ROOT / "data" / "scenarios" / "cross-tenant-approval.toml").read_text(encoding="utf-8")
NEWLINE = "\n"
WRONG = RIGHT.replace('fabrikam = { r1 = "Approved" }', 'fabrikam = { r1 = "Rejected" }').replace(
    "access = { contoso = true, fabrikam = true }", "access = { contoso = true, fabrikam = false }"
)


@pytest.fixture
def write(tmp_path: Path):
    def write(name: str, content: str | bytes) -> str:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(tmp_path / name)

    return write


@pytest.mark.slow
def test_the_exit_status_is_1_if_an_expectation_fails(write):
    """Continuous integration relies on it."""
    command = [sys.executable, "-m", "data", "check", write("wrong.toml", WRONG)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 1


def test_a_failed_expectation_is_named_with_its_step(write, capsys):
    """The report has the step's number, actor and act, and each difference from what was expected."""
    assert main(["check", write("wrong.toml", WRONG)]) == 1
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0].endswith("wrong.toml: Cross-tenant approval: 8 steps, 1 failed")
    failed = lines.index("FAILED  step  3  adele@fabrikam: approve r1")
    assert lines[failed + 1 : failed + 3] == [
        "in fabrikam, r1 should be Rejected, but is Approved",
        "the engineer should not be able to read fabrikam, but can",
    ]
    assert sum(line.startswith("ok") for line in lines) == 7


def test_an_unexpected_refusal_is_reported_with_its_sentence(write, capsys):
    """The author need not guess the reason."""
    assert main(["check", write("wrong.toml", RIGHT.replace('refused = "already-requested"\n', ""))]) == 1
    assert (
        "the step should be carried out, but was refused with already-requested "
        "(Access to this tenant was already requested for this support request.)"
    ) in capsys.readouterr().out


def test_a_missing_refusal_is_a_failure(write, capsys):
    """A scenario that shows a refusal is wrong if the act is carried out."""
    text = RIGHT.replace('do = "approve"', 'do = "approve"\nrefused = "no-permission"')
    assert main(["check", write("wrong.toml", text)]) == 1
    assert "the step should be refused with no-permission, but was carried out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file or directory"),
        (
            RIGHT.replace("title =", "titel =", 1),
            "unreadable.toml, line 1: titel: unknown 'titel'; did you mean 'title'?",
        ),
        (RIGHT.replace("[tenants]", "[tenants", 1), f"line {RIGHT[: RIGHT.index('[tenants]')].count(NEWLINE) + 1}"),
        (b"\xff\xfe\x00", "unreadable.toml: is not a text in UTF-8"),
        ("x = " + 5000 * "[", "unreadable.toml: "),
    ],
    ids=["missing", "a typo", "no TOML", "no text", "too deep"],
)
def test_a_file_that_cannot_be_read_is_named_and_does_not_stop_the_others(write, capsys, tmp_path, content, told):
    """The others are played, and the exit status is 1."""
    if content is not None:
        write("unreadable.toml", content)
    assert main(["check", str(tmp_path / "unreadable.toml"), write("right.toml", RIGHT)]) == 1
    out, err = capsys.readouterr()
    assert "unreadable.toml cannot be read" in err and told in err
    assert "right.toml: Cross-tenant approval: 8 steps, all as expected" in out
    assert "1 of 2 files are as they should be" in out


def test_a_folder_is_no_scenario(tmp_path, capsys):
    """It is reported like any other unreadable file."""
    assert main(["check", str(tmp_path)]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_file_may_begin_with_a_byte_order_mark(write, capsys):
    """Some editors write one."""
    assert main(["check", write("marked.toml", b"\xef\xbb\xbf" + RIGHT.encode())]) == 0


def test_a_step_in_which_nobody_acts_is_named_by_its_narration(write, capsys):
    """Otherwise it is named by the length of its wait."""
    text = f'{RIGHT}\n[[steps]]\nsay = "That is all."\n\n[[steps]]\nwait = "36 hours"\n'
    assert main(["check", write("longer.toml", text)]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  ok      step  9  That is all.",
        "  ok      step 10  wait 36 hours",
    ]
