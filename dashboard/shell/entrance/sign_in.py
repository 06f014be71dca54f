"""Sign-in by Streamlit's OIDC login, if the server's secrets have an `auth` section."""

from collections.abc import Mapping
from importlib import resources

import streamlit as st

from dashboard.server.door import is_sign_in_required
from dashboard.shell.entrance.invited import SIMULATION
from dashboard.text.words import plain
from data.room_folder.invitations import SignedIn

_way_back = st.components.v2.component(
    "way_back", js=resources.files("dashboard").joinpath("shell/entrance/sign_in.js").read_text(encoding="utf-8")
)


def signed_in() -> SignedIn | None:
    """Return who has signed in; None if sign-in is not required, or not done yet."""
    if not is_sign_in_required() or not st.user.is_logged_in:
        return None
    claims = st.user.to_dict()
    name = next((claims[claim] for claim in ("name", "preferred_username", "email") if claims.get(claim)), "Somebody")
    return SignedIn.of(str(claims.get("iss")), str(claims["sub"]), str(name))


def ask_to_sign_in() -> None:
    """If sign-in is required and not done, offer it and end the run of the page.

    Afterwards the original link is opened again: Streamlit itself would return to the first page.
    """
    if not is_sign_in_required():
        return
    if not st.user.is_logged_in:
        _offer()
        st.stop()
    _way_back(key="way back", data={"leaves": False}, width="content", height="content")


def _offer() -> None:
    st.title("Sign in")
    st.markdown(
        "On this server each room belongs to the person who made it. Sign in to make one, or to come into a room to "
        "which you are invited."
    )
    auth: Mapping[str, object] = st.secrets["auth"]
    for provider in [name for name, value in auth.items() if isinstance(value, Mapping)] or [""]:
        label = f"Sign in with {plain(provider.capitalize())}" if provider else "Sign in"
        args = (provider,) if provider else ()
        st.button(label, f"sign in {provider}", type="primary", icon=":material/login:", on_click=st.login, args=args)
    st.caption(SIMULATION)
    _way_back(key="way back", data={"leaves": True}, width="content", height="content")


def sign_out_button(person: SignedIn | None) -> None:
    """Show who has signed in, and a button to sign out."""
    if person:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Signed in as {plain(person.name)}", width="stretch")
            st.button("Sign out", key="sign out", type="tertiary", icon=":material/logout:", on_click=st.logout)
