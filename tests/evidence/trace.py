"""A trace of system calls (strace) as the ordered steps of a program on one folder."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,msync,sync,syncfs,rename,renameat,"
    "renameat2,unlink,unlinkat,link,linkat,truncate,ftruncate,fallocate,close,lseek,dup,dup2,dup3,copy_file_range,sendfile"
)
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes were written to a file, identified by a number, since names change."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """A file was truncated, or extended with zeros."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Named:
    """A file got a name in the folder, by creation or by a rename."""

    name: str
    file: int
    instead_of: str | None = None  # the name that a rename atomically removes


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A name was deleted."""

    name: str


@dataclass(frozen=True, slots=True)
class Synced:
    """A file, or the folder's names (file None), was synced."""

    file: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A line was written to standard output."""

    text: str


Change = Wrote | Resized | Named | Unnamed
Step = Change | Synced | Said


def strace_is_missing() -> str | None:
    """Return what is missing for a trace, or None."""
    return None if shutil.which("strace") else "there is no strace (Debian's package strace)"


def traced(module: str, folder: Path, trace: Path) -> list[Step]:
    """Run a Python module with the folder as its argument, and return its steps on the folder."""
    command = ["strace", "-f", "--seccomp-bpf", "-xx", "-s", "10000000", "-o", str(trace), "-e", f"trace={_CALLS}"]
    subprocess.run([*command, sys.executable, "-m", module, str(folder)], check=True, capture_output=True)
    with trace.open(encoding="ascii") as lines:
        return list(steps_of(lines, folder))


def steps_of(lines: Iterable[str], folder: Path) -> Iterator[Step]:
    """Yield the steps on a folder from the lines of a trace.

    Raises NotImplementedError for an unknown call on it.
    """
    descriptors = _Descriptors(folder)
    for line in _whole(lines):
        if (match := _CALL.match(line)) and int(match[3]) >= 0:
            yield from descriptors.steps(match[1], int(match[3]), match[2].split(", "))


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Yield complete calls in the order of their end: threads interrupt each other's lines."""
    begun: dict[str, str] = {}
    for line in lines:
        if not (match := _LINE.fullmatch(line.rstrip("\n"))):
            continue
        thread, text = match.groups()
        if text.endswith(_UNFINISHED):
            begun[thread] = text.removesuffix(_UNFINISHED)
        elif resumed := _RESUMED.fullmatch(text):
            yield begun.pop(thread) + resumed[1]
        else:
            yield text


class _Descriptors:
    """The mapping of a program's open descriptors to files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._names: dict[str, int] = {}
        self._open: dict[int, list[Any]] = {}  # by descriptor: file (None: the folder), flags, position
        self._sizes: dict[int, int] = {}

    def steps(self, call: str, result: int, arguments: list[str]) -> Iterator[Step]:
        """Yield the steps of one call on the folder."""
        if act := getattr(self, f"_on_{call}", None):
            yield from act(result, *arguments)
        elif any(self._name(each) for each in arguments) or any(
            each.isdecimal() and int(each) in self._open for each in arguments[::2]
        ):
            raise NotImplementedError(f"{call} on a file in {self._folder}")

    def _name(self, quoted: str) -> str | None:
        """Return the name of a path in the folder, "" for the folder itself, None for another path."""
        path = _text(quoted).decode(errors="replace")
        if path == self._folder:
            return ""
        return path.removeprefix(f"{self._folder}/") if path.startswith(f"{self._folder}/") else None

    def _on_openat(self, descriptor: int, _: str, quoted: str, flags: str, *__: str) -> Iterator[Step]:
        name = self._name(quoted)
        if name is None:
            return
        if name == "":
            self._open[descriptor] = [None, flags, 0]
            return
        if name not in self._names:
            self._names[name] = len(self._sizes)
            self._sizes[self._names[name]] = 0
            yield Named(name, self._names[name])
        file = self._names[name]
        self._open[descriptor] = [file, flags, 0]
        if "O_TRUNC" in flags and self._sizes[file]:
            yield from self._resize(file, 0)

    def _on_close(self, _: int, descriptor: str) -> Iterator[Step]:
        self._open.pop(int(descriptor), None)
        return iter(())

    def _on_write(self, count: int, descriptor: str, quoted: str, _: str) -> Iterator[Step]:
        if descriptor == "1":
            yield Said(_text(quoted).decode())
        elif opened := self._open.get(int(descriptor)):
            file, flags, position = opened
            offset = self._sizes[file] if "O_APPEND" in flags else position
            opened[2] = offset + count
            yield from self._put(file, flags, offset, _text(quoted)[:count])

    def _on_pwrite64(self, count: int, descriptor: str, quoted: str, _: str, offset: str) -> Iterator[Step]:
        if opened := self._open.get(int(descriptor)):
            yield from self._put(opened[0], opened[1], int(offset), _text(quoted)[:count])

    def _put(self, file: int, flags: str, offset: int, data: bytes) -> Iterator[Step]:
        self._sizes[file] = max(self._sizes[file], offset + len(data))
        yield Wrote(file, offset, data)
        if "SYNC" in flags:
            yield Synced(file)

    def _on_lseek(self, position: int, descriptor: str, *_: str) -> Iterator[Step]:
        if opened := self._open.get(int(descriptor)):
            opened[2] = position
        return iter(())

    def _on_ftruncate(self, _: int, descriptor: str, size: str) -> Iterator[Step]:
        if opened := self._open.get(int(descriptor)):
            yield from self._resize(opened[0], int(size))

    def _resize(self, file: int, size: int) -> Iterator[Step]:
        self._sizes[file] = size
        yield Resized(file, size)

    def _on_fsync(self, _: int, descriptor: str) -> Iterator[Step]:
        if opened := self._open.get(int(descriptor)):
            yield Synced(opened[0])

    _on_fdatasync = _on_fsync

    def _on_rename(self, _: int, old: str, new: str) -> Iterator[Step]:
        before, after = self._name(old), self._name(new)
        if before and after:
            self._names[after] = self._names.pop(before)
            yield Named(after, self._names[after], instead_of=before)
        elif before or after:
            raise NotImplementedError("a rename between two folders")

    def _on_renameat(self, result: int, _: str, old: str, __: str, new: str, *___: str) -> Iterator[Step]:
        return self._on_rename(result, old, new)

    _on_renameat2 = _on_renameat

    def _on_link(self, _: int, old: str, new: str) -> Iterator[Step]:
        before, after = self._name(old), self._name(new)
        if before and after:
            self._names[after] = self._names[before]
            yield Named(after, self._names[after])

    def _on_linkat(self, result: int, _: str, old: str, __: str, new: str, *___: str) -> Iterator[Step]:
        return self._on_link(result, old, new)

    def _on_unlink(self, _: int, quoted: str) -> Iterator[Step]:
        if name := self._name(quoted):
            del self._names[name]
            yield Unnamed(name)

    def _on_unlinkat(self, result: int, _: str, quoted: str, *__: str) -> Iterator[Step]:
        return self._on_unlink(result, quoted)


def _text(quoted: str) -> bytes:
    """Return the quoted text, which `strace -xx` writes in hexadecimal."""
    return bytes.fromhex(quoted.strip('"').replace("\\x", "")) if quoted.startswith('"') else b""
