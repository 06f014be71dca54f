"""mutmut's mutants of Python modules, to replace functions that are already loaded."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from functools import partial
from importlib import import_module
from inspect import getattr_static
from pathlib import Path
from types import FunctionType

from mutmut.mutation.file_mutation import mutate_file_contents

from tests.mutants.functions import functions
from tests.mutants.outcomes import Mutant, mutants_in
from tests.mutants.parts import ROOT


def python_changes(folder: Path, pattern: str) -> Iterator[tuple[Mutant, partial[None] | None]]:
    """Yield each mutant of the modules, and the function that applies it, or None if mypy catches it.

    The modules are written to the folder with all their mutants.
    """
    shutil.copytree(ROOT / "model", folder / "model", dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "setup.cfg").write_text("[mutmut]\nsource_paths = model\n")
    paths = [path.relative_to(ROOT) for path in sorted(ROOT.glob(pattern))]
    with chdir(folder):  # where mutmut looks for its settings
        for path in paths:
            Path(path).write_text(mutate_file_contents(str(path), (ROOT / path).read_text()).code)
    untyped = _lines_that_mypy_refuses(folder)
    for path in paths:
        module = ast.parse((folder / path).read_text())
        known = functions(module)
        for name, mutant in mutants_in(module, path.with_suffix("").as_posix().replace("/", ".")):
            lines = range(known[name].lineno, (known[name].end_lineno or 0) + 1)
            caught = any((path.as_posix(), line) in untyped for line in lines)
            yield mutant, None if caught else partial(put_in_place, mutant.function, known[name])


def _lines_that_mypy_refuses(folder: Path) -> set[tuple[str, int]]:
    """Return the lines that mypy rejects: `make check` runs it, too.

    That a class has several constructors, and what follows from it, is no slip.
    """
    ignored = [f"--disable-error-code={code}" for code in ("unused-ignore", "no-redef", "has-type")]
    command = [sys.executable, "-m", "mypy", "model", "--output=json", *ignored]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    errors = [json.loads(line) for line in found.stdout.splitlines() if line.startswith("{")]
    return {(error["file"], error["line"]) for error in errors if error["severity"] == "error"}


def put_in_place(function: str, changed: ast.FunctionDef) -> None:
    """Replace a function's code by another's, wherever it is already imported."""
    module, _, name = function.partition(":")
    holder: object = import_module(module)
    *outer, last = name.split(".")
    for part in outer:
        holder = getattr(holder, part)
    found = getattr_static(holder, last)
    original = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    made = ast.FunctionDef(**{**dict(ast.iter_fields(changed)), "name": last, "decorator_list": []})
    within = dict(original.__globals__)
    exec(compile(ast.Module([ast.copy_location(made, changed)], []), module, "exec"), within)
    new = within[last]
    assert isinstance(new, FunctionType)
    original.__code__, original.__defaults__, original.__kwdefaults__ = (
        new.__code__,
        new.__defaults__,
        new.__kwdefaults__,
    )
