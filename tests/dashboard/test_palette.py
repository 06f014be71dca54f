"""The named colours: one place for each, and readable in light and dark."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dashboard import palette
from dashboard.palette import Colour, Shades
from model import Status, TicketStatus

THEME: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())["theme"]
SCHEMES = ("light", "dark")
READABLE, VISIBLE = 4.5, 3.0  # what WCAG 2.2 asks at AA of text, and of a picture's marks
CAPTION = 0.6  # of the text's colour, the rest is the background's: Streamlit's captions


def rgb(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (part / 255 for part in rgb(colour))]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(text: str, background: str, share: float) -> str:
    parts = zip(rgb(text), rgb(background), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in parts)


def pages(scheme: str) -> list[str]:
    """The backgrounds of the page, and of the side bar and the fields."""
    return [THEME[scheme]["backgroundColor"], THEME[scheme]["secondaryBackgroundColor"]]


def test_contrast_is_measured_as_wcag_does():
    """Black on white is 21 to 1; the gray of the recommendation's examples is just enough."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", palette.EVERY, ids=str)
def test_coloured_text_is_readable_on_its_badge_and_on_the_page(colour: Colour, scheme: str):
    """At least 4.5 to 1, and so are the theme's own letters on the badge's background."""
    shades: Shades = getattr(colour, scheme)
    for background in (shades.background, *pages(scheme)):
        assert contrast(shades.text, background) >= READABLE, background
    assert contrast(THEME[scheme]["textColor"], shades.background) >= READABLE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_captions_headers_and_buttons_are_readable(scheme: str):
    """At least 4.5 to 1, also where Streamlit pales the text."""
    theme = THEME[scheme]
    for background in pages(scheme):
        assert contrast(theme["textColor"], background) >= READABLE
        assert contrast(mixed(theme["textColor"], background, CAPTION), background) >= READABLE
        assert contrast(theme["dataframeHeaderTextColor"], background) >= READABLE
    assert contrast(theme["codeTextColor"], theme["codeBackgroundColor"]) >= READABLE
    assert contrast("#ffffff", theme["primaryColor"]) >= READABLE


@pytest.mark.parametrize("colour", sorted({*palette.MARKS.values(), *(colour.mark for colour in palette.EVERY)}))
def test_a_mark_is_seen_on_both_pages_and_carries_white_letters(colour: str):
    """At least 3 to 1 with each background, and 4.5 to 1 with white."""
    assert contrast("#ffffff", colour) >= READABLE
    for scheme in SCHEMES:
        assert contrast(colour, THEME[scheme]["backgroundColor"]) >= VISIBLE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_streamlit_is_given_the_same_colours(scheme: str):
    """Under its own names, in the theme of the configuration."""
    for colour in palette.EVERY:
        shades: Shades = getattr(colour, scheme)
        given = [THEME[scheme][f"{colour}{part}"] for part in ("Color", "TextColor", "BackgroundColor")]
        assert given == [colour.mark, shades.text, shades.background]


def test_every_status_has_a_colour():
    """Of access requests and of support requests; in a chart no two of a request's are the same."""
    assert set(palette.STATUS) == {*Status, *TicketStatus}
    assert list(palette.MARKS) == list(Status)
    assert len(set(palette.MARKS.values())) == len(Status)
