"""Compress Streamlit's scripts and styles, so that a first visit fetches a third of the bytes."""

import gzip

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMPRESSED = ("text/javascript", "application/javascript", "text/css")
"""Only content that is the same for everybody: the compressed length of a page could reveal its content."""


class CompressedFiles:
    """Compress each script and style once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._files: dict[str, bytes] = {}  # by ETag, which is derived from the content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not _may_be_compressed(scope):
            await self._app(scope, receive, send)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        headers = MutableHeaders(raw=answer[0]["headers"])
        body = b"".join(message.get("body", b"") for message in answer[1:])
        is_whole = str(len(body)) == headers.get("content-length")  # unless the browser disconnected meanwhile
        if is_whole and headers.get("content-type", "").startswith(_COMPRESSED) and _is_a_file(answer[0], headers):
            if headers["etag"] not in self._files:
                self._files[headers["etag"]] = await anyio.to_thread.run_sync(gzip.compress, body)
            smaller = self._files[headers["etag"]]
            headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(smaller))
            headers.add_vary_header("Accept-Encoding")
            answer[1:] = [{"type": "http.response.body", "body": smaller}]
        for message in answer:
            await send(message)


def _is_a_file(start: Message, headers: Headers) -> bool:
    return start["status"] == 200 and "etag" in headers


def _may_be_compressed(scope: Scope) -> bool:
    """Return whether a browser that accepts compression requests a whole file of Streamlit's."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].endswith((".js", ".css")):
        return False
    asked = Headers(scope=scope)
    return "/static/" in scope["path"] and "range" not in asked and "gzip" in asked.get("accept-encoding", "")
