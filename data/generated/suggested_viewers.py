"""Suggest viewers for a large generated room."""

import pandas as pd

from data.generated.directory import GeneratedDirectory
from model import Action, Directory


def suggested_viewers(lines: pd.DataFrame, generated: GeneratedDirectory) -> Directory:
    """Return a few people of the tenant with the most tickets and of one that shares an administrator with it.

    `lines` are those of the room's log.
    """
    whole, administrators = generated.directory, generated.administrators
    opened = lines.loc[lines["action"] == Action.OPEN, "tenant"]
    home = str(opened.mode()[0]) if len(opened) else next(iter(whole.tenants))
    tenants_of: dict[str, list[str]] = {}
    for tenant, administering in administrators.items():
        for person in administering:
            tenants_of.setdefault(person, []).append(tenant)
    both = max(administrators[home], key=lambda person: len(tenants_of[person]))
    tenants = [home, *(tenant for tenant in tenants_of[both] if tenant != home)][:2]
    people = [both, *(next((p for p in administrators[t] if tenants_of[p] == [t]), both) for t in tenants)]
    people += [p for p, t in whole.roles if t == home and not whole.administers(p, t)][:1]
    return Directory(
        {tenant: whole.tenants[tenant] for tenant in tenants},
        {person: whole.people[person] for person in people},
        {engineer: whole.engineers[engineer] for engineer in generated.engineers[:2]},
        {(p, t): whole.roles[p, t] for p in dict.fromkeys(people) for t in tenants if whole.knows(p, t)},
    )
