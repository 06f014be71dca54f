"""Unexpected errors: the log has the details, and the visitor gets a number to find them by."""

import logging
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from dashboard.server.headers import HEADERS

_log = logging.getLogger(__name__)


def log_error(error: Exception) -> str:
    """Log an error with its traceback under an eight-digit number, and return the number."""
    number = f"{secrets.randbelow(10**8):08}"
    _log.error("error %s", number, exc_info=error)
    return number


async def answer_error(request: Request, error: Exception) -> PlainTextResponse:
    """Return the response to a request that failed outside of a page. The error's own text is only in the log."""
    text = f"Something went wrong on the server. Its log says what, under error {log_error(error)}."
    return PlainTextResponse(text, status_code=500, headers=HEADERS)
