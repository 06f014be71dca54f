"""Run the shipped notebooks. `python -m tests.notebooks.running` (or `make outputs`) stores their outputs."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = [path.name for path in sorted(FOLDER.glob("*.ipynb"))]


def read(name: str) -> nbformat.NotebookNode:
    """Return the shipped notebook."""
    return nbformat.read(FOLDER / name, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return its code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run(name: str, folder: Path) -> nbformat.NotebookNode:
    """Return the notebook after running it in a folder."""
    notebook = read(name)
    for cell in code(notebook):
        cell.outputs, cell.execution_count = [], None
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=resources, coalesce_streams=True, record_timing=False
    )
    client.execute(env=os.environ | {"PYTHONPATH": str(FOLDER.parent)})  # this code, not an installed version
    return notebook


def main() -> None:
    """Run each notebook in its own folder, as JupyterLab does, and store its outputs."""
    for name in NOTEBOOKS:
        notebook = run(name, FOLDER)
        kernel = notebook.metadata.kernelspec
        notebook.metadata = nbformat.from_dict({"kernelspec": kernel})  # not the Python version
        nbformat.write(notebook, FOLDER / name)
        print(f"{name}: {(FOLDER / name).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
