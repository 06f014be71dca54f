"""The project's configuration, as far as no other test depends on it."""

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LAYOUT = {
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"),
    *("app.py", "dashboard", "data", "model", "notebooks", "tests", "var"),
    *(
        "pyproject.toml",
        "constraints.txt",
        "Makefile",
        ".ci",
        ".pre-commit-config.yaml",
        ".streamlit",
        ".git",
        ".gitignore",
    ),
}


def lines(name: str) -> list[str]:
    return [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]


def toml(name: str) -> dict:
    return tomllib.loads((ROOT / name).read_text())


def test_constraints_are_exact_versions_and_nothing_else():
    """They have no URL, path, hash or marker: pins are independent of where packages come from, and reveal nothing
    about it.
    """
    assert [line for line in lines("constraints.txt") if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_dependency_is_pinned_at_an_accepted_version():
    """constraints.txt satisfies pyproject.toml."""
    project = toml("pyproject.toml")["project"]
    named = [project["dependencies"], *project["optional-dependencies"].values()]
    pins = dict(line.split("==") for line in lines("constraints.txt"))
    versions = {canonicalize_name(name): version for name, version in pins.items()}
    for requirement in map(Requirement, chain(*named)):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier


def test_no_lock_file_records_where_packages_came_from():
    """Constraints carry the versions; a uv.lock would add the addresses of whoever wrote it."""
    assert not (ROOT / "uv.lock").exists()


def test_the_app_serves_this_machine_only_and_reports_to_nobody():
    """Streamlit's defaults are every interface, any host name and usage statistics."""
    config = toml(".streamlit/config.toml")
    assert config["server"]["address"] == "127.0.0.1"
    assert set(config["server"]["allowedHosts"]) == {"127.0.0.1", "localhost"}
    assert config["browser"]["gatherUsageStats"] is False


def test_an_error_reveals_nothing_to_the_viewer():
    """A traceback may quote another tenant's data, and help links would send it to a search engine."""
    client = toml(".streamlit/config.toml")["client"]
    assert client["showErrorDetails"] == "none"
    assert client["showErrorLinks"] is False


def test_tables_offer_no_unguarded_download():
    """The built-in one writes cells that a spreadsheet would run as formulas."""
    assert toml(".streamlit/config.toml")["client"]["disableDataExport"] is True


def test_the_top_level_holds_the_layout_and_nothing_else():
    """A new top-level entry must be a decision, not an accident."""
    ignored = [pattern.rstrip("/") for pattern in lines(".gitignore")]
    present = {path.name for path in ROOT.iterdir()}
    assert {name for name in present - LAYOUT if not any(fnmatch(name, pattern) for pattern in ignored)} == set()


def test_the_commit_hooks_run_the_same_as_make_check():
    """A commit that passes the hooks passes `make check`, and all hooks are local."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    wanted = subprocess.run(["make", "-n", "check"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = [line for line in wanted.splitlines() if line.startswith(".venv/bin/") and "pip" not in line]
    assert re.findall("entry: (.*)", hooks) == commands
    assert re.findall("repo: (.*)", hooks) == ["local"]
