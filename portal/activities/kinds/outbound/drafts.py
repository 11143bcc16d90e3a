"""Reading and writing the content of an outbound delegation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, text, update

from portal.activities.kinds.outbound.content import (
    Content,
    Day,
    Member,
    generated_title,
    search_key,
    title_of,
)
from portal.activities.kinds.outbound.model import DelegationMember, Outbound, ProgrammeItem
from portal.activities.models import Activity, Kind, State
from portal.audit import services as audit
from portal.audit.events import declare
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import Conflict, Denied, NotFound
from portal.core.unit_of_work import current_unit
from portal.extensions import db
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow
from portal.web.i18n import locale
from portal.web.text import fold

declare({"activity.wiped": "version"})

EDITABLE: Final = frozenset({State.DRAFT, State.RETURNED})
"""States in which the proposer writes. A file in review is sent back first."""

_LOAD = """
SELECT a.id, a.tenant_id, a.state, a.version, a.title, a.field, a.plan_item_id, a.starts_on,
       a.ends_on, a.countries, a.urgent, a.urgent_reason, a.submitted_on, a.paper_register_no,
       a.created_by, a.updated_at,
       o.purpose, o.host_partner, o.content, o.invitation_from, o.invitation_date, o.necessity,
       o.funding, o.cost_vnd, o.organiser, o.leader_rank, o.important_event, o.secret_documents,
       o.secret_permission, o.answers, o.unsaved,
       ARRAY(SELECT lineage(a.tenant_id)) AS line,
       (SELECT jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'name', f.filename,
                                            'size', f.size, 'added_at', f.created_at) ORDER BY f.id)
          FROM attachment f WHERE f.activity_id = a.id AND f.removed_at IS NULL) AS files,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.place, m.member_id) FROM (
            SELECT d.id AS member_id, d.position AS place, d.role, d.relative_of_id, p.id,
                   p.tenant_id, CASE :locale WHEN 'en' THEN t.name_en ELSE t.name_vi END
                   AS tenant_name, p.full_name, p.honorific, p.position, p.key_leader,
                   p.managed_by, p.sensitive_post, p.active, p.sort_key
              FROM delegation_member d JOIN person p ON p.id = d.person_id
              JOIN tenant t ON t.id = p.tenant_id WHERE d.activity_id = a.id) m) AS members,
       (SELECT jsonb_agg(jsonb_build_object('day', g.day, 'item', g.item, 'topics', g.topics)
                         ORDER BY g.position, g.id)
          FROM programme_item g WHERE g.activity_id = a.id) AS programme,
       (SELECT jsonb_agg(jsonb_build_object('rule', w.rule, 'by', w.by, 'document', w.document_no,
                                            'dated', w.document_date, 'reason', w.reason,
                                            'expires', w.expires_on, 'used', EXISTS (
                    SELECT 1 FROM decision d
                     WHERE d.activity_id = w.activity_id AND d.outcome = 'approved'
                       AND d.act <> 'consent' AND d.created_at >= w.created_at)) ORDER BY w.id)
          FROM waiver w WHERE w.activity_id = a.id) AS waivers
  FROM activity a JOIN outbound o ON o.activity_id = a.id
 WHERE a.id = :id
"""
_READ = text(_LOAD)
# A lock that had to wait reads only the locked row anew: the rest is asked for after it.
_LOCK = text("SELECT FROM activity WHERE id = :id FOR UPDATE")


@dataclass(frozen=True, slots=True)
class Draft:
    """One file as its form needs it. `unsaved` keeps what was typed last and is not valid yet."""

    id: int
    tenant_id: int
    state: str
    version: int
    content: Content
    people: Mapping[int, PersonRow]
    line: tuple[int, ...]
    """The proposing agency and those it succeeds."""
    files: tuple[Mapping[str, Any], ...]
    """The dossier: id, kind, name, size, added_at (ISO text)."""
    waivers: tuple[Mapping[str, Any], ...]
    submitted_on: date | None
    paper_register_no: str | None
    updated_at: datetime
    created_by: int | None
    unsaved: Mapping[str, Any]

    @property
    def has_invitation(self) -> bool:
        """Whether the invitation itself is on file."""
        return any(file["kind"] == "invitation" for file in self.files)

    @property
    def raw(self) -> dict[str, Any]:
        """Field name → what was typed, of the fields that could not be saved."""
        return dict(self.unsaved.get("raw") or {})


def load(activity_id: int, *, lock: bool = False) -> Draft:
    """The file as it is stored; NotFound when it does not exist for the acting person."""
    if lock:
        db.session.execute(_LOCK, {"id": activity_id})
    given = {"id": activity_id, "locale": locale()}
    row = db.session.execute(_READ, given).mappings().one_or_none()
    if row is None:
        raise NotFound
    members = row["members"] or ()
    return Draft(
        id=row["id"],
        tenant_id=row["tenant_id"],
        state=row["state"],
        version=row["version"],
        content=_content(dict(row), members),
        people={m["id"]: _person(m) for m in members},
        line=tuple(row["line"]),
        files=tuple(row["files"] or ()),
        waivers=tuple(row["waivers"] or ()),
        submitted_on=row["submitted_on"],
        paper_register_no=row["paper_register_no"],
        updated_at=row["updated_at"],
        created_by=row["created_by"],
        unsaved=row["unsaved"] or {},
    )


def _person(row: Mapping[str, Any]) -> PersonRow:
    return PersonRow(**{name: row[name] for name in PersonRow.__slots__})


def _content(row: Mapping[str, Any], members: Any) -> Content:
    content = Content(
        field=row["field"],
        plan_item=row["plan_item_id"],
        urgent=row["urgent"],
        urgent_reason=row["urgent_reason"] or "",
        members=tuple(Member(m["id"], m["role"], m["relative_of_id"]) for m in members),
        departs=row["starts_on"],
        returns=row["ends_on"],
        countries=tuple(row["countries"]),
        leader_rank=row["leader_rank"],
        important_event=row["important_event"],
        purpose=row["purpose"],
        host_partner=row["host_partner"],
        content=row["content"],
        programme=tuple(
            Day(d["day"] and date.fromisoformat(d["day"]), d["item"], tuple(d["topics"]))
            for d in row["programme"] or ()
        ),
        invitation_from=row["invitation_from"],
        invitation_date=row["invitation_date"],
        necessity=row["necessity"],
        funding=row["funding"],
        cost_vnd=None if row["cost_vnd"] is None else int(row["cost_vnd"]),
        organiser=row["organiser"],
        confidential_papers=_confidential(row["secret_documents"], row["secret_permission"]),
        answers=dict(row["answers"]),
    )
    title = row["title"]
    return content if title == generated_title(content) else replace(content, title=title)


def _confidential(carried: bool, permitted: bool) -> str:
    return ("permitted" if permitted else "unpermitted") if carried else "none"


def editable(activity_id: int, actor: Actor, *, lock: bool = False) -> Draft:
    """The file for writing: the actor's own agency's, in a state in which one writes."""
    draft = load(activity_id, lock=lock)
    if draft.tenant_id != actor.tenant_id:
        raise Denied("Only the agency that proposes a delegation changes its content.")
    if draft.paper_register_no is not None:
        raise Conflict("This file is kept on paper: nothing of its content is written here.")
    if draft.state not in EDITABLE:
        raise Conflict(
            "This file is no longer a draft: its content rests. Whoever has it now can send it"
            " back for correction."
        )
    return draft


def create(
    actor: Actor,
    content: Content,
    *,
    people: Mapping[int, PersonRow],
    register_no: str | None = None,
) -> int:
    """A new draft of the actor's agency; its id. Call inside a unit of work."""
    current_unit()
    activity = Activity(
        tenant_id=actor.tenant_id,
        kind=Kind.OUTBOUND,
        holder_tenant_id=actor.tenant_id,
        holder_since=clock.now(),
        created_by=actor.user_id,
        **{**_columns(content, people), **(on_paper(register_no) if register_no else {})},
    )
    db.session.add(activity)
    db.session.flush()
    outbound = _outbound_columns(content)
    db.session.add(Outbound(activity_id=activity.id, tenant_id=activity.tenant_id, **outbound))
    db.session.flush()
    _write_members(activity.id, activity.tenant_id, content)
    _write_programme(activity.id, activity.tenant_id, content)
    audit.record(
        "activity.created",
        chain_id=activity.tenant_id,
        subject_type="activity",
        subject_id=activity.id,
        data={"kind": Kind.OUTBOUND.value, "plan_item_id": content.plan_item},
    )
    return activity.id


def save(
    draft: Draft,
    content: Content,
    *,
    people: Mapping[int, PersonRow],
    unsaved: Mapping[str, Any] | None = None,
    judged: Mapping[str, Any] | None = None,
) -> int:
    """Store `content` in the file that `draft` holds locked; its new version.

    `judged` gives columns that the findings fill (blocks, warnings, authority). Parts that did not
    change are not written.
    """
    current_unit()
    columns = {**_columns(content, people), **(judged or {})}
    version = draft.version + 1
    db.session.execute(
        update(Activity)
        .where(Activity.id == draft.id)
        .values(version=version, updated_at=clock.now(), **columns)
        .execution_options(synchronize_session=False)
    )
    keep_unsaved(draft.id, unsaved, **_outbound_columns(content))
    if content.members != draft.content.members:
        _delete(DelegationMember, draft.id)
        _write_members(draft.id, draft.tenant_id, content)
    if content.programme != draft.content.programme:
        _delete(ProgrammeItem, draft.id)
        _write_programme(draft.id, draft.tenant_id, content)
    return version


def keep_unsaved(activity_id: int, unsaved: Mapping[str, Any] | None, **columns: Any) -> None:
    """Store what was typed and is not valid yet, and other columns of the delegation with it."""
    db.session.execute(
        update(Outbound)
        .where(Outbound.activity_id == activity_id)
        .values(unsaved=dict(unsaved) if unsaved else None, **columns)
        .execution_options(synchronize_session=False)
    )


def _columns(content: Content, people: Mapping[int, PersonRow]) -> dict[str, Any]:
    """The activity's own columns, the denormalised ones included."""
    head = content.head
    leader = people.get(head) if head is not None else None
    return {
        "title": title_of(content),
        "search_key": search_key(content, leader.full_name if leader else None),
        "field": content.field,
        "plan_item_id": content.plan_item,
        "starts_on": content.departs,
        "ends_on": content.returns,
        "countries": list(content.countries),
        "lead_person_id": head,
        "urgent": content.urgent,
        "urgent_reason": content.urgent_reason or None,
        "after_the_fact_reason": content.answers.get("any.after-the-fact"),
    }


def _outbound_columns(content: Content) -> dict[str, Any]:
    return {
        "purpose": content.purpose,
        "host_partner": content.host_partner,
        "content": content.content,
        "invitation_from": content.invitation_from,
        "invitation_date": content.invitation_date,
        "necessity": content.necessity,
        "funding": content.funding,
        "cost_vnd": content.cost_vnd,
        "organiser": content.organiser,
        "leader_rank": content.leader_rank,
        "important_event": content.important_event,
        "secret_documents": content.confidential_papers != "none",
        "secret_permission": content.confidential_papers == "permitted",
        "answers": dict(content.answers),
    }


def _delete(model: Any, activity_id: int) -> None:
    db.session.execute(
        delete(model)
        .where(model.activity_id == activity_id)
        .execution_options(synchronize_session=False)
    )


def _write_members(activity_id: int, tenant_id: int, content: Content) -> None:
    rows = [
        {
            "activity_id": activity_id,
            "tenant_id": tenant_id,
            "person_id": member.person,
            "role": member.role,
            "relative_of_id": member.relative_of,
            "position": place,
        }
        for place, member in enumerate(content.members)
    ]
    if rows:
        db.session.execute(insert(DelegationMember), rows)


def _write_programme(activity_id: int, tenant_id: int, content: Content) -> None:
    rows = [
        {
            "activity_id": activity_id,
            "tenant_id": tenant_id,
            "position": place,
            "day": entry.day,
            "item": entry.item,
            "topics": list(entry.topics),
        }
        for place, entry in enumerate(content.programme)
    ]
    if rows:
        db.session.execute(insert(ProgrammeItem), rows)


def snapshot(activity_id: int) -> dict[str, Any]:
    """The whole content as JSON, to compare and to amend."""
    return load(activity_id).content.to_json()


def apply_snapshot(activity_id: int, data: Mapping[str, Any]) -> int:
    """Make `data` (of `snapshot`) the file's content, whatever its state; the new version.

    Whether that may be is the caller's question; the row is locked here.
    """
    draft = load(activity_id, lock=True)
    content = Content.from_json(data)
    return save(draft, content, people=known_people(draft, content))


def known_people(draft: Draft, content: Content) -> dict[int, PersonRow]:
    """Everybody in `content`: those of the stored file, and one statement for the rest."""
    return {**draft.people, **people_by_id(set(content.people) - set(draft.people))}


def on_paper(register_no: str) -> dict[str, Any]:
    """The columns of a file that is kept on paper: it says nothing but where it is registered."""
    title = f"Hồ sơ giấy, số đăng ký {register_no}"
    return {"paper_register_no": register_no, "title": title, "search_key": fold(title)}


def erase(draft: Draft, register_no: str) -> int:
    """Wipe a file that turned out to be secret: only the number of the paper register stays."""
    version = save(draft, Content(), people={}, judged=on_paper(register_no))
    audit.record(
        "activity.wiped",
        chain_id=draft.tenant_id,
        subject_type="activity",
        subject_id=draft.id,
        data={"version": version},
    )
    return version
