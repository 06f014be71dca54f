"""A disk that fails at a commit or a statement of a room's store, before or after its effect."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.store import duckdb_file
from data.store.duckdb_file import Store


class Failing:
    """A cursor whose statement or commit fails, before or after its effect."""

    def __init__(self, real: duckdb.DuckDBPyConnection, what: str, error: Exception, *, after: bool) -> None:
        self.real, self.what, self.error, self.after = real, what, error, after

    def _fail(self, called: str, *given: Any) -> Any:
        if called == self.what and not self.after:
            raise self.error
        done = getattr(self.real, called)(*given)
        if called == self.what:
            raise self.error
        return done

    def commit(self) -> Any:
        return self._fail("commit")

    def execute(self, *given: Any) -> Any:
        return self._fail("execute", *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@contextmanager
def failing(
    patch: pytest.MonkeyPatch, what: str, error: Exception, *, after: bool = False, reopens: bool = True
) -> Iterator[None]:
    """Let each commit or statement fail within the block; with `reopens=False` the file cannot be reopened either."""
    cursor = Store.cursor

    @contextmanager
    def fails(self: Store) -> Iterator[Any]:
        with cursor(self) as real:
            yield Failing(real, what, error, after=after)

    with patch.context() as inner:
        inner.setattr(Store, "cursor", fails)
        if not reopens:
            connect = duckdb_file._connect

            def refuses(path: str, **how: Any) -> Any:
                if Path(path).name == "a.duckdb":
                    raise duckdb.IOException(os.strerror(errno.EIO))
                return connect(path, **how)

            inner.setattr(duckdb_file, "_connect", refuses)
        yield
