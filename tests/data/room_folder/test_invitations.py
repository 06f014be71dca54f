"""Tokens cannot be guessed, and only their hashes are kept, beside the room and nowhere else."""

import hmac
import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import Room
from data.room_folder.folder import RoomFolder
from data.room_folder.invitations import MOST, Invitations, Key, Role, SignedIn, beside, read, write
from model import Engineer, Member

ADELE, SAM = Member("adele", "contoso"), Engineer("sam")
ID = "a-room-of-sixteen-letters"


def invited() -> tuple[Invitations, dict[Role, str]]:
    found, tokens = Invitations(), {}
    for role, viewer in (
        (Role.TRAINER, None),
        (Role.CO_TRAINER, None),
        (Role.PARTICIPANT, ADELE),
        (Role.OBSERVER, ADELE),
        (Role.ENGINEER, SAM),
    ):
        found, tokens[role] = found.with_new(role, viewer)
    return found, tokens


def test_a_token_opens_what_it_was_made_for():
    """It determines whom its holder may act as."""
    found, tokens = invited()
    held = {role: found.of(Key(token)) for role, token in tokens.items()}
    assert {role: one.role for role, one in held.items()} == {role: role for role in Role}
    assert [role for role, one in held.items() if one.leads] == [Role.TRAINER, Role.CO_TRAINER]
    assert [role for role, one in held.items() if one.may_act_as(ADELE)] == [
        Role.TRAINER,
        Role.CO_TRAINER,
        Role.PARTICIPANT,
    ]
    assert [role for role, one in held.items() if one.may_act_as(SAM)] == [Role.TRAINER, Role.CO_TRAINER, Role.ENGINEER]
    assert not held[Role.PARTICIPANT].may_act_as(Member("adele", "fabrikam"))
    assert held[Role.OBSERVER].viewer == ADELE and held[Role.TRAINER].viewer is None


def test_a_token_has_128_bits_and_differs_each_time():
    """It is 22 URL-safe characters."""
    tokens = {Invitations().with_new(Role.TRAINER)[1] for _ in range(100)}
    assert len(tokens) == 100 and {len(token) for token in tokens} == {22}


@given(st.text(max_size=80))
def test_an_invalid_token_opens_nothing(text: str):
    """Neither does a hash, an id or part of a token."""
    found, tokens = invited()
    token = tokens[Role.TRAINER]
    for wrong in (text, token[:-1], token + "A", token.swapcase(), found.all[0].hashed, found.all[0].id, ""):
        assert found.of(Key(wrong)) is None or wrong == token


def test_every_hash_is_compared_whichever_matches(monkeypatch: pytest.MonkeyPatch):
    """The comparison takes constant time."""
    found, tokens = invited()
    compared: list[str] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: compared.append(other) or one == other)
    for token in (*tokens.values(), "forged"):
        found.of(Key(token))
    assert compared == [one.hashed for one in found.all] * (len(tokens) + 1)


def test_an_invitation_that_has_ended_opens_nothing_and_the_last_trainer_stays():
    found, tokens = invited()
    first, second = (found.of(Key(tokens[role])).id for role in (Role.TRAINER, Role.CO_TRAINER))
    ended = found.with_ended(found.of(Key(tokens[Role.PARTICIPANT])).id).with_ended(first)
    assert ended.of(Key(tokens[Role.PARTICIPANT])) is None and ended.of(Key(tokens[Role.TRAINER])) is None
    assert ended.of(Key(tokens[Role.OBSERVER])) and len(list(ended)) == 3
    with pytest.raises(ValueError, match="the last trainer's link"):
        ended.with_ended(second)


@pytest.mark.parametrize(
    ("role", "viewer"), [(Role.PARTICIPANT, None), (Role.PARTICIPANT, SAM), (Role.ENGINEER, ADELE), (Role.TRAINER, SAM)]
)
def test_a_role_fits_its_kind_of_viewer(role: Role, viewer):
    with pytest.raises(ValueError, match="is not for"):
        Invitations().with_new(role, viewer)


def test_a_room_has_a_limited_number_of_invitations():
    found = Invitations(invited()[0].all[:1] * MOST)
    with pytest.raises(ValueError, match="at most 200"):
        found.with_new(Role.TRAINER)


def test_only_hashes_are_on_disk_and_none_is_in_the_room_or_a_copy(tmp_path: Path):
    """They are in a file that only its owner can read; the room does not show them."""
    found, tokens = invited()
    path = tmp_path / f"{ID}.duckdb"
    Room.create(path, "rejection").close()
    assert read(path) is None
    write(path, found)
    assert read(path) == found and stat.S_IMODE(beside(path).stat().st_mode) == 0o600
    with Room.open(path) as room:
        room.snapshot(tmp_path / "copy.duckdb")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not any(token.encode() in content for token in tokens.values())
        assert file == beside(path) or not any(one.hashed.encode() in content for one in found.all)
    with duckdb.connect(str(path)) as db:
        tables = [name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert "log" in tables and not [name for name in tables if "acc" in name or "inv" in name]


def test_an_unreadable_file_of_invitations_lets_nobody_in(tmp_path: Path):
    """A damaged file is an error, not an open room."""
    path = tmp_path / "a.duckdb"
    for content in ("", "[", "{}x", "{}", "[]", '{"paused": false, "invitations": [{"id": "a"}]}', "[1]"):
        beside(path).write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match="is damaged"):
            read(path)


def test_invitations_survive_a_replacement_and_are_deleted_with_the_room(tmp_path: Path):
    """They also survive a move to the first folder."""
    folder = RoomFolder(tmp_path / "rooms", tmp_path / "old")
    (tmp_path / "old").mkdir()
    before = tmp_path / "old" / f"{ID}.duckdb"
    Room.create(before, "rejection").close()
    write(before, invited()[0])
    for _ in range(2):
        with folder.new_file(ID) as new:
            Room.create(new, "rejection").close()
        assert read(folder.file(ID)) is not None and folder.file(ID) != before
    assert not beside(before).exists()
    assert beside(folder.file(ID)) not in folder.left_over(10**12, 0, 0)
    folder.remove(ID, requested=True)
    assert [file.name for file in (tmp_path / "rooms").iterdir()] == [f"{ID}.duckdb.gone"]


ADA, BEA = SignedIn.of("https://provider", "1", "Ada"), SignedIn.of("https://provider", "2", "Bea")


def test_a_trainers_invitation_belongs_to_the_first_user_and_a_participants_to_everyone_with_the_link():
    """The token alone does not admit others or unauthenticated users; the owner needs no token."""
    found, token = Invitations().with_new(Role.TRAINER)
    found, of_ben = found.with_new(Role.PARTICIPANT, Member("ben", "contoso"))
    trainer = found.of(Key(token, BEA))
    assert trainer is not None and trainer.leads and not trainer.owner
    found = found.claimed(trainer, ADA)
    assert [found.of(key) is None for key in (Key(token), Key(token, BEA), Key("", BEA), Key())] == [True] * 4
    for key in (Key(token, ADA), Key("", ADA), Key("forged", ADA)):
        held = found.of(key)
        assert held is not None and held.leads and held.owner_name == "Ada"
    for person in (None, ADA, BEA):
        assert found.of(Key(of_ben, person)).role is Role.PARTICIPANT
    assert found.with_new(Role.CO_TRAINER)[0].with_ended(trainer.id).of(Key("", ADA)) is None


def test_a_person_is_identified_by_provider_and_subject_not_by_name():
    assert SignedIn.of("https://provider", "1", "Ada L.").id == ADA.id
    assert len({ADA.id, BEA.id, SignedIn.of("https://other", "1", "Ada").id}) == 3
    assert "provider" not in ADA.id


def test_ownership_is_kept_in_the_file(tmp_path: Path):
    found, token = Invitations().with_new(Role.TRAINER, owner=ADA)
    write(tmp_path / "a.duckdb", found)
    assert read(tmp_path / "a.duckdb") == found and found.of(Key(token, BEA)) is None
