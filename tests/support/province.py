"""The cast of the integration tests: a small province with one person for every part.

Two proposing tenants (Hội An and Nam Giang), the focal point, the police, the chair's office, the
standing committee, the inspectorate and the administration. People are invented.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from portal.access.enforcer import permissions_of
from portal.core.context import Actor, Scope

CAPACITIES = {
    "so-ngoai-vu": "focal",
    "cong-an-tinh": "police",
    "van-phong-ubnd": "chair",
    "ban-thuong-vu": "committee",
    "thanh-tra": "inspectorate",
    "so-tttt": "administration",
}
TENANTS = {
    "hoi-an": ("district", "UBND thành phố Hội An", "Hội An City People's Committee"),
    "nam-giang": ("district", "UBND huyện Nam Giang", "Nam Giang District People's Committee"),
    "so-ngoai-vu": ("focal", "Sở Ngoại vụ", "Department of Foreign Affairs"),
    "cong-an-tinh": ("police", "Công an tỉnh", "Provincial police"),
    "van-phong-ubnd": ("chair-office", "Văn phòng UBND tỉnh", "Office of the People's Committee"),
    "ban-thuong-vu": ("party-body", "Ban Thường vụ Tỉnh ủy", "Standing committee"),
    "thanh-tra": ("department", "Thanh tra tỉnh", "Provincial inspectorate"),
    "so-tttt": ("department", "Sở Thông tin và Truyền thông", "Department of Information"),
}
CAST = {
    "officer": ("hoi-an", "officer", Scope.OWN, "Lê Thị Hạnh"),
    "reviewer": ("hoi-an", "reviewer", Scope.OWN, "Phan Văn Khôi"),
    "head": ("hoi-an", "head", Scope.OWN, "Nguyễn Đức Ân"),
    "outsider": ("nam-giang", "officer", Scope.OWN, "Bríu Văn Lơ"),
    "outside_head": ("nam-giang", "head", Scope.OWN, "Zơrâm Thị Mai"),
    "focal_officer": ("so-ngoai-vu", "focal-officer", Scope.FOCAL, "Trần Minh Quang"),
    "focal_head": ("so-ngoai-vu", "focal-head", Scope.FOCAL, "Phạm Hữu Thắng"),
    "police": ("cong-an-tinh", "police-officer", Scope.POLICE, "Võ Đình Sơn"),
    "chair": ("van-phong-ubnd", "chair", Scope.CHAIR, "Hồ Quang Vinh"),
    "chair_officer": ("van-phong-ubnd", "chair-officer", Scope.CHAIR, "Đặng Thị Yến"),
    "committee": ("ban-thuong-vu", "standing-committee", Scope.COMMITTEE, "Lương Văn Bảo"),
    "inspector": ("thanh-tra", "inspector", Scope.INSPECTOR, "Ngô Thị Cúc"),
    "administrator": ("so-tttt", "administrator", Scope.ADMIN, "Tạ Văn Dương"),
}


@dataclass(slots=True)
class Province:
    """Ids of what was arranged, and an Actor for everybody in the cast."""

    connection: psycopg.Connection
    tenants: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]

    def person(self, tenant: str, name: str, **facts: Any) -> int:
        """One more official of `tenant`."""
        columns = {
            "tenant_id": self.tenants[tenant],
            "full_name": name,
            "honorific": "ông",
            "sort_key": name.lower(),
            "search_key": name.lower(),
            "position": "",
            "key_leader": False,
            "managed_by": "agency",
            "sensitive_post": False,
            "active": True,
        } | facts
        self.people[name] = insert(self.connection, "person", **columns)
        return self.people[name]

    def plan_item(self, tenant: str, year: int, code: str = "P1", **facts: Any) -> int:
        """An item of an approved plan."""
        plan_id = insert(
            self.connection, "plan", tenant_id=self.tenants[tenant], year=year, status="approved"
        )
        columns = {
            "tenant_id": self.tenants[tenant],
            "plan_id": plan_id,
            "code": code,
            "kind": "outbound",
            "origin": "original",
            "title": f"Đoàn công tác {code}",
            "countries": [],
        } | facts
        return insert(self.connection, "plan_item", **columns)

    def activity(self, tenant: str, **facts: Any) -> int:
        """A stored file with its outbound row; a draft unless said otherwise."""
        columns = {
            "tenant_id": self.tenants[tenant],
            "kind": "outbound",
            "title": "Đoàn công tác Lào",
            "search_key": "doan cong tac lao",
            "state": "draft",
            "version": 1,
            "field": "general",
            "countries": ["LA"],
            "urgent": False,
            "after_the_fact": False,
            "referred": False,
            "police_involved": False,
            "stopped": False,
            "blocks": 0,
            "warnings": 0,
            "created_at": "now",
            "updated_at": "now",
        } | facts
        activity_id = insert(self.connection, "activity", **columns)
        insert(
            self.connection,
            "outbound",
            returning="activity_id",
            activity_id=activity_id,
            tenant_id=columns["tenant_id"],
            purpose="giao lưu biên giới",
            host_partner="huyện Đắc Chưng",
            content="hội đàm thường niên",
            invitation_from="",
            necessity="",
            funding="state",
            organiser="agency",
            leader_rank="department",
            important_event=False,
            secret_documents=False,
            secret_permission=False,
            answers="{}",
        )
        return activity_id

    def member(self, activity_id: int, tenant: str, person_id: int, role: str = "member") -> None:
        """Put an official on a delegation of `tenant`."""
        insert(
            self.connection,
            "delegation_member",
            tenant_id=self.tenants[tenant],
            activity_id=activity_id,
            person_id=person_id,
            role=role,
            position=0,
        )

    def programme(self, activity_id: int, tenant: str, *, topics: tuple[str, ...] = ()) -> None:
        """Give a delegation a programme of one entry."""
        insert(
            self.connection,
            "programme_item",
            tenant_id=self.tenants[tenant],
            activity_id=activity_id,
            position=0,
            item="hội đàm",
            topics=list(topics),
        )


def insert(
    connection: psycopg.Connection, table: str, *, returning: str = "id", **columns: Any
) -> int:
    """Insert one row past row-level security; returns its id."""
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(["%s"] * len(columns))
    row = connection.execute(
        f'INSERT INTO "{table}" ({names}) VALUES ({places}) RETURNING {returning}',
        list(columns.values()),
    ).fetchone()
    assert row is not None
    return int(row[0])


def arrange(connection: psycopg.Connection, *, today: date) -> Province:
    """Put the province into the database; offices are valid from the year before `today`."""
    province = Province(connection)
    since = date(today.year - 1, 1, 1)
    for code, (kind, vi, en) in TENANTS.items():
        province.tenants[code] = insert(
            connection,
            "tenant",
            code=code,
            kind=kind,
            name_vi=vi,
            name_en=en,
            search_key=vi.lower(),
            valid_from=date(2000, 1, 1),
            internal_review=True,
        )
    for code, capacity in CAPACITIES.items():
        insert(
            connection,
            "tenant_capacity",
            tenant_id=province.tenants[code],
            capacity=capacity,
            valid_from=since,
        )
    for username, (tenant, role, scope, name) in CAST.items():
        _employ(province, username, tenant, role, scope, name, since)
    return province


def _employ(
    province: Province,
    username: str,
    tenant: str,
    role: str,
    scope: Scope,
    name: str,
    since: date,
) -> None:
    person_id = province.person(tenant, name)
    user_id = insert(
        province.connection,
        "user_account",
        username=username,
        name=name,
        password_hash="x",
        person_id=person_id,
        active=True,
        locale="vi",
        created_at="now",
    )
    insert(
        province.connection,
        "membership",
        user_id=user_id,
        tenant_id=province.tenants[tenant],
        role=role,
        fields=[],
        valid_from=since,
        created_at="now",
    )
    province.users[username] = user_id
    province.actors[username] = Actor(
        user_id=user_id,
        username=username,
        name=name,
        tenant_id=province.tenants[tenant],
        tenant_name=TENANTS[tenant][1],
        scope=scope,
        roles=frozenset({role}),
        permissions=frozenset(permissions_of([role])),
        person_id=person_id,
    )
