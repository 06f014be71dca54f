"""Distinguish browsers by a session cookie with a random number.

It grants no access and names nobody. It identifies a participant without a name who reloads the page.
"""

import re
import secrets
from collections.abc import Mapping

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COOKIE = "visitor"
_NUMBER = re.compile("[0-9a-f]{32}")


class Visitors:
    """Give each browser that loads a page without the cookie its number."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        cookies = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"cookie"]

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and not _number(cookie_parser("; ".join(cookies))):
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("content-type", "").startswith("text/html"):
                    number = secrets.token_hex(16)
                    headers.append("set-cookie", f"{_COOKIE}={number}; Path=/; HttpOnly; SameSite=Lax")
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def visitor() -> str:
    """Return the number of the page's browser; "" if it has none."""
    return _number(st.context.cookies)


def _number(cookies: Mapping[str, str]) -> str:
    given = str(cookies.get(_COOKIE, ""))
    return given if _NUMBER.fullmatch(given) else ""
