"""The roles that a membership gives in one tenant, and the capacity a tenant needs for them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Self

from portal.core.context import Scope


class Capacity(StrEnum):
    """A part that a tenant plays for the whole province, from a day to a day: no fixed unit."""

    ADMINISTRATION = "administration"
    CHAIR = "chair"
    COMMITTEE = "committee"
    FOCAL = "focal"
    INSPECTORATE = "inspectorate"
    POLICE = "police"


class Role(StrEnum):
    """What a person is in one tenant. A person may hold several, and others elsewhere.

    `capacity` is what the tenant must hold for the role to be given there; None = any tenant.
    The focal point, the police and the chair's office are tenants like the others: their own
    proposals need ordinary roles (officer, head) given beside these.
    """

    vi: str
    en: str
    capacity: Capacity | None

    def __new__(
        cls, value: str, vi: str = "", en: str = "", capacity: Capacity | None = None
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.vi = vi
        member.en = en
        member.capacity = capacity
        return member

    ADMINISTRATOR = (
        "administrator",
        "Quản trị hệ thống",
        "Administrator",
        Capacity.ADMINISTRATION,
    )
    CHAIR = ("chair", "Chủ tịch Ủy ban nhân dân tỉnh", "Chair", Capacity.CHAIR)
    CHAIR_OFFICER = (
        "chair-officer",
        "Chuyên viên Văn phòng Ủy ban nhân dân tỉnh",
        "Chair's office",
        Capacity.CHAIR,
    )
    CLERK = ("clerk", "Văn thư", "Clerk")
    DEPUTY_CHAIR = (
        "deputy-chair",
        "Phó Chủ tịch Ủy ban nhân dân tỉnh",
        "Deputy chair",
        Capacity.CHAIR,
    )
    DEPUTY_HEAD = ("deputy-head", "Cấp phó của người đứng đầu", "Deputy head")
    FOCAL_HEAD = (
        "focal-head",
        "Lãnh đạo cơ quan đầu mối",
        "Focal point head",
        Capacity.FOCAL,
    )
    FOCAL_OFFICER = (
        "focal-officer",
        "Chuyên viên thẩm định của cơ quan đầu mối",
        "Focal point officer",
        Capacity.FOCAL,
    )
    HEAD = ("head", "Người đứng đầu cơ quan", "Head")
    INSPECTOR = ("inspector", "Thanh tra", "Inspector", Capacity.INSPECTORATE)
    OFFICER = ("officer", "Chuyên viên", "Officer")
    POLICE_HEAD = ("police-head", "Lãnh đạo Công an tỉnh", "Police head", Capacity.POLICE)
    POLICE_OFFICER = (
        "police-officer",
        "Cán bộ Công an tỉnh",
        "Police officer",
        Capacity.POLICE,
    )
    REVIEWER = ("reviewer", "Người rà soát nội bộ", "Reviewer")
    STANDING_COMMITTEE = (
        "standing-committee",
        "Ban Thường vụ Tỉnh ủy",
        "Standing committee",
        Capacity.COMMITTEE,
    )
    VIEWER = ("viewer", "Người xem", "Viewer")


STAND_IN: Final = "stand-in"
"""Marks, in the policy, the actor who acts for another: it only takes rights away."""

PROGRAM: Final = "program"
"""Marks, in the policy, what another system may do with a tenant's token; no person holds it."""

_SCOPES: Final[tuple[tuple[Capacity, Scope], ...]] = (
    (Capacity.ADMINISTRATION, Scope.ADMIN),
    (Capacity.INSPECTORATE, Scope.INSPECTOR),
    (Capacity.COMMITTEE, Scope.COMMITTEE),
    (Capacity.CHAIR, Scope.CHAIR),
    (Capacity.FOCAL, Scope.FOCAL),
    (Capacity.POLICE, Scope.POLICE),
)


def grantable(role: Role, capacities: Iterable[str]) -> bool:
    """Whether `role` may be given in a tenant that holds these capacities."""
    return role.capacity is None or role.capacity in frozenset(capacities)


def scope_of(roles: Iterable[str]) -> Scope:
    """How far an actor with these roles sees: the value of `portal.scope`.

    Whoever administers sees no content and whoever inspects changes nothing, whatever else they
    hold, so these two come first.
    """
    held_roles = frozenset(roles)
    held = {role.capacity for role in Role if role in held_roles}
    return next((scope for capacity, scope in _SCOPES if capacity in held), Scope.OWN)
