"""Room ids cannot be guessed, and the server recognises the ones it issued without keeping a list.

So an unused link costs nothing, however many are issued, and none is evicted.
"""

import base64
import hmac
import logging
import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

LASTS = 30
"""Days for which a link without any act is valid."""
_DAY = 86_400  # seconds
_CHANCE, _PROOF = 9, 7  # bytes; the proof is a keyed hash of the random part and the day, and looks random
_log = logging.getLogger(__name__)


class RoomIds:
    """Issues ids, and recognises its own by a secret key, which is kept in a file."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        self._key = self._read() or secrets.token_bytes(32)

    def _read(self) -> bytes | None:
        try:
            key = bytes.fromhex(self._file.read_text(encoding="ascii").strip())
            if len(key) == 32:
                return key
            why: object = "it is not a key"
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            why = error
        _log.error("%s cannot be read, so that links in which nobody acted are not known any more: %s", self._file, why)
        return None

    def keep_key(self) -> None:
        """Save the key for the next start of the server, unless one is saved already."""
        if not self._file.exists():
            with suppress(OSError):
                part = self._file.with_name(f"{self._file.name}.{secrets.token_hex(4)}.part")
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(self._key.hex())
                part.replace(self._file)

    def new(self, now: float) -> str:
        """Return a new id: 128 bits that cannot be guessed without the key."""
        while True:
            chance = secrets.token_bytes(_CHANCE)
            room_id = _text(chance + self._proof(chance, int(now // _DAY)))
            if not room_id.startswith("-"):  # a command line would take it for an option
                return room_id

    def gave_out(self, room_id: str, now: float) -> bool:
        """Return whether the id was issued within the last `LASTS` days."""
        try:
            given = base64.b64decode(room_id + "==", altchars=b"-_", validate=True)
        except ValueError:
            return False
        if len(given) != _CHANCE + _PROOF or _text(given) != room_id:
            return False
        today = int(now // _DAY)
        proofs = [self._proof(given[:_CHANCE], day) for day in range(today - LASTS, today + 1)]
        return any(hmac.compare_digest(given[_CHANCE:], proof) for proof in proofs)

    def _proof(self, chance: bytes, day: int) -> bytes:
        return blake2b(chance + day.to_bytes(4, "big"), digest_size=_PROOF, key=self._key).digest()


def _text(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).decode("ascii").rstrip("=")
