"""The built-in roles, their permissions, and a directory that refuses unknown names."""

import re
from dataclasses import replace

import pytest

from model import PERMISSION, ROLES, Approve, Directory, Member, Reject
from model.directory import Role
from tests.model.world import DIRECTORY, world_at

PEOPLE, TENANTS = {"adele": "Adele Vance"}, {"contoso": "Contoso"}


def test_there_are_135_built_in_roles_of_which_45_hold_the_permission():
    """Source: "To see which Azure AD roles have this permission, search the Azure AD built-in roles for the required
    permission."
    """
    assert PERMISSION == "microsoft.azure.supportTickets/allEntities/allTasks"
    assert len(ROLES) == 135
    assert sum(role.manages_support_access for role in ROLES.values()) == 45


@pytest.mark.parametrize("role", ROLES)
def test_a_role_views_approves_and_rejects_exactly_if_it_holds_the_permission(role: str):
    """Source: "To view, approve, and reject Microsoft Support access requests, a role must have the permission
    microsoft.azure.supportTickets/allEntities/allTasks."
    """
    here, member = world_at("Pending"), Member("adele", "fabrikam")
    held = {("adele", tenant): frozenset({role}) for tenant in ("contoso", "fabrikam")}
    here.directory = replace(DIRECTORY, roles=held)
    may = ROLES[role].manages_support_access
    assert [seen.request_id for seen in here.pending(member)] == (["r1"] if may else [])
    assert here.answer(Approve("r1"), member) == ("approve" if may else "no-permission")
    assert here.answer(Reject("r1"), member) == ("reject" if may else "no-permission")


def test_four_roles_read_the_audit_log():
    """Newer documentation names exactly these."""
    readers = {"Reports Reader", "Security Reader", "Security Administrator", "Global Administrator"}
    assert {role.name for role in ROLES.values() if role.reads_audit_log} == readers


@pytest.mark.parametrize(
    ("name", "manages", "reads"),
    [
        ("Global Administrator", True, True),
        ("Service Support Administrator", True, False),
        ("Security Reader", False, True),
        ("Directory Readers", False, False),
    ],
)
def test_approving_and_reading_the_log_are_separate_permissions(name: str, manages: bool, reads: bool):
    """The trap: the least privileged role that approves cannot read the log, and readers of the log cannot approve."""
    assert ROLES[name] == Role(name, manages, reads)
    directory = Directory(TENANTS, PEOPLE, roles={("adele", "contoso"): frozenset({name})})
    assert directory.administers("adele", "contoso") is manages
    assert directory.reads_audit_log("adele", "contoso") is reads


def test_several_roles_add_up():
    """One role with each permission is enough."""
    both = frozenset({"Service Support Administrator", "Security Reader"})
    directory = Directory(TENANTS, PEOPLE, roles={("adele", "contoso"): both})
    assert directory.administers("adele", "contoso")
    assert directory.reads_audit_log("adele", "contoso")


def test_a_role_counts_only_in_the_tenant_where_it_is_held():
    """An administrator of Contoso is none of Fabrikam."""
    assert DIRECTORY.administers("carla", "contoso")
    assert not DIRECTORY.administers("carla", "fabrikam")
    assert not DIRECTORY.knows("carla", "fabrikam")


def test_a_member_without_a_role_is_known_and_may_nothing():
    """The tenant only knows the person."""
    assert DIRECTORY.knows("cleo", "contoso")
    assert not DIRECTORY.administers("cleo", "contoso")
    assert not DIRECTORY.reads_audit_log("cleo", "contoso")


def test_administrators_are_the_members_who_hold_the_permission():
    """A Security Reader and a member without a role are no administrators."""
    assert DIRECTORY.administrators("contoso") == [Member("adele", "contoso"), Member("carla", "contoso")]
    assert len(DIRECTORY.members()) == len(DIRECTORY.roles)


def test_readers_of_the_audit_log_are_the_members_who_hold_such_a_role_there():
    """They are ordered by id, and belong to this tenant only."""
    assert DIRECTORY.audit_log_readers("contoso") == [Member("adele", "contoso"), Member("sol", "contoso")]
    assert DIRECTORY.audit_log_readers("tailspin") == [Member("adele", "tailspin"), Member("tess", "tailspin")]


def test_members_and_administrators_are_ordered_by_id():
    """The order in which the directory was written does not matter."""
    roles = {(person, "contoso"): frozenset({"Global Administrator"}) for person in ("zoe", "adele", "max")}
    directory = Directory(TENANTS, {person: person for person, _ in roles}, roles=roles)
    ordered = [Member(person, "contoso") for person in ("adele", "max", "zoe")]
    assert (
        directory.members() == directory.administrators("contoso") == directory.audit_log_readers("contoso") == ordered
    )


@pytest.mark.parametrize("known_everywhere", [True, False])
def test_a_small_directory_is_made_from_people_and_the_tenants_they_administer(known_everywhere: bool):
    """People are known where they administer, or in every tenant."""
    tenants, engineers = TENANTS | {"fabrikam": "Fabrikam"}, {"sam": "Sam Rivera"}
    people = {"adele": ("Adele Vance", ("contoso",)), "felix": ("Felix Gray", ("fabrikam", "contoso"))}
    more = {"known_everywhere": True} if known_everywhere else {}
    directory = Directory.small(tenants, people, engineers, **more)
    assert directory.people == {"adele": "Adele Vance", "felix": "Felix Gray"}
    assert (directory.tenants, directory.engineers) == (tenants, engineers)
    assert directory.administrators("contoso") == [Member("adele", "contoso"), Member("felix", "contoso")]
    assert directory.administrators("fabrikam") == [Member("felix", "fabrikam")]
    assert directory.audit_log_readers("contoso") == []
    assert directory.knows("adele", "fabrikam") is known_everywhere


@pytest.mark.parametrize(
    ("person", "tenant", "role", "says"),
    [
        ("adela", "contoso", "Global Administrator", "unknown person 'adela'"),
        ("adele", "contosso", "Global Administrator", "unknown tenant 'contosso'"),
        ("adele", "contoso", "Global Admin", "unknown role 'Global Admin', held by 'adele' in 'contoso'"),
    ],
)
def test_unknown_people_tenants_and_roles_are_refused(person: str, tenant: str, role: str, says: str):
    """A typo must not silently create a member without permissions."""
    with pytest.raises(ValueError, match=re.escape(says)):
        Directory(TENANTS, PEOPLE, roles={(person, tenant): frozenset({role})})
