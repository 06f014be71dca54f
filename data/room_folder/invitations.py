"""Invitations to a room: which token allows what. They are stored beside the room's file, never in it.

Only the hash of a token is stored. A room without the file is open: anybody with its link can act as everybody. Where
people sign in, a trainer's invitation is also bound to a person: another person cannot use its token.
"""

import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from data.store.placing import part_beside, sync_folder
from data.store.trouble import translated_errors
from model import Actor, Engineer, Member

MOST = 200
"""The most invitations of a room."""
_BYTES = 16  # of randomness in a token: 128 bits
_LONGEST = 64  # characters of a possible token


class Role(StrEnum):
    """The role of a visitor in a room."""

    TRAINER = "trainer"
    CO_TRAINER = "co-trainer"
    PARTICIPANT = "participant"  # acts as one person in one tenant
    ENGINEER = "engineer"
    OBSERVER = "observer"  # sees what one person sees, and cannot act


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who has signed in."""

    id: str  # a hash of the provider's id for them: the same at each sign-in
    name: str

    @classmethod
    def of(cls, issuer: str, subject: str, name: str) -> "SignedIn":
        """Return the person whom the provider `issuer` knows as `subject`."""
        return cls(sha256(f"{issuer} {subject}".encode("utf-8", "surrogatepass")).hexdigest(), name)


@dataclass(frozen=True, slots=True)
class Key:
    """A visitor's credentials: the token of the link, and who has signed in."""

    token: str = ""
    person: SignedIn | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the holders of one token may do in a room; several people can share a link."""

    id: str  # for the list; grants nothing
    role: Role
    hashed: str  # the token's hash
    person: str | None = None
    tenant: str | None = None
    engineer: str | None = None
    ended: bool = False
    owner: str | None = None  # the person to whom a trainer's invitation is bound; None: not bound
    owner_name: str = ""

    @property
    def leads(self) -> bool:
        """Whether its holder is a trainer, who sees and does everything."""
        return self.role in (Role.TRAINER, Role.CO_TRAINER)

    @property
    def viewer(self) -> Member | Engineer | None:
        """As which member or engineer its holder looks; None for a trainer, who chooses."""
        if self.person and self.tenant:
            return Member(self.person, self.tenant)
        return Engineer(self.engineer) if self.engineer else None

    def belongs_to_another(self, key: Key) -> bool:
        """Return whether it is bound to a person other than the key's."""
        return self.owner is not None and (key.person is None or self.owner != key.person.id)

    def may_act_as(self, actor: Actor) -> bool:
        """Return whether its holder may act as the actor: a trainer as anybody, an observer as nobody."""
        return self.leads or (self.role is not Role.OBSERVER and self.viewer == actor)


@dataclass(frozen=True, slots=True)
class Invitations:
    """All invitations to one room, and the settings that its trainer has made for all pages."""

    all: tuple[Invitation, ...] = ()
    paused: bool = False  # only trainers may act
    blanked: bool = False  # presented pages are blank
    spotlight: str = ""  # the ticket to which everybody's attention is drawn

    def __iter__(self) -> Iterator[Invitation]:
        """Yield the invitations that have not ended."""
        return (invitation for invitation in self.all if not invitation.ended)

    def of(self, key: Key) -> Invitation | None:
        """Return the invitation for a key; None if there is none, or it has ended, or it is bound to somebody else.

        People who have signed in need no token for an invitation that is bound to them. The time taken depends neither
        on which invitation it is, nor on how much of a token is right.
        """
        given, found, own = _hash(key.token[:_LONGEST]), None, None
        for one in self.all:
            its_link = hmac.compare_digest(given, one.hashed)
            if one.ended or one.belongs_to_another(key):
                continue
            found = one if its_link else found
            own = one if one.owner else own
        return found or own

    def claimed(self, invitation: Invitation, person: SignedIn) -> "Invitations":
        """Return the invitations, with one of them bound to a person."""
        taken = replace(invitation, owner=person.id, owner_name=person.name)
        return replace(self, all=tuple(taken if one == invitation else one for one in self.all))

    def with_new(
        self, role: Role, viewer: Member | Engineer | None = None, owner: SignedIn | None = None
    ) -> tuple["Invitations", str]:
        """Return the invitations with another one, and its token, which is not stored anywhere.

        It is bound to `owner`; without one, a trainer's invitation is bound to the first signed-in person who uses it.
        Raises ValueError if the role and the viewer do not fit, or the room has too many invitations.
        """
        fits = {Role.PARTICIPANT: Member, Role.OBSERVER: Member, Role.ENGINEER: Engineer}.get(role, type(None))
        if not isinstance(viewer, fits):
            raise ValueError(f"an invitation as {role} is not for {viewer}")
        if len(self.all) >= MOST:
            raise ValueError(f"a room has at most {MOST} invitations, ended ones included")
        token = secrets.token_urlsafe(_BYTES)
        member = viewer if isinstance(viewer, Member) else None
        new = Invitation(
            secrets.token_hex(4),
            role,
            _hash(token),
            member.person if member else None,
            member.tenant if member else None,
            viewer.id if isinstance(viewer, Engineer) else None,
            owner=owner.id if owner else None,
            owner_name=owner.name if owner else "",
        )
        return replace(self, all=(*self.all, new)), token

    def with_ended(self, invitation_id: str) -> "Invitations":
        """Return the invitations with one ended. Raises ValueError if no trainer would be left."""
        changed = tuple(replace(one, ended=one.ended or one.id == invitation_id) for one in self.all)
        if not any(one.leads and not one.ended for one in changed):
            raise ValueError("this is the last trainer's link: without it nobody could lead the room")
        return replace(self, all=changed)


def _hash(token: str) -> str:
    """Return the hash of a token. A token is 128 random bits, so it needs no salt and no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def beside(path: Path) -> Path:
    """Return the file of the invitations to the room in `path`; it need not exist."""
    return Path(f"{path}.access")


def read(path: Path) -> Invitations | None:
    """Return the invitations to the room in `path`; None if it is open to anybody with its link.

    Raises ValueError if the file is damaged, and RoomUnavailable: it is then unknown who may enter, so nobody may.
    """
    try:
        with translated_errors(path):
            text = beside(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found = json.loads(text)
        all_of_them = tuple(Invitation(**{**one, "role": Role(one["role"])}) for one in found["invitations"])
        set_for_all = bool(found["paused"]), bool(found.get("blanked")), str(found.get("spotlight", ""))
        return Invitations(all_of_them, *set_for_all)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{beside(path)} is damaged") from error


def write(path: Path, invitations: Invitations) -> None:
    """Write the invitations to the room in `path`, whole or not at all. Raises RoomUnavailable."""
    file = beside(path)
    with translated_errors(path), part_beside(file) as part:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            kept = asdict(invitations)
            json.dump({"invitations": kept.pop("all"), **kept}, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        sync_folder(file.parent)
