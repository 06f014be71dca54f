"""`python -m data compare`: its report and the files it writes."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from data import Experiment
from data.__main__ import main
from data.files.csv_and_parquet import csv_bytes
from data.lens.figures import UNITS
from data.simulation.decision.ranges import PLAUSIBLE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NAME = '=HYPERLINK("x")'
TEXT = f"""
title = "Two keys?"
summary = "One key or two."
tickets = 150
replications = 8

[[arms]]
name = "one"

[[arms]]
name = '{NAME}'
policy = {{ approval = "each" }}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "two-keys.toml").write_text(TEXT, encoding="utf-8")
    return str(tmp_path / "two-keys.toml")


def test_the_process_prints_the_table_and_its_progress(file):
    """The table has every figure with each arm's mean, interval and difference; progress goes to stderr only."""
    command = [sys.executable, "-m", "data", "compare", file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "100 % of 16 runs"
    lines = done.stdout.splitlines()
    assert lines[0] == "Two keys?"
    assert any(line.startswith("150 tickets in each of 2 arms, 8 times over; seed 1.") for line in lines)
    headings = [line for line in lines if re.sub(r" \((hours|grants|AUC)\)$", "", line) in UNITS]
    assert len(headings) == len(UNITS)
    found = Experiment.read(file).run()
    share = lines.index("share that nobody could decide")
    mean = found.metrics.set_index(["arm", "metric"])["mean"]["one", "share that nobody could decide"]
    assert lines[share + 1].split()[:3] == ["one", f"{100 * mean:.2f}", "%"]
    assert lines[share + 2].startswith(f"  {NAME}") and lines[share + 2].endswith("less")
    assert f"-{100 * mean:.2f} points" in lines[share + 2]


def test_tables_and_events_are_written_to_the_given_folders(file, tmp_path, capsys):
    """The CSV starts no formula in a spreadsheet, and otherwise equals the Parquet, which keeps names unchanged."""
    folders = [tmp_path / name for name in ("csv", "parquet", "events")]
    assert main(["compare", file, *(f"--{folder.name}={folder}" for folder in folders)]) == 0
    assert [f"written: {folder}" for folder in folders] == capsys.readouterr().out.splitlines()[-3:]
    found = Experiment.read(file).run()
    for name, frame in found.tables.items():
        pd.testing.assert_frame_equal(pd.read_parquet(folders[1] / f"{name}.parquet"), frame, check_dtype=False)
        written = (folders[0] / f"{name}.csv").read_bytes()
        text = written.decode("utf-8-sig")
        assert written == csv_bytes(frame) and f"'{NAME[:5]}" in text
        assert not any(line.startswith(("=", '"=')) for line in text.splitlines())
        read = pd.read_csv(folders[0] / f"{name}.csv")
        numbers = frame.select_dtypes("float").columns
        pd.testing.assert_frame_equal(read[numbers], frame[numbers])
    assert len(list(folders[2].glob("arm=*/replication=*/events.parquet"))) == 16
    assert sorted(path.name for path in tmp_path.iterdir()) == ["csv", "events", "parquet", "two-keys.toml"]


def test_a_sensitivity_analysis_follows_the_comparison_if_the_file_asks_for_it(file, tmp_path, capsys):
    """It covers the assumptions that the file lists."""
    alone = ", ".join(f"{name} = false" for name in PLAUSIBLE if name != "share_rejected")
    asks = (
        f"tickets = 100\nsensitivity = {{ share_rejected = [0.1, 0.3], {alone} }}\ntrade_off = true\n"
        'sweep = { grant_lasts = ["8 hours", "2 days"] }'
    )
    Path(file).write_text(TEXT.replace("tickets = 150", asks), encoding="utf-8")
    assert main(["compare", file, f"--parquet={tmp_path / 'parquet'}"]) == 0
    said = capsys.readouterr().out.partition("What would change the order of the policies?\n")[2]
    assert "policies" in said.splitlines()[0]
    assert "decisions of an approver that are a rejection\n    10 %: “" in said
    effects = pd.read_parquet(tmp_path / "parquet" / "sensitivity_effects.parquet")
    assert list(effects["at"]) == ["low", "high"] and set(effects["arm"]) == {NAME}
    assert "\n  grant_lasts 8 hours: “one” " in said
    assert (
        "\nWhat is the least access at which tickets are resolved in time?\n" in said
        and "of access per ticket; " in said
    )
    kept = {path.stem for path in (tmp_path / "parquet").iterdir()}
    assert {"sweep", "trade_off_policies", "trade_off_answers", "metrics"} < kept


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", " +1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1"])
def test_a_text_that_a_spreadsheet_would_run_is_escaped(text):
    """An apostrophe makes it plain text; numbers and other texts are unchanged."""
    frame = pd.DataFrame({"arm": [text, "a=b"], "low": [-1.5, 2.0]})
    read = csv_bytes(frame).decode("utf-8-sig").translate(dict.fromkeys(map(ord, "\r\t ")))
    assert "'" + text.strip() in read and '\n"a=b","2.0"\n' in read and "-1.5" in read and "'-1.5" not in read


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["missing.toml"], 1, "missing.toml cannot be read\n  No such file or directory"),
        (["{file}", "--csv", "{full}"], 1, "already exists and is not an empty folder"),
        (["{file}", "--events", "{full}"], 1, "already exists and is not an empty folder"),
        (["{file}", "--csv", "{new}", "--parquet", "{new}"], 2, "need a folder each"),
        (["{file}", "--scheduler", "here"], 1, "the address of a scheduler reads like"),
        (["{file}", "--sheduler", "here"], 2, "unrecognized arguments"),
        ([], 2, "FILE.toml"),
    ],
)
def test_errors_are_reported_and_nothing_is_written(file, tmp_path, capsys, arguments, status, told):
    """The exit status is 1, or 2 for wrong usage."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    places = {"file": file, "full": tmp_path / "full", "new": tmp_path / "new"}
    try:
        found: object = main(["compare", *(argument.format(**places) for argument in arguments)])
    except SystemExit as error:
        found = error.code
    out, err = capsys.readouterr()
    assert (found, out) == (status, "") and told in err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "mine.txt", "two-keys.toml"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tickets", "tickts", "two-keys.toml cannot be read\n  two-keys.toml, line 4: tickts: unknown 'tickts'"),
        ("tickets = 150", "tickets = 0", "two-keys.toml, line 4: tickets: must be a whole number from 1 to 10,000,000"),
        (
            "replications = 8",
            "replications = 1",
            "two-keys.toml, line 5: replications: must be a whole number from 2 to 10,000",
        ),
    ],
)
def test_errors_in_the_file_are_reported(file, tmp_path, capsys, old, new, told):
    """They have a line number if there is one, and the output folders are not created."""
    Path(file).write_text(TEXT.replace(old, new), encoding="utf-8")
    assert main(["compare", file, "--csv", str(tmp_path / "csv")]) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "csv").exists()


def test_an_interval_that_was_not_reached_is_reported(file, capsys):
    """Nobody should mistake it for the requested one."""
    asked = 'until = { metric = "median hours to resolution", within = 0.01, most = 9 }\n[[arms]]'
    Path(file).write_text(TEXT.replace("[[arms]]", asked, 1), encoding="utf-8")
    assert main(["compare", file]) == 0
    assert "is NOT, after the 9 replications that were allowed, known to within ± 0.01" in capsys.readouterr().out


def test_control_c_leaves_no_half_written_folder(file, tmp_path):
    """The exit status is 130, within seconds, and nothing is left."""
    Path(file).write_text(TEXT.replace("tickets = 300", "tickets = 50_000\nseed = 7").replace("= 3\n", "= 5_000\n"))
    command = [sys.executable, "-m", "data", "compare", file, "--csv", str(tmp_path / "csv")]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in a terminal
    ) as running:
        assert running.stderr and running.stderr.readline().startswith("0 %")
        time.sleep(0.5)
        os.kill(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.endswith("stopped: no folder is half written\n") and "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["two-keys.toml"]
