"""Limits on the number and the size of the rooms in a folder, so that nobody can fill the disk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.store.trouble import RoomUnavailable

MAX_ROOMS = "SUPPORT_ACCESS_LAB_MAX_ROOMS"
"""The environment variable for the most rooms in the folder."""
MAX_BYTES = "SUPPORT_ACCESS_LAB_MAX_BYTES"
"""The environment variable for the most bytes of all files in the folder."""


class RoomsFull(RoomUnavailable):
    """No more rooms fit. `reason` contains no path, so that it can be shown to a visitor."""

    def __init__(self, reason: str) -> None:
        super().__init__("the folder of rooms", reason)

    def __reduce__(self) -> tuple[type["RoomsFull"], tuple[str]]:  # type: ignore[override]
        """Support copying and pickling."""
        return type(self), (self.reason,)


@dataclass(frozen=True)
class FolderLimits:
    """How much a folder of rooms may hold. A room takes about 4 million bytes."""

    rooms: int = 1_000
    bytes: int = 10_000_000_000

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], wrong: Callable[[str], None]) -> "FolderLimits":
        """Return the limits that the two variables set; for a bad value call `wrong` and use the default."""

        def read(variable: str, default: int) -> int:
            text = environment.get(variable, "").strip()
            if not text:
                return default
            if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0:
                return int(text)
            wrong(f"{variable} must be a whole number above 0, not {text[:40]!r}; {default} is used")
            return default

        return cls(read(MAX_ROOMS, cls.rooms), read(MAX_BYTES, cls.bytes))

    def check(self, rooms: int, size: int) -> None:
        """Raise RoomsFull if so many rooms or bytes are more than the folder may hold."""
        if rooms > self.rooms:
            raise RoomsFull(
                f"This server keeps at most {self.rooms:,} room{'' if self.rooms == 1 else 's'}, and has that many."
            )
        if size > self.bytes:
            raise RoomsFull(f"This server keeps at most {self.bytes:,} bytes of rooms, and another room would be more.")
