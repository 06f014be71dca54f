"""The parties' cards on Side by side, as text."""

import json
from typing import Any

from tests.dashboard.screen import Screen, strings

PLACE = "delta.new_element.bidi_component.json"


def party_cards(screen: Screen) -> list[dict[str, Any]]:
    """Return the cards: the support request tenant's, the resource tenants', the engineer's, the trainer's."""
    sent = (json.loads(text) for place, text in strings(screen.wire) if place == PLACE)
    return [card for card in sent if "sentences" in card]


def badges(screen: Screen) -> list[str]:
    """Return the badges of each card: "Approved > Revoked" after a change, with the subject."""
    return ["; ".join(map(_told, card["lines"])) for card in party_cards(screen)]


def words(screen: Screen) -> list[str]:
    """Return the sentences of each card."""
    return [" ".join(card["sentences"]) for card in party_cards(screen)]


def _told(line: dict[str, Any]) -> str:
    was = f"{line['was']['text']} > " if line["was"] else ""
    return " ".join(filter(None, (line["about"], was + line["now"]["text"])))
