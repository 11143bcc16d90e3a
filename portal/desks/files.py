"""One file as a desk shows it beside its queue: enough to judge what to do, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import text

from portal.core.errors import NotFound
from portal.desks.types import DeskFile, MemberRow, OpinionRow
from portal.extensions import db
from portal.web.i18n import locale

_FILE: Final = text("""
    SELECT a.id, a.kind, a.title, a.state, a.tenant_id,
           CASE WHEN :english THEN t.name_en ELSE t.name_vi END AS tenant_name,
           a.starts_on, a.ends_on, a.countries, a.urgent, a.after_the_fact, a.referred,
           a.authority, a.submitted_on, a.blocks, a.warnings, a.plan_item_id,
           i.code || ' ' || i.title AS plan_item, i.origin AS plan_origin,
           coalesce(o.purpose, '') AS purpose, coalesce(o.host_partner, '') AS host_partner,
           o.funding, o.cost_vnd,
           (SELECT jsonb_agg(jsonb_build_array(
                       m.person_id, p.full_name, p.honorific, p.position, m.role, p.key_leader,
                       p.managed_by) ORDER BY m.position)
              FROM delegation_member m JOIN person p ON p.id = m.person_id
             WHERE m.activity_id = a.id) AS members,
           (SELECT jsonb_agg(jsonb_build_array(
                       q.body, q.asked_on, q.answer, q.text, q.answered_on) ORDER BY q.id)
              FROM opinion q WHERE q.activity_id = a.id) AS opinions,
           (SELECT jsonb_build_array(s.data ->> 'recommendation', s.note) FROM step s
             WHERE s.activity_id = a.id AND s.action = 'appraise'
             ORDER BY s.id DESC LIMIT 1) AS appraisal
      FROM activity a
      JOIN tenant t ON t.id = a.tenant_id
      LEFT JOIN outbound o ON o.activity_id = a.id
      LEFT JOIN plan_item i ON i.id = a.plan_item_id
     WHERE a.id = :id
""")


def desk_file(activity_id: int) -> DeskFile:
    """The file with its members, opinions and appraisal. Raises NotFound."""
    row = db.session.execute(_FILE, {"id": activity_id, "english": locale() == "en"}).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound
    facts: dict[str, Any] = dict(found)
    members = tuple(MemberRow(*member) for member in facts.pop("members") or ())
    opinions = tuple(_opinion(each) for each in facts.pop("opinions") or ())
    recommendation, appraisal = facts.pop("appraisal") or (None, None)
    return DeskFile(
        **facts,
        members=members,
        opinions=opinions,
        recommendation=recommendation,
        appraisal=appraisal,
    )


def _opinion(kept: list[Any]) -> OpinionRow:
    body, asked, answer, words, answered = kept
    return OpinionRow(
        body, date.fromisoformat(asked), answer, words, answered and date.fromisoformat(answered)
    )


def leaders(file: DeskFile) -> Mapping[int, MemberRow]:
    """The members whose trips are limited."""
    return {member.person_id: member for member in file.members if member.key_leader}
