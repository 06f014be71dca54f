"""A text that would be harmful as Markdown, and the places of a page that received it."""

from tests.dashboard.screen import Screen, strings

RAW = "![x](http://evil.test/x.png) **b** :red[x] $x$"


SIGNS = ("![x]", "](http", "**b**", ":red[x", "$x$")


def exposed(screen: Screen) -> set[str]:
    """Return the places that received the payload, or a part of it, unescaped."""
    return {place for place, text in strings(screen.wire) if any(sign in text for sign in SIGNS)}
