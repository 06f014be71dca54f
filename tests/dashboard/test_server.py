"""The server around the pages: headers, closed endpoints, access, and shutdown."""

import asyncio
import gzip
import http.client
import json
import re
import signal
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.server.door import Door
from dashboard.server.errors import answer_error
from dashboard.server.headers import SecurityHeaders
from tests.browser.serving import HOST, ROOT, Server, serving

HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
CLOSED = [
    "/_stcore/metrics",
    "/_stcore/metrics/",
    "//_stcore/metrics",
    "/_stcore/%6detrics",
    "/_stcore/metrics?families=active_sessions",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/",
    "/_stcore/healthy",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with serving(ROOT / "app.py", folder / "log", rooms=folder / "rooms") as server:
        yield server


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the response's status, its headers in lower case, and its body."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def open_stream(server: Server, **headers: str) -> ClientConnection:
    """Open a page's websocket with the server's own `Host`. Raises InvalidStatus if the server refuses it."""
    return connect(
        f"ws://{HOST}:{server.port}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=headers,
        max_size=None,
    )


def draw(stream: ClientConnection) -> bytes:
    """Request the start page, and return all messages until it is drawn."""
    stream.send(BackMsg(rerun_script={}).SerializeToString())
    received = b""
    for part in stream:
        received += bytes(part)
        if ForwardMsg.FromString(bytes(part)).WhichOneof("type") == "script_finished":
            break
    return received


def has_headers(found: dict[str, str]) -> bool:
    return {name: found.get(name) for name in HEADERS} == HEADERS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/pending-requests", 200),
        ("HEAD", "/", 200),
        ("GET", "/no/such/page", 200),  # the page says so
        ("GET", "/static/no-such.js", 200),
        ("GET", "/_stcore/health", 200),
        ("OPTIONS", "/_stcore/health", 204),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/media/no-such-file", 404),
        ("GET", "/component/none/index.html", 404),
        ("POST", "/_stcore/health", 405),
        ("PUT", "/_stcore/upload_file/session/file", 403),  # without the token against forged requests
        ("GET", "/..%2f..%2fetc/passwd", 400),
        ("GET", "/_stcore/metrics", 404),
    ],
)
def test_every_response_has_the_headers(server: Server, method: str, path: str, status: int):
    """Checked are the start page, a script, a download and a refusal."""
    found, headers, _ = ask(server, path, method)
    assert found == status and has_headers(headers)


@pytest.mark.slow
def test_a_browser_gets_a_random_number_with_the_page(server: Server):
    """It is an HTTP-only session cookie; an invalid one is replaced."""
    given = [ask(server, path)[1]["set-cookie"] for path in ("/", "/pending-requests")]
    numbers = [re.fullmatch("visitor=([0-9a-f]{32}); Path=/; HttpOnly; SameSite=Lax", one)[1] for one in given]
    assert numbers[0] != numbers[1]
    assert "set-cookie" not in ask(server, "/", Cookie=f"theme=dark; visitor={numbers[0]}")[1]
    assert "visitor=" in ask(server, "/", Cookie="visitor=Mia")[1]["set-cookie"]
    assert "visitor=" not in ask(server, "/_stcore/health")[1].get("set-cookie", "")


@pytest.mark.slow
def test_a_script_that_the_start_page_names_has_the_headers(server: Server):
    """Also where the answer is a file."""
    _, _, page = ask(server, "/")
    path = page.decode().partition('src="./')[2].partition('"')[0]
    status, headers, _ = ask(server, f"/{path}")
    assert status == 200 and "javascript" in headers["content-type"] and has_headers(headers)


@pytest.mark.slow
def test_scripts_are_compressed_for_browsers_that_accept_it(server: Server):
    """The same script either way; a page itself and what is not there are sent as they are."""
    _, found, page = ask(server, "/", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in found
    script = next(name for name in re.findall(r"/static/js/index[-.\w]+\.js", page.decode()))
    _, plain, whole = ask(server, script)
    for _ in range(2):
        status, found, body = ask(server, script, **{"Accept-Encoding": "gzip, deflate, br"})
        assert (status, found["content-encoding"], found["vary"]) == (200, "gzip", "Accept-Encoding")
        assert gzip.decompress(body) == whole and len(body) == int(found["content-length"]) < len(whole) / 2
        assert has_headers(found) and found["cache-control"] == plain["cache-control"]
    assert "content-encoding" not in plain
    assert ask(server, script, "HEAD", **{"Accept-Encoding": "gzip"})[2] == b""
    status, found, _ = ask(server, script, **{"Accept-Encoding": "gzip", "If-None-Match": plain["etag"]})
    assert status == 304 and "content-encoding" not in found
    _, found, body = ask(server, "/static/js/no-such-script.js", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in found and body == page, "Streamlit sends its page for whatever is not there"


@pytest.mark.slow
@pytest.mark.parametrize("path", CLOSED)
def test_unused_endpoints_are_closed(server: Server, path: str):
    """Figures about all visitors, the interface for agents, signing in: however they are written."""
    status, headers, body = ask(server, path)
    assert status == 404 and body == b"Not Found" and has_headers(headers)


@pytest.mark.slow
def test_no_other_page_may_embed_this_one_or_send_it_messages(server: Server):
    """Streamlit's own list allows its makers' sites."""
    assert json.loads(ask(server, "/_stcore/host-config")[2])["allowedOrigins"] == []


@pytest.mark.slow
def test_a_websocket_is_opened_with_the_headers(server: Server):
    """For the page's own origin, and for a program that has none."""
    for origin in ({"Origin": f"http://{HOST}:{server.port}"}, {}):
        with open_stream(server, **origin) as stream:
            assert stream.response and has_headers({k.lower(): v for k, v in stream.response.headers.items()})


@pytest.mark.slow
@pytest.mark.parametrize(
    "origin",
    ["http://evil.test", f"http://{HOST}", f"http://{HOST}:1", "https://localhost:1", "null", "", "http://["],
)
def test_a_foreign_page_opens_no_websocket(server: Server, origin: str):
    """It could act in a room whose link it knows, in the viewer's place; also another program's page here."""
    with pytest.raises(InvalidStatus) as refused:
        open_stream(server, Origin=origin)
    answer = refused.value.response
    assert answer.status_code == 403 and has_headers({k.lower(): v for k, v in answer.headers.items()})


@pytest.mark.slow
def test_a_foreign_name_that_resolves_here_opens_no_websocket(server: Server):
    """The page and the host agree, but the name is none of this server's."""
    handshake = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    status, headers, _ = ask(
        server,
        "/_stcore/stream",
        **handshake | {"Sec-WebSocket-Key": "c3VwcG9ydC1hY2Nlc3MtbA==", "Host": "a.test", "Origin": "http://a.test"},
    )
    assert status == 403 and has_headers(headers)


@pytest.mark.parametrize(
    ("sent", "passed"),
    [
        ({"clear_cache": True}, False),  # would close every visitor's room, and end every comparison
        ({"set_run_on_save": True}, False),
        ({"load_git_info": True}, False),
        ({"debug_shutdown_runtime": True}, False),
        ({"rerun_script": {"query_string": "room=x"}}, True),
        ({"stop_script": True}, True),
        ({"app_heartbeat": True}, True),
        ({"file_urls_request": {"request_id": "a"}}, True),
        ({"backend_operation_request": {"deferred_file": {"file_id": "a"}}}, True),
        ({"backend_operation_request": {"dataframe_chunk": {"source_id": "a"}}}, True),
        ({"backend_operation_request": {"install_skills": {}}}, False),  # would write into the project's folder
        ({"backend_operation_request": {"dismiss_skills_nudge": {}}}, False),
    ],
)
def test_only_messages_that_a_page_sends_are_accepted(sent: dict, passed: bool):
    """A message that acts on all visitors does not arrive; what comes after it does."""
    one, other = ({"type": "websocket.receive", "bytes": body} for body in (BackMsg(**sent).SerializeToString(), b"?"))
    assert arriving([one, other]) == ([one, other] if passed else [other])


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: the browser tests' event loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def arriving(messages: list[Message]) -> list[Message]:
    """What comes through the door of the messages that a page sends."""
    left, arrived = list(messages), []

    async def receive() -> Message:
        return left.pop(0)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while left:
            arrived.append(await receive())

    run(Door(app)({"type": "websocket", "path": "/", "headers": []}, receive, send=None))
    return arrived


@pytest.mark.slow
@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_prints_no_warnings(tmp_path: Path, ends: signal.Signals):
    """Nothing about leaks, no traceback, while a visitor who has drawn a page is still connected."""
    with serving(ROOT / "app.py", tmp_path / "log", rooms=tmp_path / "rooms") as server:
        with open_stream(server) as stream:
            assert b"Side by side" in draw(stream)
            server.process.send_signal(ends)
            server.process.wait(timeout=60)
        said = [line.strip() for line in server.log.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert said[:2] == ["You can now view your Streamlit app in your browser.", f"URL: {server.address}"]
    assert said[2:] in ([], ["Aborted!"])


async def _fails(request: object) -> None:
    raise RuntimeError("a secret of Fabrikam's")


def test_an_error_outside_of_pages_is_reported_by_its_number(caplog: pytest.LogCaptureFixture):
    """With the headers; what happened stands in the log only, under the number."""
    middleware = [Middleware(SecurityHeaders), Middleware(Door)]
    app = Starlette(
        routes=[Route("/fails", _fails)], middleware=middleware, exception_handlers={Exception: answer_error}
    )
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/fails", "headers": [], "query_string": b"", "root_path": ""}
    with pytest.raises(RuntimeError):  # for the server's own log
        run(app(scope, receive, send))
    start, body = sent
    assert start["status"] == 500
    assert has_headers({name.decode(): value.decode() for name, value in start["headers"]})
    number = body["body"].decode().rstrip(".").rpartition(" ")[2]
    (record,) = caplog.records
    assert record.getMessage() == f"error {number}" and len(number) == 8
    assert record.exc_info and "Fabrikam" in str(record.exc_info[1]) and "Fabrikam" not in body["body"].decode()
