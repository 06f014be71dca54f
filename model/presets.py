"""Policies by name: the source's own, and variants of it with the figures of other systems."""

from collections.abc import Mapping
from datetime import timedelta

from model.policy import Approval, Policy

PRESETS: Mapping[str, Policy] = {
    "source": Policy(
        title="Microsoft Support access requests, as the source says",
        read_in="Approve Microsoft Support access requests (preview), 2023-07-10",
    ),
    "azure-customer-lockbox": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(days=4),
        grant_lasts=timedelta(hours=8),
        title="Azure Customer Lockbox: one approver on the resource's side, 4 days to decide, 8 hours of access",
        read_in="Customer Lockbox for Microsoft Azure, Azure documentation",
    ),
    "microsoft-365-customer-lockbox": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(hours=12),
        title="Microsoft 365 Customer Lockbox: one customer approver, 12 hours to decide; "
        "access for the requested time, here until the support request closes",
        read_in="Microsoft Purview Customer Lockbox, Microsoft 365 documentation",
    ),
    "google-access-approval": Policy(
        approval=Approval.RESOURCE,
        pending_expires_after=timedelta(days=14),
        title="Google Access Approval: any holder of the approver role, 14 days to decide; "
        "the approver picks the length, here until the support request closes",
        read_in="Approving Access Approval requests, Google Cloud documentation, 2025",
    ),
    "okta": Policy(
        approval=Approval.RESOURCE,
        grant_lasts=timedelta(hours=24),
        title="Okta support access: an administrator of the side that is read, 24 hours of access",
        read_in="Give access to Okta Support, Okta Identity Engine help",
    ),
    "two-key": Policy(
        approval=Approval.EACH,
        title="Two keys: an administrator of each tenant approves, one rejection ends it",
        read_in='a variant of this project: the other reading of "an administrator of both tenants"',
    ),
}
"""Other systems' figures as differences from the source; a length that they leave to a person is left out."""
