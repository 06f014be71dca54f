"""Refusals: why a command is not carried out. No sentence says more than its reader may know."""

from enum import StrEnum

from model.directory import PERMISSION


class Code(StrEnum):
    """Why a command is refused."""

    NOT_FOUND = "not-found"
    NO_PERMISSION = "no-permission"
    NOT_ADMINISTRATOR_OF_BOTH = "not-administrator-of-both"
    NOT_ASSIGNED = "not-assigned"
    WRONG_STATUS = "wrong-status"
    TICKET_CLOSED = "ticket-closed"
    SAME_TENANT = "same-tenant"
    ALREADY_REQUESTED = "already-requested"
    SAME_PERSON = "same-person"
    JUSTIFICATION_MISSING = "justification-missing"
    CHANGED_MEANWHILE = "changed-meanwhile"
    NO_ACCESS = "no-access"
    READ_ONLY = "read-only"


class Refused(Exception):
    """Raised when a command is not carried out. Has a `code`, and a `sentence` for the screen; nothing has changed."""

    def __init__(self, code: Code | str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = Code(code)
        self.sentence = sentence

    def __reduce__(self) -> tuple[type["Refused"], tuple[Code, str]]:
        """Support copying and pickling."""
        return type(self), (self.code, self.sentence)

    def __repr__(self) -> str:
        return f"Refused({self.code.value!r}, {self.sentence!r})"


def no_permission(allows: str = f"includes the permission {PERMISSION}") -> Refused:
    """Return the refusal for a member who has no role that allows the command."""
    return Refused(Code.NO_PERMISSION, f"You have no role in this tenant that {allows}.")


def not_found(what: str) -> Refused:
    """Return the one refusal for what does not exist and for what the member cannot see."""
    return Refused(Code.NOT_FOUND, f"There is no such {what} here.")
