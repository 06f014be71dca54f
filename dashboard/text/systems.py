"""Other support access systems according to their documentation, which this project has not verified."""

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A system, the statements of its documentation, and their sources; "–" if it says nothing."""

    name: str
    states: str
    approver: str
    pending: str  # how long a request waits
    grant: str  # how long access lasts
    note: str
    read_in: str
    preset: str | None = None  # the policy with its figures


SYSTEMS = (
    System(
        "Azure Customer Lockbox",
        "notified, approved, denied, expired",
        "one approver on the resource's side",
        "4 days",
        "8 hours by default",
        "The approver's role must exist before the request starts.",
        "Customer Lockbox for Microsoft Azure, Azure documentation",
        "azure-customer-lockbox",
    ),
    System(
        "Microsoft 365 Customer Lockbox",
        "approved, denied, cancelled, expired",
        "first a manager at the vendor, then one customer approver",
        "12 hours",
        "the requested time",
        "An approver is shown as a service account, which users complain of.",
        "Microsoft Purview Customer Lockbox, Microsoft 365 documentation",
        "microsoft-365-customer-lockbox",
    ),
    System(
        "Google Access Approval",
        "pending, active, dismissed, revoked, expired",
        "any holder of the approver role",
        "14 days, or the requested expiry",
        "the approver picks",
        "Up to 50 e-mails; shows the engineer's country and the reason.",
        "Approving Access Approval requests, Google Cloud documentation, 2025",
        "google-access-approval",
    ),
    System(
        "Okta support access",
        "on, off",
        "a super admin, or who filed the case",
        "–",
        "24 hours, read-only",
        "No notification.",
        "Give access to Okta Support, Okta Identity Engine help",
        "okta",
    ),
    System(
        "AWS Support authorization",
        "pending, accepted, rejected, cancelled",
        "the customer signs a permit",
        "–",
        "the permit's own window",
        "Permits name actions and resources; a list shows case, service, status and date.",
        "AWS Support documentation",
    ),
    System(
        "Salesforce login access",
        "on, off",
        "the user",
        "–",
        "up to 1 year",
        "An audit trail.",
        "Grant Salesforce Support Login Access to Your Organization, Salesforce Help",
    ),
    System(
        "Zendesk account assumption",
        "on, off",
        "an admin",
        "–",
        "1 day to indefinite",
        "",
        "Granting Zendesk temporary access to assume your account, Zendesk help",
    ),
    System(
        "Red Hat approved access",
        "pending, approved, denied",
        "the cluster's owner",
        "–",
        "–",
        "A denial needs a justification.",
        "Approved Access, Red Hat OpenShift Service on AWS documentation",
    ),
    System(
        "Entra Privileged Identity Management",
        "11 states",
        "the first approver; never oneself",
        "24 hours",
        "1 to 24 hours",
        "All approvers are told of the outcome.",
        "Privileged Identity Management, Microsoft Entra documentation",
    ),
    System(
        "Teleport access requests",
        "pending, approved, denied, promoted",
        "thresholds, 1 by default",
        "1 hour (a newer default may be longer)",
        "up to 14 days",
        "A dry run was asked for.",
        "Access Requests, Teleport documentation",
    ),
)
