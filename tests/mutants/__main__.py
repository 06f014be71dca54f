"""`python -m tests.mutants` (make mutants) mutates the code and reports the mutants that no test kills.

    python -m tests.mutants [PART ...]      the parts of `pyproject.toml`; all if none is named
    python -m tests.mutants --resume rules  continues a stopped run
    python -m tests.mutants --again rules   runs the survivors of the last run again, say after a new test; of the
                                            parts that mutmut does not run those that `survivors.toml` does not explain
    python -m tests.mutants --report rules  runs nothing
    python -m tests.mutants --sample 50 checker    runs 50 mutants drawn at random, the same ones each time;
                                            not of the parts that mutmut runs

The exit status is 1 if a survivor is not in `survivors.toml`, or one of that list is killed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.mutants.forked_parts import run_forked
from tests.mutants.outcomes import Fate, Mutant, fate_of, outcomes, recorded
from tests.mutants.parts import COMMON, FOLDER, FORKED_PARTS, PARTS, prepare
from tests.mutants.survivors import contradictions, explained


def run(part: str, names: list[str]) -> None:
    """Run mutmut on a part: on all mutants without an outcome, or on the named ones."""
    tools = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}  # mutmut starts mypy by name
    subprocess.run([tools / "mutmut", "run", *names], cwd=prepare(part), check=True, env=environment)


def run_from_the_start(part: str) -> None:
    """Run the tests on each survivor in a new process, so that code that runs at import is mutated, too.

    mutmut activates a mutant after all imports.
    """
    tests = [*PARTS[part]["pytest_add_cli_args_test_selection"], "-x", "-q", *COMMON["pytest_add_cli_args"]]
    for meta in sorted((FOLDER / part).glob("mutants/**/*.py.meta")):
        record = json.loads(meta.read_text())
        for name, status in record["exit_code_by_key"].items():
            if fate_of(status) is Fate.SURVIVED:
                run = subprocess.run(
                    [sys.executable, "-m", "pytest", *tests],
                    cwd=FOLDER / part / "mutants",
                    env={**os.environ, "MUTANT_UNDER_TEST": name},
                    stdout=subprocess.DEVNULL,
                    check=False,
                )
                record["exit_code_by_key"][name] = 1 if run.returncode else 0  # an import may fail as well
                meta.write_text(json.dumps(record))


def alive(part: str) -> list[str]:
    """Return mutmut's names of the surviving mutants."""
    return [name for name, _, fate in outcomes(FOLDER / part) if fate in (Fate.SURVIVED, Fate.NOT_RUN)]


def found(part: str) -> list[tuple[Mutant, Fate]]:
    """Return the fates of a part's mutants."""
    if part in FORKED_PARTS:
        return list(recorded(FOLDER / part))
    return [(mutant, fate) for _, mutant, fate in outcomes(FOLDER / part)]


def report(part: str) -> bool:
    """Print the fates of a part's mutants, and return whether they agree with the list of survivors."""
    fates = found(part)
    counted = Counter((mutant.module, fate) for mutant, fate in fates)
    modules = sorted({module for module, _ in counted})
    for module in modules:
        print(f"{module:36}", *(f"{counted[module, fate]:5} {fate.value}" for fate in Fate))
    wrong = contradictions(fates, {mutant: why for mutant, why in explained().items() if mutant.module in modules})
    print(*wrong, sep="\n")
    return not wrong and not any(fate is Fate.NOT_RUN for _, fate in fates)


def main(arguments: list[str]) -> bool:
    """Run and report; return whether everything agrees with the list."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Say which changes no test notices.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *FORKED_PARTS, []], metavar="PART")
    for option in ("--resume", "--again", "--report"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--sample", type=int, metavar="N")
    asked = parser.parse_args(arguments)
    fine = True
    for part in asked.parts or [*PARTS, *FORKED_PARTS]:
        print(f"== {part}", flush=True)
        if asked.report:
            pass
        elif part in FORKED_PARTS:
            run_forked(part, asked.again, asked.resume, asked.sample)
        else:
            if not (asked.resume or asked.again):
                shutil.rmtree(FOLDER / part, ignore_errors=True)
            run(part, alive(part) if asked.again else [])
            run_from_the_start(part)
        fine &= report(part)
    return fine


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
