"""The list of survivors is well-formed and names existing code, and is compared with runs."""

import ast
import importlib
import json
import re
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.functions import body, functions
from tests.mutants.outcomes import AROUND, Fate, Mutant, difference, outcomes
from tests.mutants.parts import FORKED_PARTS, PARTS, ROOT, drawn, prepare
from tests.mutants.python_changes import put_in_place
from tests.mutants.sql_changes import changes
from tests.mutants.survivors import LIST, contradictions, explained

BEFORE = '''
class Door:
    def opens(self, keys):
        """Return whether it does."""
        wanted = 2  # keys
        return keys >= wanted
'''
AFTER = '''
class Door:
    def xǁDoorǁopens__mutmut_orig(self, keys):
        """Return whether it does."""
        wanted = 2  # keys
        return keys >= wanted

    def xǁDoorǁopens__mutmut_1(self, keys):
        """Return whether it does."""
        wanted = 2  # keys
        return keys > wanted

    def xǁDoorǁopens__mutmut_2(self, keys):
        """Return whether it does."""
        wanted = None  # keys
        return keys >= wanted
'''
SQL = """-- :first door
SELECT min("a = b") FROM doors WHERE keys >= 2 AND name = 'front' -- keys > 1
"""
STRICT = Mutant("house.door:Door.opens", "return keys >= wanted", "return keys > wanted")
NOTHING = Mutant("house.door:Door.opens", "wanted = 2", "wanted = None")


def test_a_survivor_is_listed_once_and_with_its_reason():
    """A replacement must change something."""
    groups = tomllib.loads(LIST.read_text())["survivors"]
    listed = Counter(Mutant(**mutant) for group in groups for mutant in group["mutants"])
    assert [mutant for mutant, times in listed.items() if times > 1] == []
    assert [mutant for mutant in listed if mutant.was == mutant.becomes] == []
    assert [group for group in groups if not group["reason"].strip() or not group["mutants"]] == []
    assert list(explained()) == list(listed)


@pytest.mark.parametrize("mutant", explained(), ids=lambda mutant: mutant.function)
def test_a_survivor_is_a_mutant_of_existing_code(mutant: Mutant):
    """If the code was changed, the survivor must be updated."""
    module, _, name = mutant.function.partition(":")
    if "/" in module:  # an SQL file
        sections = re.split(r"^-- ::?(\w.*)$", (ROOT / module).read_text(), flags=re.MULTILINE)
        lines = sections[sections.index(name) + 1].splitlines()
    else:
        source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text()
        lines = body(functions(ast.parse(source))[name])
    assert mutant.was in "\n".join(line.strip() for line in lines)


def test_mutants_are_read_from_mutmuts_files(tmp_path: Path):
    """The difference is one or more lines, whatever the formatting."""
    folder = tmp_path / "mutants/house"
    folder.mkdir(parents=True)
    (folder / "door.py").write_text(AFTER)
    fates = {"house.door.xǁDoorǁopens__mutmut_1": 0, "house.door.xǁDoorǁopens__mutmut_2": 1}
    (folder / "door.py.meta").write_text(json.dumps({"exit_code_by_key": fates}))
    assert [(mutant, fate) for _, mutant, fate in outcomes(tmp_path)] == [
        (STRICT, Fate.SURVIVED),
        (NOTHING, Fate.KILLED),
    ]
    assert list(functions(ast.parse(BEFORE))) == ["Door.opens"]


def test_added_and_removed_lines_are_reported():
    """A dropped case of a match is replaced by nothing."""
    assert difference(["one", "  two", "three"], ["one", "three"]) == ("two", "")
    assert difference(["one", "two", "three"], ["ONE", "two", "THREE"]) == ("one\ntwo\nthree", "ONE\ntwo\nTHREE")


def test_a_change_in_a_long_line_is_reported_with_its_context():
    """The rest of the line is cut."""
    numbers = [str(number) for number in range(100)]
    was, becomes = difference([", ".join(numbers)], [", ".join([*numbers[:50], "None", *numbers[51:]])])
    assert was in ", ".join(numbers) and len(was) == AROUND + len("50") + AROUND
    assert becomes == was.replace("50", "None")


def test_contradictions_between_a_run_and_the_list_are_reported():
    """They are an unexplained survivor, a listed one that was killed, and a listed one that no longer exists."""
    found = [(STRICT, Fate.SURVIVED), (NOTHING, Fate.KILLED)]
    assert contradictions(found, {STRICT: "no door has two keys"}) == []
    assert [line.splitlines()[0] for line in contradictions(found, {})] == [
        "survives, and is not in the list: house.door:Door.opens"
    ]
    assert [line.splitlines()[0] for line in contradictions(found, {STRICT: "", NOTHING: ""})] == [
        "is in the list, and killed: house.door:Door.opens"
    ]
    gone = Mutant("house.door:Door.closes", "pass", "return")
    assert [line.splitlines()[0] for line in contradictions(found, {STRICT: "", gone: ""})] == [
        "is in the list, and not among the mutants: house.door:Door.closes"
    ]
    assert contradictions([(STRICT, Fate.NOT_RUN)], {STRICT: ""}) == [], "the run was stopped"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_names_existing_code_and_tests(part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Otherwise mutmut would mutate nothing, and nothing would survive."""
    monkeypatch.setattr("tests.mutants.parts.FOLDER", tmp_path)
    written = (prepare(part) / "setup.cfg").read_text()
    assert all(list(ROOT.glob(pattern)) for pattern in PARTS[part]["only_mutate"])
    tests = PARTS[part]["pytest_add_cli_args_test_selection"]
    paths = [re.sub("^--[a-z]+=|::.*", "", word) for word in tests if "/" in word]
    assert paths and all((ROOT / path).exists() for path in paths)
    assert all(f"    {word}\n" in written for word in tests)


def test_an_sql_file_is_mutated_in_one_place_at_a_time(tmp_path: Path):
    """Operators, conditions, numbers and texts change; comments and quoted names do not."""
    file = tmp_path / "house.sql"
    file.write_text(SQL)
    made = list(changes(file, "house.sql"))
    assert {mutant.becomes for mutant, _ in made} == {
        """SELECT max("a = b") FROM doors WHERE keys >= 2 AND name = 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys > 2 AND name = 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys >= 2 OR name = 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys >= 2 AND name <> 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE true AND name = 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys >= 2 AND true -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys >= 3 AND name = 'front' -- keys > 1""",
        """SELECT min("a = b") FROM doors WHERE keys >= 2 AND name = 'XX' -- keys > 1""",
    }
    assert {mutant.function for mutant, _ in made} == {"house.sql:first door"}
    assert all(text.startswith("-- :first door\n") and mutant.becomes in text for mutant, text in made)


def test_a_sample_is_the_same_each_time():
    """It has all items if there are fewer."""
    assert drawn(range(1000), 10) == drawn(range(1000), 10) != [*range(10)]
    assert len(set(drawn(range(1000), 10))) == 10 and sorted(drawn(range(5), 10)) == [*range(5)]


@pytest.mark.parametrize("part", FORKED_PARTS)
def test_the_code_and_the_tests_of_a_part_exist(part: str):
    """An SQL file has mutants."""
    code, tests = FORKED_PARTS[part]["code"], FORKED_PARTS[part]["tests"]
    paths = [re.sub("^--[a-z]+=|::.*", "", word) for word in tests if "/" in word]
    assert paths and all((ROOT / path).exists() for path in paths)
    assert [*ROOT.glob(code)]
    assert code.endswith(".py") or list(changes(ROOT / code, code))


def test_a_function_is_replaced_wherever_it_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """This includes methods, properties, imports of other modules, and default values."""
    (tmp_path / "house.py").write_text(
        "KEYS = 2\n\ndef opens(keys=KEYS):\n    return keys >= KEYS\n\n"
        "class Door:\n    @property\n    def open(self):\n        return opens()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    house = importlib.import_module("house")
    opens, door = house.opens, house.Door()
    assert (opens(), opens(2), door.open) == (True, True, True)
    known = functions(ast.parse("def a(keys=KEYS - 1):\n    return keys > KEYS\n\ndef b(self):\n    return 'wide'\n"))
    put_in_place("house:opens", known["a"])
    put_in_place("house:Door.open", known["b"])
    assert (opens(), opens(2), opens(3), door.open) == (False, False, True, "wide")
    monkeypatch.delitem(sys.modules, "house")


@pytest.mark.slow
def test_the_tests_run_in_a_process_for_each_mutant(tmp_path: Path):
    """They stop at the first failure; the mutant stays in its process, and an endless test is stopped."""
    tests = tmp_path / "test_house.py"
    tests.write_text(
        "import os\n\ndef test_one():\n    assert os.environ.get('HOUSE') != 'one'\n\n"
        "def test_two():\n    while os.environ.get('HOUSE') == 'two':\n        pass\n"
    )
    script = f"""
import os
from tests.mutants import forks
forks.LEAST_SECONDS = 0.2
changes = [(name, lambda name=name: os.environ.update(HOUSE=name)) for name in ("one", "two", "three")]
forks.run_in_forks([{str(tests)!r}], changes, lambda key, status, left, killer: f"{{key}} {{status}} {{killer[-3:]}}")
try:
    forks.run_in_forks([{str(tests)!r} + "::test_none"], changes, lambda *_: "never")
except RuntimeError as wrong:
    print(wrong)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.splitlines()) == [
        "one 1 one",
        "the tests fail without any change",
        "three 0 ",
        f"two {-signal.SIGVTALRM} two",
    ]
