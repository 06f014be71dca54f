"""What tickets are about: titles, the category of data that each needs, and the reason for requesting access."""

import numpy as np

from model import CATEGORIES

AT_HOME = (  # title, category of data
    ("Users are asked for a second factor at every sign-in", "sign-in-logs"),
    ("Password reset fails with no message", "audit-logs"),
    ("A dynamic group does not take in new employees", "directory-objects"),
    ("Devices are no longer compliant after they were registered again", "directory-objects"),
    ("A conditional access policy applies to the wrong locations", "service-configuration"),
    ("Single sign-on to the payroll application stopped working", "sign-in-logs"),
    ("Directory synchronisation leaves out one department", "directory-objects"),
    ("A role that was activated takes hours to show", "audit-logs"),
    ("Sign-in with a passkey is not offered", "service-configuration"),
    ("Who deleted the users on Friday evening?", "audit-logs"),
)
ELSEWHERE = (  # title, category of data, reason for access to the other tenant
    ("Guests from a partner cannot sign in", "sign-in-logs", "Sign-in logs of the guests' home tenant"),
    ("Guests are asked to register twice", "service-configuration", "The home tenant's settings for guests"),
    ("Invitations to a partner are never redeemed", "directory-objects", "The invited users in its directory"),
    ("Our people are blocked at a partner", "service-configuration", "The partner's conditional access policies"),
    ("Cross-tenant synchronisation stops half way", "audit-logs", "Provisioning entries of the target tenant"),
    ("A partner's application lost its consent", "directory-objects", "The application's registration there"),
    ("Users who moved to a sister company keep old groups", "directory-objects", "Groups of the company they moved to"),
    ("Federation fails since a certificate changed", "service-configuration", "Federation settings of the other side"),
    ("Accounts at a partner are locked from our network", "sign-in-logs", "The attempts are in the partner's logs"),
    ("Somebody removed our guests at a partner", "audit-logs", "Who removed them is in the partner's audit log"),
)
TITLES = tuple(row[0] for row in (*AT_HOME, *ELSEWHERE))
CATEGORY_OF_TITLE = np.array([CATEGORIES.index(row[1]) for row in (*AT_HOME, *ELSEWHERE)])
