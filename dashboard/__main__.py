"""Serve a class: `python -m dashboard` makes a room with a trainer and serves it to the local network."""

import argparse
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import segno

from dashboard.background.rooms import DEFAULT, FOLDER, Rooms
from dashboard.shell.page_list import PAGES, TRAINER
from data import scenarios
from data.commands.screen import on_any_screen
from data.files.app_folders import app_folders
from data.room_folder import invitations
from data.room_folder.invitations import Invitations, Role

_APP = Path(__file__).parents[1] / "app.py"
_NOWHERE = ("192.0.2.1", 9)  # a documentation address: nothing is sent to it


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the room, print how to enter it, and serve until the process ends."""
    given = _parser().parse_args(arguments)
    address = given.address or _own_address()
    if address is None:
        print("This machine is in no network. Give its address with --address, or use make run.", file=sys.stderr)
        return 2
    room_id, token = make_room(given.scenario)
    base = f"http://{address}:{given.port}"
    page = PAGES["side_by_side"][2]
    link = f"{base}/{page}?{urlencode({'room': room_id, 'viewer': TRAINER, 'key': token})}"
    segno.make(base, micro=False).terminal(compact=True)
    print(f"Everyone in this network can open {base}: there, each visitor has rooms of their own.")
    print(f"Your class: {link}")
    print("That link makes you its trainer: keep it to yourself, and make the others' links on the page Invite.")
    print(
        "If nobody else can open the address, a firewall closes the port: dashboard/README.md, “A class”.", flush=True
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which ends the server, too
    server = subprocess.Popen(command(address, given.port), cwd=_APP.parent)
    try:
        if not given.no_browser and _answers(f"http://127.0.0.1:{given.port}", server):
            webbrowser.open(link)
        return server.wait()
    except KeyboardInterrupt:  # the server received it, too
        return server.wait()
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dashboard",
        description="Serve a class: a room with a trainer, for everybody in the local network who is invited.",
        epilog=f"Rooms are kept in var/rooms, or in the folder that {FOLDER} names.",
    )
    parser.add_argument("--port", type=int, default=8501, help="where the server listens (default: 8501)")
    parser.add_argument("--address", help="the name or address by which others reach this machine")
    parser.add_argument("--scenario", default=DEFAULT, choices=sorted(scenarios()), help=f"(default: {DEFAULT})")
    parser.add_argument("--no-browser", action="store_true", help="do not open the trainer's page")
    return parser


def make_room(scenario: str) -> tuple[str, str]:
    """Make a room with a trainer before the server opens the folder; return its id and the trainer's token."""
    rooms = Rooms(*app_folders("rooms", FOLDER))
    try:
        room_id = rooms.new_id()
        rooms.start(room_id, scenario)
        path = rooms.file(room_id)
        if path is None:
            raise SystemExit("The room cannot be saved: the folder of rooms cannot be written, or the disk is full.")
        found, token = Invitations().with_new(Role.TRAINER)
        invitations.write(path, found)
        return room_id, token
    finally:
        rooms.close()


def command(address: str, port: int) -> list[str]:
    """Return the command that serves the dashboard on all of this machine's addresses, for its allowed host names."""
    names = dict.fromkeys([address, "localhost", "127.0.0.1", socket.gethostname(), f"{socket.gethostname()}.local"])
    hosts = [option for name in names for option in ("--server.allowedHosts", name)]
    listen = ["--server.address", "0.0.0.0", "--server.port", str(port), "--browser.serverAddress", address]
    return [sys.executable, "-m", "streamlit", "run", _APP.name, *listen, *hosts]


def _own_address() -> str | None:
    """Return this machine's address on its outgoing network, or None."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_NOWHERE)
        address = str(probe.getsockname()[0])
        return None if address.startswith("127.") else address
    return None


def _answers(base: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; return False if it ends."""
    while server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{base}/_stcore/health", timeout=5):
            return True
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(on_any_screen(main))
