"""A text that would do harm where Markdown is read, and the places of a page that got it."""

from tests.dashboard.screen import Screen, strings

RAW = "![x](http://evil.test/x.png) **b** :red[x] $x$"


SIGNS = ("![x]", "](http", "**b**", ":red[x", "$x$")


def exposed(screen: Screen) -> set[str]:
    """The places that got the payload, or a part of it, as it was written."""
    return {place for place, text in strings(screen.wire) if any(sign in text for sign in SIGNS)}
