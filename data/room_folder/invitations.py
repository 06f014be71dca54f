"""Invitations to a room: who holds which token may do what. They lie beside the room's file, never in it.

Only a token's hash is kept. A room without the file is open: whoever has its link is everybody in it. Where people sign
in, what a trainer may do belongs to a person as well: the token alone does not open it for another.
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
from data.store.trouble import trouble_told
from model import Actor, Engineer, Member

MOST = 200
"""So many invitations a room can have."""
_BYTES = 16  # of chance in a token: 128 bits
_LONGEST = 64  # characters of what may be a token


class Role(StrEnum):
    """What somebody is in a room."""

    TRAINER = "trainer"
    CO_TRAINER = "co-trainer"
    PARTICIPANT = "participant"  # one person in one tenant
    ENGINEER = "engineer"
    OBSERVER = "observer"  # sees what one person sees, and does nothing


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in."""

    id: str  # a hash of what the provider calls them: it is the same whenever they come
    name: str

    @classmethod
    def of(cls, issuer: str, subject: str, name: str) -> "SignedIn":
        """Return the person whom the provider `issuer` knows as `subject`."""
        return cls(sha256(f"{issuer} {subject}".encode("utf-8", "surrogatepass")).hexdigest(), name)


@dataclass(frozen=True, slots=True)
class Key:
    """What a visitor shows at a room's door: the token of the link, and who has signed in."""

    token: str = ""
    person: SignedIn | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the holders of one token are in a room; a link can be given to several."""

    id: str  # names it in the list; it opens nothing
    role: Role
    hashed: str  # of the token
    person: str | None = None
    tenant: str | None = None
    engineer: str | None = None
    ended: bool = False
    owner: str | None = None  # the id of the person to whom a trainer's invitation belongs; None: to who has the token
    owner_name: str = ""

    @property
    def leads(self) -> bool:
        """Whether its holder is a trainer: sees and does everything."""
        return self.role in (Role.TRAINER, Role.CO_TRAINER)

    @property
    def viewer(self) -> Member | Engineer | None:
        """As whom its holder looks; None: a trainer, who chooses."""
        if self.person and self.tenant:
            return Member(self.person, self.tenant)
        return Engineer(self.engineer) if self.engineer else None

    def belongs_to_another(self, key: Key) -> bool:
        """Return whether it belongs to a person, and the key is not that person's."""
        return self.owner is not None and (key.person is None or self.owner != key.person.id)

    def may_act_as(self, actor: Actor) -> bool:
        """Return whether its holder may act as somebody: a trainer as anybody, an observer as nobody."""
        return self.leads or (self.role is not Role.OBSERVER and self.viewer == actor)


@dataclass(frozen=True, slots=True)
class Invitations:
    """All invitations to one room, and what its trainer has set for everybody's pages."""

    all: tuple[Invitation, ...] = ()
    paused: bool = False  # only trainers act
    blanked: bool = False  # what is presented shows nothing
    spotlight: str = ""  # the ticket that everybody is pointed at

    def __iter__(self) -> Iterator[Invitation]:
        """Yield those that have not ended."""
        return (invitation for invitation in self.all if not invitation.ended)

    def of(self, key: Key) -> Invitation | None:
        """Return the invitation that a key opens; None if it opens none, or one that has ended or is another's.

        Who has signed in needs no token for what belongs to them. The time that it takes does not depend on which one
        it is, nor on how much of a token is right.
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
        """Return the invitations with one that belongs to a person from now on."""
        taken = replace(invitation, owner=person.id, owner_name=person.name)
        return replace(self, all=tuple(taken if one == invitation else one for one in self.all))

    def with_new(
        self, role: Role, viewer: Member | Engineer | None = None, owner: SignedIn | None = None
    ) -> tuple["Invitations", str]:
        """Return the invitations with another one, and its token, which is nowhere else.

        `owner` is to whom it belongs at once; without, a trainer's belongs to who first comes in by it, signed in.
        Raises ValueError if the role and the viewer do not fit, or the room has too many.
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
    """Return the hash of a token. It needs no salt and no slow hash, since a token is 128 bits of chance."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def beside(path: Path) -> Path:
    """Return the file of the invitations to the room in `path`; there may be none."""
    return Path(f"{path}.access")


def read(path: Path) -> Invitations | None:
    """Return the invitations to the room in `path`; None if it is open to whoever has its link.

    Raises ValueError if the file is damaged, and RoomUnavailable: who may enter is then not known, so nobody may.
    """
    try:
        with trouble_told(path):
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
    with trouble_told(path), part_beside(file) as part:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            kept = asdict(invitations)
            json.dump({"invitations": kept.pop("all"), **kept}, out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        sync_folder(file.parent)
