"""The tour of the README: from a draft that may not go to the chair's decision, in six accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from portal.activities import assessment, lifecycle
from portal.activities.kinds.outbound import drafts, facts
from portal.activities.kinds.outbound.content import Content, Day, Member
from portal.activities.types import Input
from portal.audit import source
from portal.audit.verify import check
from portal.core.context import Actor
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.queries import people_by_id
from tests.integration.demo.conftest import DAY
from tests.support.cluster import Cluster


def test_a_district_delegation_goes_from_draft_to_approval_with_the_tours_accounts(
    demo: Flask,
    database: Cluster,
    actor_of: Callable[..., Actor],
    acting: Callable[[Actor], Any],
) -> None:
    names = ("hoian.cb", "hoian.ld", "sngv.cb", "sngv.ld", "ca.cb", "ubnd.ct")
    officer, head, focal, focal_head, police, chair = (actor_of(name) for name in names)
    travelled, director = _leaders()

    with acting(officer):
        content = _content(_free_item(officer), [travelled, *_staff(officer)])
        with unit_of_work():
            file = drafts.create(officer, content, people=people_by_id(content.people))
        judged = assessment.preview(facts.gather(file), {})
        (finding,) = [f for f in judged.findings if f.rule == "outbound.leader-trips"]
        assert finding.severity == "block"
        assert finding.cures, "nothing says what would make it pass"

        changed = replace(content, members=_members([director, *_staff(officer)]))
        with unit_of_work():
            draft = drafts.load(file, lock=True)
            drafts.save(draft, changed, people=people_by_id(changed.people))
        assert assessment.preview(facts.gather(file), {}).judgement.verdict == "pass"

    decision = Input(document_no="2345/QĐ-UBND", document_date=DAY)
    steps: list[tuple[Actor, str, Input]] = [
        (officer, "send-for-review", Input()),
        (head, "endorse", Input()),
        (head, "submit", Input()),
        (focal, "receive", Input()),
        (focal, "ask-opinion", Input(note="Đề nghị cho ý kiến.")),
        (police, "give-opinion", Input(opinion="agree")),
        (focal, "appraise", Input(note="Đủ điều kiện.", recommendation="approve")),
        (focal_head, "sign-appraisal", Input()),
        (chair, "approve", decision),
    ]
    for actor, action, given in steps:
        with acting(actor):
            lifecycle.perform(file, action, given)
    with acting(officer):
        state = db.session.execute(
            text("SELECT state FROM activity WHERE id = :id"), {"id": file}
        ).scalar_one()
    assert state == "approved"
    with database.superuser() as connection:
        assert not check(source.links(connection), source.heads(connection)).faults


def _leaders() -> tuple[int, int]:
    """The deputy head who travelled twice, and a director whom the chair manages."""
    statement = text(
        "SELECT (SELECT person_id FROM user_account WHERE username = 'hoian.pld'),"
        " (SELECT p.id FROM person p JOIN tenant t ON t.id = p.tenant_id"
        "   WHERE t.code = 'H47.41' AND p.managed_by = 'chair')"
    )
    from portal.core.context import acting_as, system_actor

    with acting_as(system_actor()):
        one, other = db.session.execute(statement).one()
    return one, other


def _free_item(officer: Actor) -> int:
    return db.session.execute(
        text(
            "SELECT i.id FROM plan_item i JOIN plan p ON p.id = i.plan_id"
            " WHERE p.tenant_id = :tenant AND p.year = 2026 AND p.status = 'approved'"
            " AND i.month = 12 AND 'JP' = ANY(i.countries) AND i.origin = 'original'"
            " AND NOT EXISTS (SELECT FROM activity a WHERE a.plan_item_id = i.id)"
            " ORDER BY i.size DESC LIMIT 1"
        ),
        {"tenant": officer.tenant_id},
    ).scalar_one()


def _staff(officer: Actor) -> list[int]:
    found = text(
        "SELECT id FROM person WHERE tenant_id = :tenant AND NOT key_leader"
        " AND managed_by = 'agency' ORDER BY id LIMIT 2"
    )
    return list(db.session.execute(found, {"tenant": officer.tenant_id}).scalars())


def _members(people: list[int]) -> tuple[Member, ...]:
    return tuple(
        Member(person, "member" if place else "head") for place, person in enumerate(people)
    )


def _content(item: int, people: list[int]) -> Content:
    departs = DAY + timedelta(days=35)
    return Content(
        plan_item=item,
        field="culture",
        members=_members(people),
        departs=departs,
        returns=departs + timedelta(days=3),
        countries=("JP",),
        leader_rank="department",
        purpose="Giao lưu văn hóa.",
        host_partner="Chính quyền thành phố Nagasaki",
        content="Biểu diễn và quảng bá.",
        programme=(Day(departs, "Trao đổi về an ninh trật tự lễ hội", ("security",)),),
        funding="state",
    )
