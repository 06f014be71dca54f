"""The READMEs of the project, data and dashboard are true: their commands and the example run."""

import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FILES = (ROOT / "README.md", ROOT / "data/README.md", ROOT / "dashboard/README.md")
README = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
COMMANDS = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
]
HERE = {".venv/bin/": f"{Path(sys.executable).parent}/"}


def plain(command: str) -> str:
    """Return the command with this interpreter's programs instead of `.venv`'s."""
    for there, here in HERE.items():
        command = command.replace(there, here)
    return command


def of_make(target: str) -> str:
    return subprocess.run(["make", "-n", "-B", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_every_command_of_a_readme_has_a_test():
    """A new command must be added here, too."""
    assert COMMANDS == [
        "make run",
        "make class",
        "make test",
        "python3 -m venv .venv",
        ".venv/bin/python -m pip install -c constraints.txt -e '.[dev,notebooks]'",
        ".venv/bin/streamlit run app.py",
        ".venv/bin/python -m dashboard",
        ".venv/bin/python -m pytest",
        ".venv/bin/python -m data check data/scenarios/*.toml",
        ".venv/bin/python -m data compare data/experiments/expiry-after-four-days.toml",
        ".venv/bin/python -m data prove --presets --small",
        ".venv/bin/python -m data rooms",
        ".venv/bin/streamlit run app.py --server.baseUrlPath=lab --server.allowedHosts=lab.example.com",
    ]


@pytest.mark.parametrize("target", ["run", "class", "test"])
def test_make_runs_the_plain_commands(target):
    """`make run` and `make test` set up .venv and run what README says."""
    said = " ".join(of_make(target).split())
    start = {
        "run": ".venv/bin/streamlit run app.py",
        "class": ".venv/bin/python -m dashboard",
        "test": ".venv/bin/python -m pytest",
    }[target]
    assert all(part in said for part in ("-m venv .venv", "-c constraints.txt -e '.[dev,notebooks]'", start))


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_every_named_make_target_exists(target):
    """README names no target that the Makefile lacks."""
    assert of_make(target)


def test_the_dashboard_starts_with_the_plain_command():
    """The app starts and answers its health check."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*shlex.split(plain(".venv/bin/streamlit run app.py")), f"--server.port={port}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as app:
        try:
            assert answers(f"http://127.0.0.1:{port}/_stcore/health")
        finally:
            app.terminate()


def answers(url: str) -> bool:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status == 200
        except OSError:
            time.sleep(0.3)
    return False


@pytest.mark.parametrize("command", [command for command in COMMANDS if "-m data" in command])
def test_a_command_of_the_project_succeeds(command):
    """All shipped scenarios meet their expectations, the experiment runs, and no preset breaks a promise."""
    done = subprocess.run(plain(command), cwd=ROOT, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
    if " check " in command:
        files = len(list((ROOT / "data" / "scenarios").glob("*.toml")))
        assert done.stderr == "" and "FAILED" not in done.stdout
        assert f"{files} of {files} files are as they should be" in done.stdout


def test_the_example_runs(capsys):
    """The Python example runs as printed, and does what its comments say."""
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert "not-found" in capsys.readouterr().out


def test_every_linked_picture_and_file_exists():
    """No link is broken."""
    linked = [
        file.parent / path
        for file in FILES
        for path in re.findall(r"\]\(([^)]+)\)", file.read_text(encoding="utf-8"))
        if "://" not in path
    ]
    assert len(linked) > 5 and [path for path in linked if not path.exists()] == []
