"""A script whose download was aborted is sent whole to the next browser."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import anyio

from dashboard.server.compressed import CompressedFiles

SCRIPT = b"export const a = 1;" * 100
SCOPE = {"type": "http", "method": "GET", "path": "/static/js/a.js", "headers": [(b"accept-encoding", b"gzip")]}


def test_an_aborted_download_is_not_cached():
    """Starlette sends a file's headers, and nothing more once the browser has disconnected."""
    bodies = iter((b"", SCRIPT))

    async def files(scope, receive, send):
        headers = [(b"content-type", b"text/javascript"), (b"etag", b"one"), (b"content-length", b"%d" % len(SCRIPT))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if body := next(bodies):
            await send({"type": "http.response.body", "body": body})

    app = CompressedFiles(files)

    async def ask() -> list:
        sent = []

        async def send(message):
            sent.append(message)

        await app(SCOPE, None, send)
        return sent

    async def both() -> list:
        await ask()
        return await ask()

    with ThreadPoolExecutor(1) as alone:  # in this thread Playwright's event loop may run
        sent = alone.submit(anyio.run, both).result()
    assert gzip.decompress(sent[1]["body"]) == SCRIPT
