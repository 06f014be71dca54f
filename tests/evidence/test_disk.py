"""The disk model behind the evidence on power loss: what a cut may leave, and what it may not."""

import random
import re
from pathlib import Path

import pytest

from tests.evidence.disk import SECTOR, Disk, choices
from tests.evidence.trace import Named, Resized, Said, Step, Synced, Unnamed, Wrote, steps_of

OLD, NEW = b"old", b"new"


def left_by(*steps: Step) -> list[dict[str, bytes]]:
    """Return all possible contents of a file "mark" after a cut; it had `OLD` and was synced with its name."""
    disk = Disk()
    for step in (Named("mark", 0), Wrote(0, 0, OLD), Synced(0), Synced(None), *steps):
        disk.take(step)
    left = [disk.after(choice) for choice in choices(disk.pending, random.Random(1))]
    return [files for n, files in enumerate(left) if files not in left[:n]]


def test_a_file_renamed_into_place_without_a_sync_may_be_empty():
    part = [Named("part", 1), Wrote(1, 0, NEW)]
    assert {"mark": b""} in left_by(*part, Named("mark", 1, instead_of="part"))
    synced = left_by(*part, Synced(1), Named("mark", 1, instead_of="part"))
    assert {"mark": OLD} in synced and {"mark": NEW} in synced
    assert {files["mark"] for files in synced} == {OLD, NEW}


def test_content_synced_with_its_name_is_all_that_is_left():
    part = [Named("part", 1), Wrote(1, 0, NEW), Synced(1), Named("mark", 1, instead_of="part")]
    assert left_by(*part, Synced(None)) == [{"mark": NEW}]


def test_a_name_is_durable_after_a_sync_of_the_folder_not_of_the_file():
    log = [Named("log", 1), Wrote(1, 0, NEW), Synced(1)]
    assert {"mark": OLD} in left_by(*log)
    assert left_by(*log, Synced(None)) == [{"mark": OLD, "log": NEW}]
    assert {"mark": OLD} in left_by(*log, Synced(None), Unnamed("log"))
    assert {"mark": OLD, "log": NEW} in left_by(*log, Synced(None), Unnamed("log"))


def test_a_write_is_torn_between_sectors_and_nowhere_else():
    old, new = b"o" * 3 * SECTOR, b"n" * 2 * SECTOR
    left = left_by(Wrote(0, 0, old), Synced(0), Wrote(0, SECTOR, new))
    torn = {tuple(files["mark"][at : at + SECTOR] for at in range(0, 3 * SECTOR, SECTOR)) for files in left}
    o, n = b"o" * SECTOR, b"n" * SECTOR
    assert {(o, o, o), (o, n, n), (o, n, o), (o, o, n)} <= torn
    assert all(sector in (o, n) for sectors in torn for sector in sectors)


def test_a_longer_file_may_have_zeros_where_nothing_was_written():
    left = [files["mark"] for files in left_by(Wrote(0, 3, b"er"), Wrote(0, 5, b"!"))]
    assert {b"old", b"older", b"older!", b"old\0\0!"} <= set(left)
    assert [files["mark"] for files in left_by(Resized(0, 1))] == [b"o", b"old"]


def test_the_choices_of_many_changes_include_every_prefix_and_every_single_one():
    changes = [Wrote(0, n, b"x") for n in range(9)]
    found = list(choices(changes, random.Random(1)))
    assert {("all",) * n + ("none",) * (9 - n) for n in range(10)} <= set(found)
    assert {("none",) * n + ("all",) + ("none",) * (8 - n) for n in range(9)} <= set(found)
    assert len(found) >= 64


def hexadecimal(trace: str) -> list[str]:
    """Return trace lines with texts as written by `strace -xx`."""

    def written(found: re.Match[str]) -> str:
        return '"' + "".join(rf"\x{byte:02x}" for byte in found[1].encode()) + '"'

    return re.sub('"([^"]*)"', written, trace).splitlines()


TRACE = """7 openat(AT_FDCWD, "/d", O_RDONLY|O_CLOEXEC) = 3
7 openat(AT_FDCWD, "/elsewhere/x", O_WRONLY|O_CREAT, 0666) = 4
7 write(4, "no", 2) = 2
7 openat(AT_FDCWD, "/d/log", O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0666) = 5
7 write(5, "ab", 2) = 2
8 pwrite64(5, "xyz", 3, 7 <unfinished ...>
7 write(1, "done", 4) = 4
8 <... pwrite64 resumed>) = 2
7 unlink("/d/gone") = -1 ENOENT (No such file or directory)
7 fdatasync(5) = 0
7 rename("/d/log", "/d/old") = 0
7 fsync(3) = 0
7 close(5) = 0
7 write(5, "no", 2) = -1 EBADF (Bad file descriptor)
7 +++ exited with 0 +++"""


def test_a_trace_is_read_as_the_steps_on_one_folder():
    assert list(steps_of(hexadecimal(TRACE), Path("/d"))) == [
        Named("log", 0),
        Wrote(0, 0, b"ab"),
        Said("done"),
        Wrote(0, 7, b"xy"),
        Synced(0),
        Named("old", 0, instead_of="log"),
        Synced(None),
    ]


@pytest.mark.parametrize(
    "call", ['rename("/d/log", "/e/log")', 'truncate("/d/log", 5)', "copy_file_range(9, 0, 5, 0, 1)"]
)
def test_a_call_that_the_model_does_not_know_is_an_error(call: str):
    opened = '7 openat(AT_FDCWD, "/d/log", O_WRONLY|O_CREAT, 0666) = 5'
    with pytest.raises(NotImplementedError):
        list(steps_of(hexadecimal(f"{opened}\n7 {call} = 0"), Path("/d")))
