"""The promises: their names and sentences, which policies make them, and what counts as a test of each."""

from collections.abc import Mapping

from model.policy import Policy

CONSENT = "Only with consent"
ENDS_WITH_TICKET, ENDS_WITH_REMOVAL = "Ends with the support request", "Ends with removal"
FINALITY, PRIVACY, NO_STRANGERS = "Final is final", "Removal is private", "Strangers see nothing"
REMOVABLE = "Every live grant can be seen and removed by somebody"
DECIDABLE = "Every pending request can be decided by somebody, or ends by itself"
JUMP = "A jump equals its steps"
CAN_APPROVE = "A request can be approved by somebody"
CAN_REJECT = "A request can be rejected by somebody"
CAN_REMOVE = "Access can be removed by somebody"
CAN_EXPIRE, CAN_LAPSE = "A request can expire", "Access can lapse"

SENTENCES: Mapping[str, str] = {
    CONSENT: "The engineer reads a tenant's data only while a valid approval stands.",
    ENDS_WITH_TICKET: "Once the support request is closed, the engineer can read nothing: immediately, and for good.",
    ENDS_WITH_REMOVAL: "Once access is removed, the engineer can read nothing: immediately, and for good.",
    FINALITY: "A request that is Rejected, Revoked, Completed, Canceled or Expired never changes again.",
    PRIVACY: "The support request tenant cannot tell whether access was removed.",
    NO_STRANGERS: "Anyone who has no part in a request, or lacks the permission, sees nothing of it.",
    REMOVABLE: "While access lasts, there is somebody who sees it and can remove it.",
    DECIDABLE: "No request waits for ever: somebody can approve or reject it, or it ends by itself.",
    JUMP: "It makes no difference whether the clock jumps or goes step by step.",
    CAN_APPROVE: "Access can be granted: somebody sees a pending request and approves it.",
    CAN_REJECT: "Access can be refused: somebody sees a pending request and rejects it.",
    CAN_REMOVE: "Access can be taken back: somebody sees that it is granted and removes it.",
    CAN_EXPIRE: "The time limit of a pending request takes effect: nobody decides, and the request ends.",
    CAN_LAPSE: "The time limit of access takes effect: nobody removes it, and it ends.",
}
"""Each promise by name, in a plain sentence."""
TESTED_BY: Mapping[str, tuple[str, str]] = {
    CONSENT: ("history in which a resource tenant is read", "histories in which a resource tenant is read"),
    ENDS_WITH_TICKET: ("closing that ended access", "closings that ended access"),
    ENDS_WITH_REMOVAL: ("removal", "removals"),
    FINALITY: ("history with an ended request", "histories with an ended request"),
    PRIVACY: ("pair of histories, with a removal and without", "pairs of histories, with a removal and without"),
    NO_STRANGERS: ("situation with an access request", "situations with an access request"),
    REMOVABLE: ("history with a live grant", "histories with a live grant"),
    DECIDABLE: ("history with a pending request", "histories with a pending request"),
    JUMP: ("jump", "jumps"),
    CAN_APPROVE: ("history that ends in an approval", "histories that end in an approval"),
    CAN_REJECT: ("history that ends in a rejection", "histories that end in a rejection"),
    CAN_REMOVE: ("history that ends in a removal", "histories that end in a removal"),
    CAN_EXPIRE: ("history that ends in an expiry", "histories that end in an expiry"),
    CAN_LAPSE: ("history that ends in a lapse", "histories that end in a lapse"),
}
"""What counts as a test of each promise, in singular and plural. A state counts as the shortest history to it."""


def promised_by(policy: Policy) -> list[str]:
    """Return the names of the promises that the policy makes; those about expiry and lapse only if it has the limit."""
    limits = {CAN_EXPIRE: policy.pending_expires_after, CAN_LAPSE: policy.grant_lasts}
    return [name for name in SENTENCES if limits.get(name, True)]
