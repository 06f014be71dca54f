"""The app in a separate server process, and Chromium. The benchmark uses them, too."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.background.rooms import FOLDER
from data.scenario import policy_files

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    """A running Streamlit server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path  # its output

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def kill(self) -> None:
        """End it like a crash, without cleanup."""
        self.process.kill()
        self.process.wait()


def chromium() -> str | None:
    """Return the path of Chromium, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    app: Path,
    log: Path,
    *,
    rooms: Path | None = None,
    port: int | None = None,
    program: str = "streamlit",
    options: Sequence[str] = (),
    path: str = "",
) -> Iterator[Server]:
    """Serve the app below `path` within the block. `rooms`: the folder of all files."""
    port = port or free_port()
    command = [sys.executable, "-m", program, "run", app.name, "--server.port", str(port), *options]
    command += ["--server.address", HOST, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    folders = {FOLDER: str(rooms), policy_files.FOLDER: str(rooms / "policies")} if rooms else {}
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=app.parent, env=os.environ | folders, stdout=output, stderr=output)
    server = Server(port, process, log)
    try:
        _wait_for(server, path)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait_for(server: Server, path: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{server.address}{path}/_stcore/health", timeout=5):
                return
        except OSError:
            if server.process.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{server.log.read_text(encoding='utf-8')}")
