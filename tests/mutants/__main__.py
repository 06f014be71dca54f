"""`python -m tests.mutants` (make mutants) mutates the code and says which mutants no test kills.

    python -m tests.mutants [PART ...]      the parts of `pyproject.toml`; all if none is named
    python -m tests.mutants --resume rules  goes on where a run was stopped
    python -m tests.mutants --again rules   runs the survivors of the last run again, say after a new test
    python -m tests.mutants --report rules  runs nothing

The exit status is 1 if a survivor is not in `survivors.toml`, or one of the list is dead.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.mutants.outcomes import Fate, outcomes
from tests.mutants.parts import FOLDER, PARTS, prepare
from tests.mutants.survivors import contradictions, explained


def run(part: str, names: list[str]) -> None:
    """Runs mutmut on a part: all its mutants that have no outcome yet, or those of these names."""
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}  # mutmut starts mypy by name
    subprocess.run([tools / "mutmut", "run", *names], cwd=prepare(part), check=True, env=environment)


def alive(part: str) -> list[str]:
    """mutmut's names of the mutants that nothing has caught yet."""
    return [name for name, _, fate in outcomes(FOLDER / part) if fate in (Fate.SURVIVED, Fate.NOT_RUN)]


def report(part: str) -> bool:
    """Prints what became of a part's mutants, and says whether it is what the list of survivors says."""
    found = [(mutant, fate) for _, mutant, fate in outcomes(FOLDER / part)]
    counted = Counter((mutant.module, fate) for mutant, fate in found)
    modules = sorted({module for module, _ in counted})
    for module in modules:
        print(f"{module:36}", *(f"{counted[module, fate]:5} {fate.value}" for fate in Fate))
    wrong = contradictions(found, {mutant: why for mutant, why in explained().items() if mutant.module in modules})
    print(*wrong, sep="\n")
    return not wrong and not any(fate is Fate.NOT_RUN for _, fate in found)


def main(arguments: list[str]) -> bool:
    """Runs and reports; says whether all is as the list says."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    for option in ("--resume", "--again", "--report"):
        parser.add_argument(option, action="store_true")
    asked = parser.parse_args(arguments)
    fine = True
    for part in asked.parts or PARTS:
        print(f"== {part}", flush=True)
        if not (asked.resume or asked.again or asked.report):
            shutil.rmtree(FOLDER / part, ignore_errors=True)
        if not asked.report:
            run(part, alive(part) if asked.again else [])
        fine &= report(part)
    return fine


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
