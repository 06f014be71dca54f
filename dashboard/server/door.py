"""Let only those requests, websockets and messages through to Streamlit that the dashboard needs."""

import re

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.proto.BackMsg_pb2 import BackMsg

_OPEN = ("health", "host-config", "stream", "upload_file", "bidi-components")
"""Streamlit's endpoints that a page needs. Closed are metrics, the script's health, and the interface for agents."""
_CLOSED = re.compile(rf"/_stcore/(?!(?:{'|'.join(_OPEN)})(?:/|$))")
_SIGN_IN = re.compile(r"/(?:auth/\w+|oauth2callback)/?$")
_NEEDED = ("rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "deferred_file", "dataframe_chunk")
"""The messages that a page sends. Refused are clearing the caches, which would close all rooms, and others."""
_POLICY_VIOLATION = 1008


class Door:
    """Refuse closed endpoints, websockets of other origins, and messages that no page sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""

        async def receive_needed() -> Message:
            while not _needed(message := await receive()):
                pass
            return message

        if scope["type"] == "http" and _is_closed(scope["path"]):
            await PlainTextResponse("Not Found", status_code=404)(scope, receive, send)
        elif scope["type"] != "websocket":
            await self._app(scope, receive, send)
        elif _foreign(Headers(scope=scope)):
            await WebSocketClose(_POLICY_VIOLATION)(scope, receive, send)
        else:
            await self._app(scope, receive_needed, send)


def is_sign_in_required() -> bool:
    """Return whether sign-in is required: the server's secrets have the section of Streamlit's login."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def _is_closed(path: str) -> bool:
    return bool(_CLOSED.search(path) or (_SIGN_IN.search(path) and not is_sign_in_required()))


def _foreign(headers: Headers) -> bool:
    """Return whether the request comes from an origin that is neither ours nor allowed by the configuration.

    Streamlit would query other servers for this machine's address before it refuses one.
    """
    origin = headers.get("origin")
    if origin is None:  # no browser
        return False
    allowed = st.get_option("server.corsAllowedOrigins")
    return origin.partition("://")[2] != headers.get("host") and origin not in allowed


def _needed(message: Message) -> bool:
    """Return whether to pass the message to Streamlit, which refuses unreadable ones itself."""
    try:
        sent = BackMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return True
    kind = sent.WhichOneof("type")
    if kind == "backend_operation_request":
        kind = sent.backend_operation_request.WhichOneof("payload")
    return kind in (None, *_NEEDED)
