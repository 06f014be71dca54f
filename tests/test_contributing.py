"""CONTRIBUTING is true: the files it names exist, and each recipe names the tests that check it."""

import re
import subprocess
from pathlib import Path

import pytest

from dashboard.shell.page_list import PAGES
from data.lens.figures import UNITS
from data.simulation.words.findings import SHORT

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted({path for path in re.findall(r"`([\w./-]+)`", TEXT) if "/" in path})
RECIPES = re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", PATHS)
def test_every_named_path_exists(path: str):
    """No recipe points to a file that was moved."""
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", TEXT))))
def test_every_named_make_target_exists(target: str):
    """A newcomer can run every command of the table."""
    subprocess.run(["make", "-n", "-B", target], cwd=ROOT, check=True, capture_output=True)


def test_there_is_a_recipe_for_each_common_change():
    """There are ten kinds."""
    names = [name for name, _ in RECIPES]
    assert names == [
        "A page",
        "A setting of the policy",
        "A preset",
        "A refusal",
        "A figure",
        "An assumption about people",
        "A scenario",
        "A picture",
        "A promise",
        "A colour",
    ]


@pytest.mark.parametrize(("name", "recipe"), RECIPES, ids=[name for name, _ in RECIPES])
def test_a_recipe_lists_its_files_in_order_and_the_tests_that_check_it(name: str, recipe: str):
    """A recipe is numbered steps, each with a path, and ends with the tests."""
    steps = re.findall(r"^\d\. `([\w./-]+)`", recipe, flags=re.MULTILINE)
    (checked,) = re.findall(r"^Checked by (.+)", recipe, flags=re.MULTILINE)
    assert steps and all((ROOT / step).exists() for step in steps)
    assert re.search(r"`tests/[\w/]+\.py`", checked)


def test_the_picture_shows_every_floor():
    """A new sub-package must be drawn, too."""
    (picture,) = re.findall(r"```mermaid\n(.*?)```", TEXT, flags=re.DOTALL)
    floors = [path.parent.name for top in ("dashboard", "data", "model") for path in (ROOT / top).glob("*/__init__.py")]
    assert [floor for floor in floors if not re.search(rf"\b{floor}\b", picture)] == []


def test_every_page_is_in_the_list_and_is_opened_by_the_browser_tests():
    """A page file that nobody can open is a forgotten step."""
    files = {path.stem for path in (ROOT / "dashboard" / "pages").glob("*.py")} - {"__init__"}
    assert files == set(PAGES)
    addresses = (ROOT / "tests" / "browser" / "pages.py").read_text(encoding="utf-8")
    assert [title for title, _, _ in PAGES.values() if title not in addresses] == []


def test_every_figure_with_a_unit_is_named_in_sentences():
    """Every compared figure has a name in words."""
    assert set(SHORT) == set(UNITS)
