"""The session as a scenario file: for the trainer, on the page Scenarios."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard.background.entrance import NotInvited
from dashboard.parts.rooms import session_record
from data import Room
from data.room_folder.invitations import Key, Role
from data.scenario.reader import parse_scenario
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.test_invitations import invited


def button(screen: Any) -> Any:
    """The download of the session, if it is there."""
    found = [one for one in screen.app.download_button if one.label == "Download as a scenario"]
    return found[0] if found else None


def test_the_trainer_downloads_the_session_and_nobody_else_does(enter: Enter, look: Look):
    """Once something was done: the file plays as it says. A participant's key opens nothing."""
    assert enter("rejection").acts() == []
    assert button(look("trainer", "scenarios")).disabled
    enter("rejection", steps=3)
    assert not button(look("trainer", "scenarios")).disabled
    assert button(look("adele@contoso", "scenarios")) is None
    keys = invited()
    visit = cast(Any, SimpleNamespace(room_id=ROOM, key=Key(keys[Role.TRAINER])))
    with Room.create(scenario=parse_scenario(session_record._recorded(visit).decode())) as room:
        played = room.play()
    assert len(played) == 3 and not any(step.failures for step in played)
    visit.key = Key(keys[Role.PARTICIPANT])
    with pytest.raises(NotInvited):
        session_record._recorded(visit)
