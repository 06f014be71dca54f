"""The security headers of every response."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",  # no other page can embed this one
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a room's link is its key: no other site must learn it
}


class SecurityHeaders:
    """Add `HEADERS` to every response, including a websocket's handshake and its refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        accepted = False

        async def send_with_headers(message: Message) -> None:
            nonlocal accepted
            match message["type"]:
                case "http.response.start" | "websocket.http.response.start":
                    _add(message)
                case "websocket.accept":
                    accepted = True
                    _add(message)
                case "websocket.close" if not accepted and _may_answer(scope):
                    refusal = {"type": "websocket.http.response.start", "status": 403, "headers": []}
                    await send(_add(refusal))
                    message = {"type": "websocket.http.response.body", "body": b"Forbidden"}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add(message: Message) -> Message:
    message.setdefault("headers", [])
    MutableHeaders(raw=message["headers"]).update(HEADERS)
    return message


def _may_answer(scope: Scope) -> bool:
    """Return whether the server can refuse a websocket with a response that has headers."""
    return "websocket.http.response" in (scope.get("extensions") or {})
