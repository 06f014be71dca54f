"""The pictures of README."""

from playwright.sync_api import FloatRect

from tests.browser.pages import main
from tests.browser.serving import ROOT
from tests.screenshots.camera import Camera
from tests.screenshots.shots import SHOTS, Screen

PICTURES = ROOT / "dashboard/pictures"
SCREEN = Screen(1280, 800)
MARGIN = 12


def take_pictures(camera: Camera) -> None:
    """Take a story's step on Side by side, and the two screens of a leaky policy."""
    with camera.window(SCREEN) as page:
        camera.take(page, SHOTS["side-by-side-removed"], SCREEN, PICTURES / "side-by-side.png")
        page.set_viewport_size({"width": SCREEN.width, "height": 4000})  # else a picture of an element is cut off
        camera.visit(page, SHOTS["policy-leaks"])
        box = main(page).locator(".st-key-screens").bounding_box()
        assert box
        clip: FloatRect = {
            "x": box["x"] - MARGIN,
            "y": box["y"] - MARGIN,
            "width": box["width"] + 2 * MARGIN,
            "height": box["height"] + 2 * MARGIN,
        }
        page.screenshot(path=PICTURES / "removal-shows.png", clip=clip, animations="disabled")
