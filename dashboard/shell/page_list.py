"""The pages, their menu groups, and each viewer's menu."""

from data.room_folder.invitations import Invitation
from model import Engineer, Member

TRAINER = "trainer"

WELCOME = "welcome"
QUESTION = "Who may look at a customer's data, and who gets to know?"
"""The heading of Welcome; that of every other page is its title."""
PAGES = {  # file -> title, icon, address
    WELCOME: ("Welcome", ":material/waving_hand:", "welcome"),
    "side_by_side": ("Side by side", ":material/view_column:", "side-by-side"),
    "scenarios": ("Scenarios", ":material/auto_stories:", "scenarios"),
    "editor": ("Editor", ":material/edit_note:", "editor"),
    "what_if": ("What if", ":material/science:", "what-if"),
    "policy": ("Policy", ":material/policy:", "policy"),
    "other_systems": ("Other systems", ":material/balance:", "other-systems"),
    "import_tickets": ("Import", ":material/upload_file:", "import"),
    "invite": ("Invite", ":material/group_add:", "invite"),
    "overview": ("Overview", ":material/monitoring:", "overview"),
    "timeline": ("Timeline", ":material/view_timeline:", "timeline"),
    "sql": ("SQL", ":material/database_search:", "sql"),
    "pending": ("Pending requests", ":material/pending_actions:", "pending-requests"),
    "approved": ("Approved access", ":material/verified_user:", "approved-access"),
    "tickets": ("Support requests", ":material/confirmation_number:", "support-requests"),
    "audit": ("Audit log", ":material/receipt_long:", "audit-log"),
    "desk": ("Support engineer's desk", ":material/support_agent:", "desk"),
}

LAB = "Lab"
PORTAL = "Diagnose and solve problems"
SECTION = "Microsoft Support Access Requests (Preview)"
"""The source's own page and section, in which Pending requests and Approved access are."""
DESK = "Microsoft Support"
GROUPS = {  # heading -> files, in the menu's order: the lab is first, as visitors start with its Welcome
    LAB: (
        WELCOME,
        "side_by_side",
        "scenarios",
        "editor",
        "what_if",
        "policy",
        "other_systems",
        "overview",
        "timeline",
        "sql",
        "import_tickets",
        "invite",
    ),
    PORTAL: ("pending", "approved", "tickets", "audit"),
    DESK: ("desk",),
}

FOR_TRAINERS = ("import_tickets", "invite")
SHOW_EVERYTHING = ("side_by_side", "scenarios")  # the pages that show more than their viewer sees


def menu(viewer: Member | Engineer | None, invitation: Invitation | None = None) -> dict[str, tuple[str, ...]]:
    """Return the groups of the viewer's menu: no desk for a member, no tenant pages for an engineer.

    An invited person has only that person's pages.
    """
    not_theirs = DESK if isinstance(viewer, Member) else PORTAL if isinstance(viewer, Engineer) else None
    shown = pages_of(invitation) if invitation and not invitation.leads else tuple(PAGES)
    groups = {
        heading: tuple(file for file in files if file in shown and (viewer is None or file not in FOR_TRAINERS))
        for heading, files in GROUPS.items()
        if heading != not_theirs
    }
    return {heading: files for heading, files in groups.items() if files}


def pages_of(invitation: Invitation) -> tuple[str, ...]:
    """Return the files of the pages for the holder of an invitation, the start page first."""
    if invitation.leads:
        return ("side_by_side", *(file for file in PAGES if file != "side_by_side"))
    return (*GROUPS[PORTAL if invitation.person else DESK], "overview", "timeline", "sql")
