"""The notebooks run, give the same outputs every time, end in a picture, and define nothing."""

import ast
from pathlib import Path

import nbformat
import pytest

from data.lens.figures import UNITS
from data.lens.sql import FIGURES
from data.store.queries import queries
from tests.notebooks.running import FOLDER, NOTEBOOKS, code, read, run

pytestmark = pytest.mark.slow

PICTURE = "application/vnd.vegalite.v5+json"  # drawn natively by JupyterLab
COMPARED = dict.fromkeys(UNITS, "comparison.metrics") | {
    "decided by hours": "comparison.decided",
    "resolved by hours": "comparison.resolved",
}
"""The frame of a comparison that has the figure."""
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@pytest.fixture(scope="module", params=NOTEBOOKS)
def ran(request, tmp_path_factory) -> tuple[str, nbformat.NotebookNode, Path]:
    """Run each notebook once in an empty folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    return request.param, run(request.param, folder), folder


def test_there_are_seven_notebooks():
    """They are numbered in reading order."""
    assert [name[:3] for name in NOTEBOOKS] == ["01_", "02_", "03_", "04_", "05_", "06_", "07_"]


def test_a_notebook_runs_in_any_folder_and_leaves_nothing_there(ran):
    """Its rooms are in a temporary folder, and stderr is empty."""
    _, notebook, folder = ran
    assert list(folder.iterdir()) == []
    assert [out.text for cell in code(notebook) for out in cell.outputs if out.get("name") == "stderr"] == []


def test_a_notebook_ends_in_a_picture(ran):
    """Its last code cell outputs a chart in JupyterLab's native format, with data and a title."""
    _, notebook, _ = ran
    spec = code(notebook)[-1].outputs[-1].data[PICTURE]
    assert spec["title"]["text"]
    assert any(spec["datasets"].values())


def test_a_picture_needs_no_internet(ran):
    """No chart has a page that fetches scripts, which is Altair's default."""
    _, notebook, _ = ran
    outputs = [out.data for cell in code(notebook) for out in cell.outputs if "data" in out]
    assert all(set(data) == {PICTURE, "image/png", "text/plain"} for data in outputs if PICTURE in data)
    assert not any("<script" in data.get("text/html", "") for data in outputs)


def test_a_notebooks_stored_outputs_are_up_to_date(ran):
    """They agree to the last digit and pixel, although it ran in another folder. `make outputs` stores them again."""
    name, notebook, _ = ran
    assert [cell.outputs for cell in code(read(name))] == [cell.outputs for cell in code(notebook)]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_stored_notebook_is_small_and_reveals_nothing_about_the_machine(name):
    """Cells are numbered in order, and there are no times or paths."""
    notebook, text = read(name), (FOLDER / name).read_text(encoding="utf-8")
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    assert len(text) < 500_000 and str(Path.home()) not in text and str(FOLDER) not in text and "/tmp/" not in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("02_what_each_tenant_sees.ipynb", ["Room: Removal stays private", "signed in to Contoso, sees"]),
        ("04_compare_policies.ipynb", ["With “expires after 4 days” instead of", "A simulated run", "data:image/png"]),
        ("05_is_this_policy_safe.ipynb", ["Not safe"]),
        ("07_your_own_tickets.ipynb", ["decided before it was asked for", "does not say"]),
        (
            "06_what_would_change_the_decision.ipynb",
            ["The order of the policies changes if", "the least of the 15 policies that keep all promises"],
        ),
    ],
)
def test_the_projects_objects_have_rich_output_in_notebooks(name, shown):
    """They are a room, a lens, a comparison with its picture, a run and a report."""
    pages = [out.data.get("text/html", "") for cell in code(read(name)) for out in cell.outputs if "data" in out]
    assert all(any(text in page for page in pages) for text in shown)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_calls_the_project_and_defines_nothing(name):
    """It has no function, class or lambda: those belong in the project, with a test."""
    trees = [ast.parse(cell.source) for cell in code(read(name))]
    assert [node for tree in trees for node in ast.walk(tree) if isinstance(node, DEFINITIONS)] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_says_that_it_is_a_simulation_and_ends_with_conclusions(name):
    """Its first and last cells are Markdown."""
    first, last = read(name).cells[0], read(name).cells[-1]
    assert {first.cell_type, last.cell_type} == {"markdown"}
    assert "simulation" in first.source or "assumed, not measured" in first.source
    assert "**Takeaways.**" in last.source


def test_every_figure_is_drawn_in_a_notebook():
    """A figure that nobody sees may be wrong for a long time."""
    sources = "".join(cell.source for name in NOTEBOOKS for cell in code(read(name)))
    ways = {name: (f'metric("{name}")', COMPARED.get(name, f'metric("{name}")')) for name in queries(FIGURES)}
    assert [name for name, way in ways.items() if not any(source in sources for source in way)] == []
