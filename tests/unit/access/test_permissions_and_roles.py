"""The names of rights: in order, complete, in both languages."""

import re

import pytest

from portal.access.enforcer import rights_table
from portal.access.permissions import Permission
from portal.access.roles import Capacity, Role, grantable, scope_of
from portal.core.context import Scope


def test_permissions_are_in_alphabetical_order_so_that_one_is_found_and_none_is_said_twice() -> (
    None
):
    values = [permission.value for permission in Permission]
    assert values == sorted(values)


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_reads_resource_colon_action(permission: Permission) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", permission.value)
    assert permission.name == permission.value.replace(":", "_").replace("-", "_").upper()


@pytest.mark.parametrize("named", [*Permission, *Role], ids=str)
def test_whatever_a_refusal_may_name_has_a_name_in_both_languages(named: Permission | Role) -> None:
    assert named.vi.strip()
    assert named.en.strip()
    assert named.vi != named.en


@pytest.mark.parametrize("role", Role)
def test_every_role_may_at_least_see_its_desk(role: Role) -> None:
    assert Permission.DESK_VIEW in rights_table().allowed[role]


@pytest.mark.parametrize(
    ("role", "capacity"),
    [
        (Role.FOCAL_OFFICER, Capacity.FOCAL),
        (Role.FOCAL_HEAD, Capacity.FOCAL),
        (Role.POLICE_OFFICER, Capacity.POLICE),
        (Role.POLICE_HEAD, Capacity.POLICE),
        (Role.CHAIR, Capacity.CHAIR),
        (Role.DEPUTY_CHAIR, Capacity.CHAIR),
        (Role.CHAIR_OFFICER, Capacity.CHAIR),
        (Role.STANDING_COMMITTEE, Capacity.COMMITTEE),
        (Role.INSPECTOR, Capacity.INSPECTORATE),
        (Role.ADMINISTRATOR, Capacity.ADMINISTRATION),
    ],
)
def test_a_role_of_the_province_is_given_only_in_a_tenant_that_holds_its_capacity(
    role: Role, capacity: Capacity
) -> None:
    assert grantable(role, [capacity])
    assert not grantable(role, frozenset(Capacity) - {capacity})
    assert not grantable(role, [])


@pytest.mark.parametrize(
    "role", [Role.OFFICER, Role.REVIEWER, Role.HEAD, Role.DEPUTY_HEAD, Role.CLERK, Role.VIEWER]
)
def test_an_ordinary_role_is_given_in_any_tenant(role: Role) -> None:
    assert grantable(role, [])
    assert grantable(role, list(Capacity))


@pytest.mark.parametrize(
    ("roles", "scope"),
    [
        ([], Scope.OWN),
        (["officer", "head"], Scope.OWN),
        (["focal-officer", "officer"], Scope.FOCAL),
        (["police-head"], Scope.POLICE),
        (["deputy-chair"], Scope.CHAIR),
        (["standing-committee"], Scope.COMMITTEE),
        (["inspector", "head"], Scope.INSPECTOR),
        (["administrator", "inspector", "chair"], Scope.ADMIN),
        (["nothing-we-know"], Scope.OWN),
    ],
)
def test_an_actor_sees_as_far_as_the_narrowest_of_their_roles(
    roles: list[str], scope: Scope
) -> None:
    assert scope_of(roles) is scope
