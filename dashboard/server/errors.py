"""Errors that nobody expected: the log has what happened, and whoever met one gets a number to find it there."""

import logging
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from dashboard.server.headers import HEADERS

_log = logging.getLogger(__name__)


def log_error(error: Exception) -> str:
    """Write an error with its traceback to the log under a number, and return the number: eight digits."""
    number = f"{secrets.randbelow(10**8):08}"
    _log.error("error %s", number, exc_info=error)
    return number


async def answer_error(request: Request, error: Exception) -> PlainTextResponse:
    """Return the answer to a request that failed outside of any page. The error's own text stays in the log."""
    text = f"Something went wrong on the server. Its log says what, under error {log_error(error)}."
    return PlainTextResponse(text, status_code=500, headers=HEADERS)
