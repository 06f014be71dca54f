"""Faults in who reads what a note says: in the rules of what is seen, and in the SQL of the lens."""

from model import Justification, Policy
from model.checker.promise_names import NO_STRANGERS, PRIVACY
from tests.checker.catchers import a_lens_beside_the_rules
from tests.checker.catchers_of_leaks import two_rooms_one_with_a_removal, two_rooms_with_other_notes
from tests.checker.faults import Fault
from tests.privacy import leaks_of_notes as leaks

_NOTED = Policy(justification=Justification.REQUIRED)

IN_NOTES = (
    Fault(leaks.a_removal_that_is_seen_is_seen_with_its_note, two_rooms_with_other_notes, "notes"),
    Fault(leaks.a_removal_that_is_seen_is_read_with_its_note, two_rooms_with_other_notes, "notes"),
    *(Fault(leak, PRIVACY, "notes", _NOTED) for leak in leaks.IN_THE_RULES),
    *(Fault(leak, two_rooms_one_with_a_removal, "notes") for leak in leaks.IN_SQL),
    Fault(leaks.an_automated_line_has_a_note, a_lens_beside_the_rules),
    Fault(leaks.an_automated_line_is_read_with_its_note, a_lens_beside_the_rules),
    Fault(leaks.a_rejection_is_seen_without_the_permission, NO_STRANGERS, policy=_NOTED),
    Fault(leaks.a_rejection_is_read_without_the_permission, a_lens_beside_the_rules),
)
