"""What the source document says, sentence by sentence, and what in this project shows each sentence.

The source is "Approve Microsoft Support access requests (preview)", 2023-07-10. Its words are quoted exactly, without
their emphasis, links and code marks. Not listed: its headings, captions, and what only introduces or links elsewhere.
"""

from typing import NamedTuple


class Sentence(NamedTuple):
    """A sentence, and what shows it: "<test file>::<test>", "scenario: <name>" or "page: <file>"."""

    id: str
    says: str
    shown_by: tuple[str, ...]


BEHAVIOUR = (
    Sentence(
        "advanced-diagnostics",
        "In many situations, enabling the collection of Advanced diagnostic information during the creation of a "
        "support access request is sufficient for Microsoft Support to troubleshoot your issue.",
        ("tests/model/test_document.py::test_advanced_diagnostics_suffice_within_the_support_request_tenant",),
    ),
    Sentence(
        "separate-approval",
        "In some situations though, a separate approval may be needed to allow Microsoft support to access your "
        "identity diagnostic data.",
        ("tests/model/test_document.py::test_another_tenants_data_needs_a_separate_approval",),
    ),
    Sentence(
        "access-to-help",
        "Microsoft Support access requests enable you to give Microsoft Support engineers access to diagnostic data in "
        "your identity service to help solve support requests you submitted to Microsoft.",
        ("tests/model/test_document.py::test_access_is_the_engineers_of_the_ticket", "page: dashboard/pages/desk.py"),
    ),
    Sentence(
        "authorized-users",
        "Only authorized users in your tenant can view and manage Microsoft Support access requests.",
        (
            "tests/model/test_visibility.py::test_a_member_without_the_permission_sees_no_request_and_no_ticket",
            "scenario: role-trap",
        ),
    ),
    Sentence(
        "permission",
        "To view, approve, and reject Microsoft Support access requests, a role must have the permission "
        "microsoft.azure.supportTickets/allEntities/allTasks.",
        (
            "tests/model/test_directory.py::test_a_role_views_approves_and_rejects_exactly_if_it_holds_the_permission",
            "scenario: role-trap",
        ),
    ),
    Sentence(
        "roles",
        "To see which Azure AD roles have this permission, search the Azure AD built-in roles for the required "
        "permission.",
        ("tests/model/test_directory.py::test_there_are_135_built_in_roles_of_which_45_hold_the_permission",),
    ),
    Sentence(
        "one-scenario",
        "At this time, the following cross-tenant scenario is covered by this process:",
        ("tests/model/test_document.py::test_a_request_is_for_another_tenant_than_the_tickets",),
    ),
    Sentence(
        "resource-tenant",
        "The Microsoft Support engineer needs access to diagnostic data in a resource tenant that is different from "
        "the tenant in which the support request was created, known as the support request tenant.",
        (
            "tests/model/test_document.py::test_a_request_is_for_another_tenant_than_the_tickets",
            "scenario: cross-tenant-approval",
        ),
    ),
    Sentence(
        "engineer-asks",
        "The support engineer creates a support access request for the resource tenant.",
        (
            "tests/model/test_document.py::test_the_assigned_engineer_asks_and_nobody_else",
            "scenario: cross-tenant-approval",
        ),
    ),
    Sentence(
        "administrator-of-both",
        "An administrator of both tenants approves the Microsoft Support access request.",
        (
            "tests/model/test_document.py::test_an_administrator_of_both_tenants_decides",
            "scenario: both-tenants-one-person",
        ),
    ),
    Sentence(
        "approved-tenant-only",
        "With approval, the support engineer only has access to the data in the approved resource tenant.",
        ("tests/model/test_document.py::test_an_approval_opens_the_approved_tenant_only",),
    ),
    Sentence(
        "closing-revokes-access",
        "Closing the support request automatically revokes the support engineer's access to your identity data.",
        (
            "tests/model/test_document.py::test_closing_the_ticket_ends_access_and_completes_the_request",
            "scenario: closing-completes-and-cancels",
        ),
    ),
    Sentence(
        "primary-scenario",
        "This cross-tenant scenario is the primary scenario where a support access request is necessary.",
        ("tests/model/test_document.py::test_a_request_is_for_another_tenant_than_the_tickets",),
    ),
    Sentence(
        "visible-in-resource-tenant",
        "In these scenarios, Microsoft approved access is visible only in the resource tenant.",
        (
            "tests/model/test_visibility.py::test_the_visibility_table_holds_row_by_row",
            "scenario: cross-tenant-approval",
        ),
    ),
    Sentence(
        "removal-is-private",
        "To preserve cross-tenant privacy, an administrator of the support request tenant is unable to see whether an "
        "administrator of the resource tenant has manually removed this approval.",
        (
            "tests/model/test_privacy.py::test_no_history_reveals_a_removal_to_the_support_request_tenant",
            "scenario: removal-stays-private",
            "page: dashboard/pages/side_by_side.py",
        ),
    ),
    Sentence(
        "notification",
        "When you receive a notification for a Microsoft Support Access Request in your tenant, you need to approve "
        "that request in order for Microsoft Support to access your identity diagnostic data.",
        (
            "tests/model/test_document.py::test_a_pending_request_waits_for_you_and_gives_no_access",
            "page: dashboard/pages/pending.py",
        ),
    ),
    Sentence(
        "pending-details",
        "The Pending request page shows information about your support case, and the reason that Microsoft Support "
        "needs your approval in order to access your diagnostic data.",
        (
            "tests/model/test_document.py::test_a_pending_request_says_what_it_is_about_and_why",
            "page: dashboard/pages/pending.py",
        ),
    ),
    Sentence(
        "read-only",
        "Microsoft Support now has read-only access to your identity diagnostic data until your support request is "
        "completed.",
        ("tests/model/test_document.py::test_approved_access_reads_and_never_writes_until_the_ticket_closes",),
    ),
    Sentence(
        "rejected",
        "Microsoft Support does not have access to your identity diagnostic data.",
        ("tests/model/test_document.py::test_a_rejected_request_gives_no_access", "scenario: rejection"),
    ),
    Sentence(
        "approved-access",
        "To view all Support Access Requests for your tenant that are no longer pending and less than 30 days old, "
        "navigate to the Diagnose and solve problems page in Azure AD, select Approved access.",
        (
            "tests/model/test_document.py"
            "::test_approved_access_lists_what_is_no_longer_pending_and_less_than_30_days_old",
            "scenario: thirty-days",
            "page: dashboard/pages/approved.py",
        ),
    ),
    Sentence(
        "revoked-when-closed",
        "Microsoft Support approved access to your identity diagnostic data is revoked when your support request is "
        "closed.",
        (
            "tests/model/test_document.py::test_closing_the_ticket_ends_access_and_completes_the_request",
            "scenario: closing-completes-and-cancels",
        ),
    ),
    Sentence(
        "remove-access",
        "If you want to remove Microsoft Support’s access to identity diagnostic data for the support request before "
        "it's closed, you can select the Remove access button.",
        (
            "tests/model/test_document.py::test_access_can_be_removed_while_the_ticket_is_open",
            "page: dashboard/pages/approved.py",
        ),
    ),
    Sentence(
        "removed-immediately",
        "Microsoft Support’s access to identity diagnostic data in this tenant is immediately removed for this support "
        "request.",
        ("tests/model/test_document.py::test_a_removal_takes_effect_at_once_and_for_its_tenant_and_ticket_only",),
    ),
    Sentence(
        "final",
        "The status of a Rejected, Revoked, or Completed Support Access request can't be changed.",
        ("tests/model/test_document.py::test_a_final_status_cannot_be_changed",),
    ),
    Sentence(
        "completed",
        "When your support request is closed, the status of an approved Microsoft Support Access Request is "
        "automatically set to Completed.",
        (
            "tests/model/test_document.py::test_closing_the_ticket_ends_access_and_completes_the_request",
            "scenario: closing-completes-and-cancels",
        ),
    ),
    Sentence(
        "thirty-days",
        "Microsoft Support Access Requests remain in Approved access for 30 days.",
        ("tests/model/test_visibility.py::test_thirty_days_are_720_hours_to_the_microsecond", "scenario: thirty-days"),
    ),
)

SCREENS = (
    Sentence(
        "portal",
        "You can use the Azure Active Directory (Azure AD) administration portal and the Microsoft Entra admin center "
        "to manage Microsoft Support access requests (preview).",
        ("page: dashboard/pages/pending.py", "page: dashboard/pages/approved.py", "page: dashboard/pages/audit.py"),
    ),
    Sentence(
        "sign-in",
        "Sign in to the Azure portal and navigate to Diagnose and solve problems.",
        ("page: dashboard/pages/pending.py",),
    ),
    Sentence(
        "menu-pending",
        "Select Pending requests from the Microsoft Support Access Requests (Preview) section at the bottom of the "
        "page.",
        ("page: dashboard/pages/pending.py",),
    ),
    Sentence(
        "link-to-pending",
        "Select the Support request ID link for the request you need to approve.",
        ("page: dashboard/pages/pending.py",),
    ),
    Sentence(
        "link-to-review",
        "You can also select the Review for approval link.",
        ("page: dashboard/pages/pending.py",),
    ),
    Sentence(
        "button-approve",
        "To approve the Support Access Request, select the Approve button.",
        ("page: dashboard/pages/pending.py", "scenario: cross-tenant-approval"),
    ),
    Sentence(
        "button-reject",
        "To reject the Support Access Request, select the Reject button.",
        ("page: dashboard/pages/pending.py", "scenario: rejection"),
    ),
    Sentence(
        "slower-resolution",
        "A message appears, indicating this choice may result in slower resolution of your support request.",
        ("page: dashboard/pages/pending.py",),
    ),
    Sentence(
        "collect-it-yourself",
        "Your support engineer will ask you for data needed to diagnose the issue, and you'll need to collect and "
        "provide that information to your support engineer.",
        ("page: dashboard/pages/pending.py", "scenario: rejection"),
    ),
    Sentence(
        "link-to-details",
        "Select the Support request ID link to see the details of the Support Access Request.",
        ("page: dashboard/pages/approved.py",),
    ),
    Sentence(
        "details",
        "The details page shows information about your support request.",
        ("page: dashboard/pages/approved.py",),
    ),
)
