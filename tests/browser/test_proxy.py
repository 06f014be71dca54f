"""The shipped nginx configuration: TLS and a base path, with all protections intact."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.browser.conftest import MakeRoom, OpenWindow, missing
from tests.browser.pages import WELCOME, click, expect, follow, in_menu, main, ready, says, titled
from tests.browser.serving import HOST, ROOT, Server, free_port, serving
from tests.dashboard.test_server import CLOSED, has_headers

CONFIGURATION = ROOT / "dashboard" / "server" / "nginx.conf"
NAME = "localhost"
STARTED = re.compile(r"^\.venv/bin/(streamlit run app\.py --server\.baseUrlPath.*)$", flags=re.MULTILINE)


@dataclass(frozen=True)
class Proxy:
    """nginx, with the dashboard behind it."""

    port: int
    plain_port: int
    behind: Server

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return the response's status, its headers in lower case, and its body."""
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=30, context=trusting())
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        names = [name.lower() for name, _ in answer.getheaders()]
        assert len(set(names)) == len(names), "a header stands there twice"
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def open_stream(self, origin: str | None) -> ClientConnection:
        """Open a page's websocket through nginx."""
        return connect(
            f"wss://{NAME}:{self.port}/lab/_stcore/stream",
            ssl=trusting(),
            subprotocols=[Subprotocol("streamlit")],
            origin=origin,
        )


def trusting() -> ssl.SSLContext:
    """Return a context that trusts the test's own certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def in_path(program: str) -> str:
    """Return the program's path; skip or fail the test if it is missing."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        missing(f"there is no {program}: install Debian's package {program.replace('nginx', 'nginx-light')}")
    return str(found)


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[tuple[int, int]]:
    """Run nginx with the shipped file and this test's names, ports and certificate; give its ports."""
    folder.mkdir()
    port, plain_port, text = free_port(), free_port(), CONFIGURATION.read_text(encoding="utf-8")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    wanted = f"{in_path('openssl')} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={NAME}"
    subprocess.run([*wanted.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    for there, here in {
        "listen      80;": f"listen {HOST}:{plain_port};",
        "listen      443 ssl;": f"listen {HOST}:{port} ssl;",
        "/etc/ssl/certs/lab.example.com.pem": str(certificate),
        "/etc/ssl/private/lab.example.com.key": str(key),
        "lab.example.com;": f"{NAME};",
        "127.0.0.1:8501": f"127.0.0.1:{behind}",
    }.items():
        assert there in text
        text = text.replace(there, here)
    (folder / "dashboard.conf").write_text(text, encoding="utf-8")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log warn; events {{}}\n"
        f"http {{ access_log off;\n{paths} include {folder}/dashboard.conf; }}\n",
        encoding="utf-8",
    )
    command = [in_path("nginx"), "-p", str(folder), "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"]
    said = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert said.returncode == 0 and "warn" not in said.stderr, said.stderr
    process = subprocess.Popen(command)
    try:
        _wait_for(port, process)
        yield port, plain_port
    finally:
        process.terminate()
        process.wait()
    assert not (folder / "log").read_text(encoding="utf-8")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx did not start"
        try:
            socket.create_connection((HOST, port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nginx does not answer")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Run the dashboard as in its README, and nginx."""
    in_path("nginx")
    (command,) = STARTED.findall((ROOT / "dashboard/README.md").read_text(encoding="utf-8"))
    options = shlex.split(command.replace("lab.example.com", NAME))[3:]
    folder = tmp_path_factory.mktemp("behind")
    with (
        serving(ROOT / "app.py", folder / "log", rooms=folder / "rooms", options=options, path="/lab") as behind,
        nginx(folder / "nginx", behind.port) as (port, plain_port),
    ):
        yield Proxy(port, plain_port, behind)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lab/", 200),
        ("/lab/pending-requests", 200),
        ("/lab/_stcore/health", 200),
        ("/lab/_stcore/host-config", 200),
        ("/lab/media/no-such-file", 404),
        ("/lab", 301),
        ("/", 404),
        ("/elsewhere", 404),
        ("/_stcore/health", 404),
        *((f"/lab{path}", 404) for path in CLOSED),
    ],
)
def test_every_response_has_the_headers_once(proxy: Proxy, path: str, status: int) -> None:
    """So have the dashboard's and nginx's own; nothing exists outside of the path, and closed endpoints stay closed."""
    found, headers, _ = proxy.ask(path)
    assert found == status and has_headers(headers)
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_plain_http_is_redirected_to_https(proxy: Proxy) -> None:
    """Path and query are kept."""
    connection = http.client.HTTPConnection(NAME, proxy.plain_port, timeout=30)
    connection.request("GET", "/lab/audit-log?room=x")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{NAME}/lab/audit-log?room=x")
    connection.close()


def test_the_csrf_token_is_required_and_restricted_to_tls(proxy: Proxy) -> None:
    """The protection is on behind the proxy, too."""
    _, headers, _ = proxy.ask("/lab/_stcore/health")
    assert headers["set-cookie"].startswith("_streamlit_xsrf=") and headers["set-cookie"].lower().endswith("; secure")
    assert "access-control-allow-origin" not in proxy.ask("/lab/_stcore/health", Origin="https://evil.test")[1]
    status, headers, _ = proxy.ask("/lab/_stcore/upload_file/session/file", "PUT")
    assert status == 403 and has_headers(headers)


def test_the_pages_own_websocket_is_opened_and_no_other_one(proxy: Proxy) -> None:
    """The name in the address and the page's origin reach the dashboard as the browser sent them."""
    with proxy.open_stream(proxy.origin) as stream:
        assert stream.response and has_headers({k.lower(): v for k, v in stream.response.headers.items()})
    for origin in ("https://evil.test", f"https://{NAME}", f"http://127.0.0.1:{proxy.behind.port}"):
        with pytest.raises(InvalidStatus) as refused:
            proxy.open_stream(origin)
        assert refused.value.response.status_code == 403
        assert has_headers({k.lower(): v for k, v in refused.value.response.headers.items()})


def test_a_stopped_dashboard_is_reported(tmp_path: Path) -> None:
    """nginx responds, with the headers."""
    with socket.socket() as nobody:
        nobody.bind((HOST, 0))  # and does not listen
        try:
            with nginx(tmp_path / "nginx", nobody.getsockname()[1]) as (port, plain_port):
                stopped: Any = None
                status, headers, _ = Proxy(port, plain_port, stopped).ask("/lab/")
                assert status == 502 and has_headers(headers)
                (tmp_path / "nginx" / "log").write_text("")  # nginx says there that nobody answers
        finally:
            nobody.close()


def test_the_dashboard_works_in_a_browser_below_the_path(
    proxy: Proxy, make_room: MakeRoom, open_window: OpenWindow
) -> None:
    """A link opens its room, a button acts, the pages lead to each other and to a new room, all below the path."""
    room = make_room(folder=proxy.behind.log.with_name("rooms"))
    page = open_window(base_url=proxy.origin, ignore_https_errors=True)
    page.goto(f"/lab/pending-requests?room={room}&viewer=adele@contoso")
    ready(page)
    request = follow(page, "Review for approval")
    click(request, "Approve")
    says(request, "You approved")
    assert request.url.startswith(f"{proxy.origin}/lab/pending-requests?room={room}")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Scenarios").click()
    expect(page.locator("h1")).to_have_text("Scenarios")
    assert page.url.startswith(f"{proxy.origin}/lab/scenarios?room={room}")
    links = "links => links.map(link => [link.innerText.split('\\n').pop().trim(), link.href])"
    menu = dict(page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink").evaluate_all(links))
    assert set(menu) == set(in_menu(page))
    for title, address in menu.items():  # as in a new tab, or typed
        assert address.startswith(f"{proxy.origin}/lab/{title.lower().replace(' ', '-')}?room={room}")
        page.goto(address)
        titled(page, title)
    page.goto("/lab/scenarios?room=no-room")
    new_room = main(page).get_by_role("link", name="Open a new room")
    assert new_room.evaluate("link => link.href") == f"{proxy.origin}/lab/welcome"
    new_room.click()
    titled(page, WELCOME)
    assert page.url.startswith(f"{proxy.origin}/lab/")
