"""The app's first load in a browser without a cache, compared with an empty Streamlit app."""

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.bench.clicks import EMPTY_APP
from tests.bench.measuring import judge, ratio, show
from tests.browser.serving import CHROMIUM_ARGUMENTS, ROOT, chromium, serving

LOADS = 7
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"]'


class Load(NamedTuple):
    """A browser's requests until the page was drawn, and the time."""

    milliseconds: float
    fetched: dict[str, int]  # bytes on the wire, by address


def first_load(folder: Path) -> None:
    """Measure bytes, requests and time of a first load, each in a new profile of one Chromium."""
    path = chromium()
    if path is None:
        print("NOT MEASURED: the first load; there is no Chromium (set CHROMIUM to its path)")
        return
    from playwright.sync_api import sync_playwright

    empty = folder / "first" / "empty.py"
    empty.parent.mkdir()
    empty.write_text(EMPTY_APP, encoding="utf-8")
    with (
        serving(ROOT / "app.py", folder / "log", rooms=folder / "first rooms") as lab,
        serving(empty, folder / "empty.log") as bare,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS) as browser,
    ):
        pairs = [(_load(browser, bare.address, "button"), _load(browser, lab.address, "h1")) for _ in range(LOADS + 1)]
    bares, labs = zip(*pairs[1:], strict=True)  # the first one warms up the servers
    print(f"\nA first load until the page is drawn, in Chromium, {LOADS} times:")
    for what, loads in (("  empty Streamlit app", bares), ("  the app", labs)):
        show(what, [load.milliseconds for load in loads])
        total = sum(loads[-1].fetched.values()) / 1e6
        print(f"{what + ', fetched':<60}{total:9.2f} MB   in {len(loads[-1].fetched)} requests")
    judge(
        "  a first load : one of an empty app",
        ratio([[load.milliseconds for load in of] for of in (bares, labs)]),
        None,
    )
    more = {name: size for name, size in labs[-1].fetched.items() if name not in bares[-1].fetched}
    for name, size in Counter(more).most_common(12):
        print(f"    {size / 1000:8.1f} kB  {name}")


def _load(browser: Any, address: str, there: str) -> Load:
    """Load an address in a new profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    network = context.new_cdp_session(page)
    names: dict[str, str] = {}
    fetched: dict[str, int] = {}
    network.on("Network.requestWillBeSent", lambda sent: names.update({sent["requestId"]: sent["request"]["url"]}))
    network.on("Network.loadingFinished", lambda done: fetched.update({_name(names, done): done["encodedDataLength"]}))
    network.send("Network.enable")
    begin = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(there)
    page.wait_for_selector(DRAWN)
    took = (time.perf_counter() - begin) * 1000
    page.wait_for_timeout(1000)  # later requests count as fetched
    context.close()
    return Load(took, fetched)


def _name(names: dict[str, str], done: dict[str, Any]) -> str:
    return urlsplit(names.get(done["requestId"], done["requestId"])).path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        first_load(Path(folder))
