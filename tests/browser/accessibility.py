"""Accessibility problems that axe-core finds on a page."""

import os
from typing import Any

import pytest

from tests.browser.pages import Page, expect, main

if os.environ.get("SUPPORT_ACCESS_LAB_BROWSER") != "required":
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed: make test installs it")
from axe_playwright_python.sync_playwright import Axe

EXCUSED = {
    ("svg-img-alt", "metric_chart_"): "the trend line of st.metric: the metric says its figure beside it",
}
"""(rule, part of the element's HTML) -> why it cannot be fixed here: Streamlit draws it."""

LEFT_OUT_IN_THE_DARK = {
    "[data-variant=segmented_control]": "Streamlit has one colour for the letters of what is chosen and "
    "for what is behind a button's white letters; on a dark page no colour has 4.5 to 1 in both. This has 3.5.",
    "[data-testid=stSliderThumbValue]": "The same colour. What the slider says stands below it, too, as text.",
}
"""Selector -> why its contrast cannot be fixed here."""

LIGHT_ENOUGH = {"include": [["body"]], "exclude": [[selector] for selector in LEFT_OUT_IN_THE_DARK]}
_AXE = Axe()


def findings(page: Page) -> list[str]:
    """Return the problems in the light and in the dark theme that are more than minor.

    The themes differ only in colours, so the dark one is checked for contrast only.
    """
    found = []
    for scheme, context, rules in (("light", None, {}), ("dark", LIGHT_ENOUGH, {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        _coloured(page)
        report: dict[str, Any] = _AXE.run(page, context, {"resultTypes": ["violations"], **rules}).response
        found += [
            f"{scheme}: {rule['id']} ({rule['impact']}): {node['html'][:300]}"
            for rule in report["violations"]
            for node in rule["nodes"]
            if rule["impact"] != "minor" and not _excused(rule["id"], node["html"])
        ]
    page.emulate_media(color_scheme="light")
    return found


def _excused(rule: str, html: str) -> bool:
    return any(rule == name and part in html for name, part in EXCUSED)


def _coloured(page: Page) -> None:
    """Wait until the page is loaded and no colour is in transition, as Streamlit's elements fade."""
    expect(main(page).get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function("document.getAnimations().every(moving => moving.playState !== 'running')")
