"""The pages of the menu, and which of them are the trainer's."""

TRAINER = "trainer"


PAGES = {  # file -> title, icon, address
    "side_by_side": ("Side by side", ":material/view_column:", "side-by-side"),
    "pending": ("Pending requests", ":material/pending_actions:", "pending-requests"),
    "approved": ("Approved access", ":material/verified_user:", "approved-access"),
    "tickets": ("Support requests", ":material/confirmation_number:", "support-requests"),
    "audit": ("Audit log", ":material/receipt_long:", "audit-log"),
    "desk": ("Support engineer's desk", ":material/support_agent:", "desk"),
    "scenarios": ("Scenarios", ":material/auto_stories:", "scenarios"),
    "what_if": ("What if", ":material/science:", "what-if"),
    "policy": ("Policy", ":material/policy:", "policy"),
    "other_systems": ("Other systems", ":material/balance:", "other-systems"),
}


SHOW_EVERYTHING = ("side_by_side", "scenarios")  # the pages that show more than their viewer sees
