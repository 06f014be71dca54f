"""`python -m dashboard` serves a room with a trainer, under the machine's allowed names only."""

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard import __main__ as classroom
from dashboard.background.rooms import FOLDER
from data import Room
from data.room_folder import invitations
from data.room_folder.invitations import Key, Role
from tests.browser.serving import ROOT, free_port

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[str], int, Path]]:
    """Give its output until the server answers, its port, and the folder of rooms."""
    port, folder = free_port(), tmp_path_factory.mktemp("class")
    command = [sys.executable, "-m", "dashboard", "--no-browser", "--address", "lab.test", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {FOLDER: str(folder)}, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            lines = []
            assert process.stdout
            for line in process.stdout:
                lines.append(line.rstrip())
                if "URL:" in line:
                    break
            yield lines, port, folder
        finally:
            process.terminate()
            process.wait()


def handshake(port: int, host: str, origin: str) -> int:
    """Return the status of the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/_stcore/stream", headers={**HANDSHAKE, "Host": host, "Origin": origin})
        with closing(connection.getresponse()) as answer:
            return answer.status


@pytest.mark.slow
def test_it_prints_the_address_and_the_trainers_link_to_an_existing_room(said):
    """The link has the given host name and a token whose hash is beside the room."""
    lines, port, folder = said
    assert any("█" in line for line in lines) and any(f"http://lab.test:{port}:" in line for line in lines)
    (link,) = [line.partition(": ")[2] for line in lines if line.startswith("Your class: ")]
    given = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert urlsplit(link)[:3] == ("http", f"lab.test:{port}", "/side-by-side") and given["viewer"] == "trainer"
    held = invitations.read(folder / f"{given['room']}.duckdb")
    assert held.of(Key(given["key"])).role is Role.TRAINER
    assert not any(given["key"].encode() in file.read_bytes() for file in folder.iterdir())


@pytest.mark.slow
def test_it_accepts_its_allowed_host_names_only(said):
    """A foreign name that resolves to this machine is refused, and so is a page of another origin."""
    _, port, _ = said
    here = f"lab.test:{port}"
    assert handshake(port, here, f"http://{here}") == 101
    assert handshake(port, here, "http://evil.test") == 403
    assert handshake(port, "evil.test", "http://evil.test") != 101


def test_the_room_of_a_class_starts_the_chosen_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is closed when the server takes over."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    room_id, _ = classroom.make_room("rejection")
    with Room.open(tmp_path / f"{room_id}.duckdb") as room:
        assert room.story.title == "Rejection" and room.steps_done == 0


def test_without_a_network_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(classroom, "_own_address", lambda: None)
    assert classroom.main([]) == 2
    assert "--address" in capsys.readouterr().err
