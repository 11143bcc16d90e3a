"""A province in motion: two agencies with a file in every state, each marked with its own canary.

A canary is a word that stands in no dictionary (`kn00017q`). Whoever reads it has read that file.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import psycopg
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.access.enforcer import permissions_of
from portal.activities import amendments, lifecycle
from portal.activities.calendar import advance_by_calendar
from portal.activities.types import Input
from portal.core.clock import frozen_at
from portal.core.context import Actor, Scope
from portal.core.errors import Blocked
from portal.documents import services as documents
from portal.extensions import settings
from portal.jobs.deliver import deliver_waiting
from tests.support.browsers import give_passwords
from tests.support.files import PDF
from tests.support.province import Province, arrange, insert

TODAY = date(2026, 9, 7)
"""A Monday; everything that is walked through happens on it."""
SPRING = date(2026, 5, 4)
"""When the files of the trips that are over were begun."""
CANARY = re.compile(r"kn\d{5}q")

MORE_CAST = {
    "deputy_head": ("hoi-an", "deputy-head", Scope.OWN, "Cao Thị Bưởi"),
    "clerk": ("hoi-an", "clerk", Scope.OWN, "Mai Thị Nhàn"),
    "viewer": ("hoi-an", "viewer", Scope.OWN, "Đinh Công Lập"),
    "outside_reviewer": ("nam-giang", "reviewer", Scope.OWN, "Alăng Thị Hiền"),
    "police_head": ("cong-an-tinh", "police-head", Scope.POLICE, "Hà Quốc Trung"),
    "deputy_chair": ("van-phong-ubnd", "deputy-chair", Scope.CHAIR, "Châu Thị Mỹ"),
}

Acting = Callable[[Actor | None], AbstractContextManager[None]]


@dataclass(slots=True)
class World:
    """What stands in the province, and how to ask the truth about it (past row-level security)."""

    province: Province
    app: Flask
    acting: Acting
    files: dict[tuple[str, str], int] = field(default_factory=dict)
    """(code of the agency, where the file is) → its id."""
    marks: int = 0
    memberships: tuple[int, ...] = ()
    """The offices of the cast; whatever else is granted meanwhile is taken back."""

    @property
    def connection(self) -> psycopg.Connection:
        return self.province.connection

    def canary(self) -> str:
        """A word that nothing else in the province contains."""
        self.marks += 1
        return f"kn{self.marks:05d}q"

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What is really stored."""
        return self.connection.execute(statement, values).fetchall()

    def ids(self, table: str, key: str = "id") -> list[int]:
        """All keys of a table."""
        return [row[0] for row in self.rows(f'SELECT "{key}" FROM "{table}" ORDER BY 1')]

    def take(self, who: str, file: int, action: str, **given: Any) -> None:
        """Let somebody of the cast take a step."""
        with self.app.app_context(), self.acting(self.province[who]):
            perform = amendments.perform if "amendment" in action else lifecycle.perform
            version = self.rows("SELECT version FROM activity WHERE id = %(id)s", id=file)[0][0]
            perform(file, action, Input(version=version, **given))


def arrange_world(connection: psycopg.Connection, app: Flask, acting: Acting) -> World:
    """Both agencies with files in every state, plans, papers, stand-ins and told notices."""
    province = arrange(connection, today=TODAY)
    world = World(province, app, acting)
    with app.app_context():
        shutil.rmtree(settings().uploads, ignore_errors=True)
    for username, part in MORE_CAST.items():
        _employ(province, username, *part)
    give_passwords(connection)
    _stand_ins(world)
    with frozen_at(SPRING):
        for agency in ("hoi-an", "nam-giang"):
            _finished_files(world, agency)
    with frozen_at(TODAY):
        for agency in ("hoi-an", "nam-giang"):
            _running_files(world, agency)
        with app.app_context():
            advance_by_calendar()
        for agency in ("hoi-an", "nam-giang"):
            _reported_files(world, agency)
        with app.app_context():
            deliver_waiting()
    world.memberships = tuple(world.ids("membership"))
    return world


def _employ(
    province: Province, username: str, tenant: str, role: str, scope: Scope, name: str
) -> None:
    user_id = insert(
        province.connection,
        "user_account",
        username=username,
        name=name,
        password_hash="x",
        person_id=province.person(tenant, name),
        active=True,
        locale="en",
        created_at="now",
    )
    insert(
        province.connection,
        "membership",
        user_id=user_id,
        tenant_id=province.tenants[tenant],
        role=role,
        fields=["general"] if role.startswith("deputy") else [],
        valid_from=date(TODAY.year - 1, 1, 1),
        created_at="now",
    )
    province.users[username] = user_id
    province.actors[username] = Actor(
        user_id=user_id,
        username=username,
        name=name,
        tenant_id=province.tenants[tenant],
        tenant_name=tenant,
        scope=scope,
        roles=frozenset({role}),
        permissions=frozenset(permissions_of([role])),
    )


def _stand_ins(world: World) -> None:
    for head, colleague in (("head", "reviewer"), ("outside_head", "outside_reviewer")):
        found = world.rows(
            "SELECT id, tenant_id FROM membership WHERE user_id = %(user)s",
            user=world.province.users[head],
        )[0]
        insert(
            world.connection,
            "stand_in",
            tenant_id=found[1],
            membership_id=found[0],
            user_id=world.province.users[colleague],
            document_no=f"{world.canary()}/UQ",
            document_date=TODAY,
            valid_from=date(2027, 1, 1),
            valid_to=date(2027, 2, 1),
            appointed_by=world.province.users[head],
            created_at="now",
        )


def _file(world: World, agency: str, name: str, starts: date, ends: date, **facts: Any) -> int:
    """A complete, planned draft whose every text carries its canary."""
    province, mark = world.province, world.canary()
    leader = province.person(agency, f"Trần Văn {name.title()}", managed_by="chair")
    item = province.plan_item(agency, starts.year, f"P{world.marks}", title=f"Kế hoạch {mark}")
    activity_id = province.activity(
        agency,
        title=f"Đoàn {mark} đi Lào",
        search_key=f"doan {mark} di lao",
        plan_item_id=item,
        starts_on=starts,
        ends_on=ends,
        created_by=province.users["officer" if agency == "hoi-an" else "outsider"],
        lead_person_id=leader,
        **facts,
    )
    world.connection.execute(
        "UPDATE outbound SET purpose = %(text)s, content = %(text)s, host_partner = %(text)s"
        " WHERE activity_id = %(id)s",
        {"text": f"trao đổi {mark}", "id": activity_id},
    )
    province.member(activity_id, agency, leader, "head")
    province.programme(activity_id, agency)
    world.files[agency, name] = activity_id
    _paper(world, agency, activity_id, mark)
    return activity_id


def _paper(world: World, agency: str, activity_id: int, mark: str) -> None:
    who = "officer" if agency == "hoi-an" else "outsider"
    upload = FileStorage(BytesIO(PDF + mark.encode()), filename=f"Thư mời {mark}.pdf")
    with world.app.app_context(), world.acting(world.province[who]):
        documents.attach(activity_id, world.province.tenants[agency], "invitation", upload)


class _Way:
    """One file on its way through the steps."""

    def __init__(self, world: World, agency: str, file: int) -> None:
        self.world, self.agency, self.file = world, agency, file
        home = agency == "hoi-an"
        self.officer = "officer" if home else "outsider"
        self.reviewer = "reviewer" if home else "outside_reviewer"
        self.head = "head" if home else "outside_head"

    def to(self, *steps: str) -> _Way:
        """Take these steps in turn, each by whose step it is."""
        for action in steps:
            who, given = self._hand(action)
            try:
                self.world.take(who, self.file, action, **given)
            except Blocked as blocked:
                self._answer(blocked)
                self.world.take(who, self.file, action, **given)
        return self

    def _answer(self, blocked: Blocked) -> None:
        """Give the written answer that a warning wants."""
        answers = {finding.rule: "Đơn vị đã rà soát." for finding in blocked.findings}
        self.world.connection.execute(
            "UPDATE outbound SET answers = %s WHERE activity_id = %s",
            [json.dumps(answers), self.file],
        )

    def _hand(self, action: str) -> tuple[str, dict[str, Any]]:
        day = {"document_date": SPRING}
        hands: dict[str, tuple[str, dict[str, Any]]] = {
            "send-for-review": (self.officer, {}),
            "endorse": (self.reviewer, {}),
            "submit": (self.head, {}),
            "withdraw": (self.head, {"reason": "Đối tác hoãn."}),
            "receive": ("focal_officer", {}),
            "return": ("focal_officer", {"reason": "Thiếu thư mời."}),
            "ask-opinion": ("focal_officer", {}),
            "give-opinion": ("police", {"opinion": "agree", "note": "Không có ý kiến."}),
            "appraise": ("focal_officer", {"note": "Phù hợp.", "recommendation": "approve"}),
            "sign-appraisal": ("focal_head", {}),
            "approve": ("chair", {"document_no": f"{self.file}/QĐ-UBND", **day}),
            "reject": ("chair", {"document_no": f"{self.file}/TB", "reason": "Không.", **day}),
            "cancel": (self.head, {"reason": "Đối tác hoãn."}),
            "close": ("focal_officer", {}),
        }
        return hands[action]


SUBMITTED = ("send-for-review", "endorse", "submit")
APPRAISED = (*SUBMITTED, "receive", "appraise", "sign-appraisal")
APPROVED = (*APPRAISED, "approve")


def _running_files(world: World, agency: str) -> None:
    ways: dict[str, tuple[str, ...]] = {
        "draft": (),
        "draft-two": (),
        "review": ("send-for-review",),
        "endorsed": ("send-for-review", "endorse"),
        "submitted": SUBMITTED,
        "appraisal": (*SUBMITTED, "receive"),
        "asked": (*SUBMITTED, "receive", "ask-opinion"),
        "answered": (*SUBMITTED, "receive", "ask-opinion", "give-opinion"),
        "returned": (*SUBMITTED, "receive", "return"),
        "written": (*SUBMITTED, "receive", "appraise"),
        "appraised": APPRAISED,
        "approved": APPROVED,
        "amended": APPROVED,
        "rejected": (*APPRAISED, "reject"),
        "withdrawn": (*SUBMITTED, "withdraw"),
        "cancelled": (*APPROVED, "cancel"),
    }
    for name, steps in ways.items():
        file = _file(world, agency, name, date(2026, 11, 16), date(2026, 11, 20))
        way = _Way(world, agency, file).to(*steps)
        if name == "amended":
            _amend(world, way)


def _amend(world: World, way: _Way) -> None:
    version = world.rows("SELECT version FROM activity WHERE id = %(id)s", id=way.file)[0][0]
    with world.app.app_context(), world.acting(world.province[way.officer]):
        amendments.begin(way.file, version)
    mark = world.canary()
    world.connection.execute(
        "UPDATE amendment SET after = after || jsonb_build_object('content', %(text)s::text)"
        " WHERE activity_id = %(id)s",
        {"text": f"nội dung {mark}", "id": way.file},
    )


def _finished_files(world: World, agency: str) -> None:
    for name, starts, ends in (
        ("under-way", date(2026, 9, 4), date(2026, 9, 11)),
        ("completed", date(2026, 8, 24), date(2026, 8, 28)),
        ("reported", date(2026, 8, 17), date(2026, 8, 21)),
        ("closed", date(2026, 8, 10), date(2026, 8, 14)),
    ):
        _Way(world, agency, _file(world, agency, name, starts, ends)).to(*APPROVED)


def _reported_files(world: World, agency: str) -> None:
    with world.app.app_context():
        advance_by_calendar()
    for name in ("reported", "closed"):
        file = world.files[agency, name]
        way = _Way(world, agency, file)
        row = world.rows(
            "SELECT starts_on, ends_on, lead_person_id FROM activity WHERE id = %(id)s", id=file
        )[0]
        extra = {
            "departed_on": row[0],
            "returned_on": row[1],
            "countries": ["LA"],
            "went": [row[2]],
            "results": f"kết quả {world.canary()}",
            "follow_up": "",
            "cost_vnd": None,
            "over_limit_reason": "",
        }
        world.take(way.officer, file, "report", extra=extra)
        if name == "closed":
            world.take(way.officer, file, "record-passports", extra={"returned_on": TODAY})
            way.to("close")
