"""A server with sign-in at a local OpenID Connect provider: rooms belong to people."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.pages import Page, click, expect, is_at, link, main, ready, says, titled
from tests.browser.serving import HOST, ROOT, Server, free_port, serving

if TYPE_CHECKING:
    from playwright.sync_api import Route

SECRETS = """
[auth]
redirect_uri = "http://{host}:{port}/oauth2callback"
cookie_secret = "only for this test, and long enough"
client_id = "the lab"
client_secret = "not checked"
server_metadata_url = "http://{host}:{provider}/.well-known/openid-configuration"
"""


@contextmanager
def provider() -> Iterator[int]:
    """Run an OpenID Connect provider in a separate process; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", HOST, "--port", str(port)]
    for name in ("Ada", "Bea"):
        command += ["--user-claims", json.dumps({"sub": name.lower(), "name": name})]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/.well-known/openid-configuration"):
                break
        yield port
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def sign_in_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("sign in"), free_port()
    secrets = folder / "secrets.toml"
    with provider() as provider_port:
        secrets.write_text(SECRETS.format(host=HOST, port=port, provider=provider_port), encoding="utf-8")
        options = ["--secrets.files", str(secrets)]
        with serving(ROOT / "app.py", folder / "log", rooms=folder / "rooms", port=port, options=options) as server:
            yield server
    assert "Traceback" not in (folder / "log").read_text(encoding="utf-8")


def sign_in(page: Page, name: str) -> None:
    """Sign in as a person known to the provider, from the page that requires it."""

    def agree(route: "Route") -> None:  # without the provider's own page, which loads styles from the internet
        leaves = route.fetch(max_redirects=0)
        comes_back = page.request.post(leaves.headers["location"], form={"sub": name.lower()}, max_redirects=0)
        route.fulfill(response=leaves, headers=leaves.headers | {"location": comes_back.headers["location"]})

    page.route("**/auth/login*", agree)
    titled(page, "Sign in")
    click(page, "Sign in")
    expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()
    ready(page)


def test_a_room_belongs_to_its_maker_and_others_enter_by_invitation(
    open_window: OpenWindow, sign_in_server: Server
) -> None:
    """Ada makes a room and invites; Bea comes in by the link she was given, and neither by the room's nor by Ada's."""
    ada, bea = (open_window(base_url=sign_in_server.address) for _ in range(2))
    ada.goto("/")
    sign_in(ada, "Ada")
    ada.get_by_test_id("stSidebar").get_by_role("button", name="+1 hour").click()
    says(ada, "It is now")
    ada.goto(f"/invite?room={link(ada)['room']}&viewer=trainer")
    says(ada, "Trainer · you")
    click(ada, "Make a link")
    invitation = main(ada).get_by_test_id("stCode").inner_text().strip()

    room = link(ada)["room"]
    bea.goto(f"/side-by-side?room={room}&viewer=trainer")
    sign_in(bea, "Bea")
    titled(bea, "This room cannot be opened")
    is_at(bea, {"room": room, "viewer": "trainer"})
    bea.goto(invitation)
    titled(bea, "Pending requests")
    assert "Signed in as Bea" in bea.get_by_test_id("stSidebar").inner_text()

    def end(route: "Route") -> None:
        leaves = route.fetch(max_redirects=0)
        route.fulfill(response=leaves, headers=leaves.headers | {"location": "/"})

    bea.route("**/auth/logout*", end)
    bea.get_by_test_id("stSidebar").get_by_role("button", name="Sign out").click()
    titled(bea, "Sign in")
    ada.reload()
    says(ada, "Trainer · you")
