"""The commands' output to a terminal, a closed pager, and a screen without UTF-8."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.__main__ import main
from data.commands.screen import NOBODY_READS

ROOT = Path(__file__).parents[3]
SCENARIO = (ROOT / "data" / "scenarios" / "cross-tenant-approval.toml").read_text(encoding="utf-8")
POLICY = 'title = "Fine\\u001b[2K\\rhistory"\nhistory_days = 31\n'
EXPERIMENT = """
title = "Fine\\u001b[2K\\rtitle"
summary = "So\\u001b[8m is this … and \\u202e that"
tickets = 50
replications = 2
[[arms]]
name = "one"
"""
CODES = "\x1b\r\x9b\u202e\u200b"


def commands() -> list[list[str]]:
    return [
        ["check", "data/scenarios/busy-week.toml"],
        ["prove", "--small"],
        ["compare", "tests/data/commands/two_arms.toml"],
    ]


@pytest.mark.parametrize("field", ["title", "say", "key", "name of the file"])
def test_terminal_codes_in_scenarios_are_shown_and_not_executed(tmp_path, capsys, field):
    """Printed raw, they could overwrite a line that reports a failure. A text that holds them is refused."""
    text, name = SCENARIO, "mine.toml"
    if field == "title":
        text = text.replace('title = "', 'title = "\\u001b[2K\\r\\u202e\\u200b', 1)
    elif field == "say":
        text += '\n[[steps]]\nsay = "Look\\u001b[8m\\u009b8m away"\n'
    elif field == "key":
        text = '"ti\\u001b[2Ktle" = 1\n' + text
    else:
        name = "mine\x1b[2K\r.toml"
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path / name)]) == (field != "name of the file")
    printed = "".join(capsys.readouterr())
    assert not set(CODES) & set(printed)
    assert "\\x1b" in printed


@pytest.mark.slow
def test_terminal_codes_in_experiments_and_policies_are_not_executed(tmp_path, capsys):
    """Titles and summaries could have some."""
    for name, text in (("experiment", EXPERIMENT), ("policy", POLICY)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    assert main(["compare", str(tmp_path / "experiment.toml")]) == 1
    assert main(["prove", "--small", str(tmp_path / "policy.toml")]) == 1
    printed = "".join(capsys.readouterr())
    assert not set(CODES) & set(printed)
    assert printed.count("title: contains '\\x1b', an invisible character") == 2


@pytest.mark.parametrize("text", ["x = '{0}'", "title = 'x'\n{0} = 1", "title = ['{0}']", "'{0}' = 1\n'{0}' = 2"])
def test_an_error_is_short_however_long_the_wrong_value(tmp_path, capsys, text):
    """A key, a text or a list of hundreds of kilobytes is not repeated."""
    (tmp_path / "long.toml").write_text(text.format("x" * 300_000), encoding="utf-8")
    for command in ("check", "compare", "prove"):
        assert main([command, str(tmp_path / "long.toml")]) == 1
        assert len(capsys.readouterr().err) < 1000


def test_a_file_of_more_than_a_megabyte_is_refused_unread(tmp_path, capsys):
    """No file can keep the program busy."""
    (tmp_path / "huge.toml").write_text(SCENARIO + "#" * 1_000_000, encoding="utf-8")
    assert main(["check", str(tmp_path / "huge.toml")]) == 1
    assert "huge.toml: has more than 1,000,000 bytes" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("command", commands(), ids=[command[0] for command in commands()])
def test_a_pager_may_be_quit(command):
    """With `| head -1` there is no traceback, and the exit status is that of a broken pipe."""
    started = [sys.executable, "-m", "data", *command]
    with subprocess.Popen(
        started, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == NOBODY_READS
    assert not [line for line in errors.splitlines() if "% of" not in line]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
@pytest.mark.parametrize("command", commands(), ids=[command[0] for command in commands()])
def test_a_terminal_may_lack_characters(command, encoding):
    """Missing characters are escaped, and the report is complete."""
    started = [sys.executable, "-m", "data", *command]
    done = subprocess.run(
        started, cwd=ROOT, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode(encoding).splitlines()
    assert "–" not in done.stdout.decode(encoding)
