"""What the rules are asked about one delegation: few statements, however many files there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from portal.activities.kinds.outbound import drafts
from portal.activities.kinds.outbound.content import Content
from portal.activities.kinds.outbound.drafts import Draft
from portal.activities.kinds.outbound.lookups import (
    PlanChoice,
    choices_in,
    supplements_in,
    surroundings,
    trips_in,
)
from portal.compliance import facts
from portal.compliance.keys import STATUSES, activity_key, agency_key, item_key, person_key
from portal.compliance.names import Names
from portal.core import clock
from portal.extensions import settings
from portal.identity.types import PersonRow, TripCount
from portal.web.i18n import _, locale

known_people = drafts.known_people
"""Everybody in a content: those of the stored file, and one statement for the rest."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The case, how its ids are called, and what the form shows beside it."""

    case: facts.Case
    names: Names
    draft: Draft
    content: Content
    people: Mapping[int, PersonRow]
    items: tuple[PlanChoice, ...]
    trips: Mapping[int, TripCount]
    year: int
    supplements: int
    """Decided out-of-plan delegations of the agency in that year, without this one."""


def gather(
    activity_id: int,
    *,
    stage: facts.Stage = "submission",
    as_of: date | None = None,
    names: bool = True,
) -> Gathered:
    """The facts of a stored file, in two statements; nothing is offered to choose from."""
    draft = drafts.load(activity_id)
    return gather_draft(
        draft, draft.content, draft.people, stage=stage, as_of=as_of, names=names, choices=False
    )


def gather_draft(
    draft: Draft,
    content: Content,
    people: Mapping[int, PersonRow],
    *,
    stage: facts.Stage = "submission",
    as_of: date | None = None,
    names: bool = True,
    choices: bool = True,
) -> Gathered:
    """The facts of `content` as it would stand in the file `draft`, stored or not.

    `choices`: with the plan items to choose from, and with the files that use one already. The
    answer to `content` does not depend on them; a form and the cures need them.
    """
    as_of = as_of or clock.today()
    year = (content.departs or as_of).year
    years = (year, as_of.year, as_of.year + 1)
    members = [person for person in content.people if person in people]
    chosen = {id_: people[id_] for id_ in members}
    around = surroundings(
        draft.line,
        years,
        year,
        as_of,
        people=members,
        item=content.plan_item,
        every_item=choices,
        but=draft.id,
        agencies=[person.tenant_id for person in chosen.values()],
    )
    plan_rows, history, agencies = around.plans, around.history, around.agencies
    case = facts.Case(
        as_of=as_of,
        province=settings().province,
        proposal=_proposal(draft, content, chosen, stage, as_of),
        agencies=_declared_agencies(agencies),
        people=_declared_people(chosen, plan_rows),
        plans=_plans(plan_rows, history),
        history=tuple(counted(row) for row in history),
        waivers=tuple(_waiver(row) for row in draft.waivers if _counts(row, as_of)),
    )
    return Gathered(
        case=case,
        names=_names(chosen, agencies, plan_rows, history) if names else Names(),
        draft=draft,
        content=content,
        people=people,
        items=choices_in(plan_rows, history, draft.line) if choices else (),
        trips={id_: trips_in(history, id_, year) for id_ in members},
        year=year,
        supplements=supplements_in(history, draft.line, year),
    )


def _proposal(
    draft: Draft,
    content: Content,
    people: Mapping[int, PersonRow],
    stage: facts.Stage,
    as_of: date,
) -> facts.Outbound:
    given = facts.given
    return facts.Outbound(
        id=activity_key(draft.id),
        agency=agency_key(draft.tenant_id),
        plan_item=None if content.plan_item is None else item_key(content.plan_item),
        stage=stage,
        classified="none" if draft.paper_register_no is None else "mat",
        submitted=draft.submitted_on or as_of,
        departs=content.departs,
        returns=content.returns,
        countries=content.countries,
        members=tuple(
            facts.Member(
                person_key(m.person),
                cast("facts.Role", m.role),
                None if m.relative_of is None else person_key(m.relative_of),
            )
            for m in content.members
            if m.person in people
        ),
        purpose=given(content.purpose),
        host_partner=given(content.host_partner),
        content=given(content.content),
        programme=tuple(
            facts.ProgrammeItem(entry.day, entry.topics)
            for entry in content.programme
            if given(entry.item)
        ),
        invitation=facts.Invitation(
            given(content.invitation_from), content.invitation_date, draft.has_invitation
        ),
        necessity=given(content.necessity),
        funding=cast("facts.Funding | None", content.funding),
        organiser=cast("facts.Organiser | None", content.organiser),
        leader_rank=cast("facts.LeaderRank | None", content.leader_rank),
        important_event=content.important_event,
        secret_documents=cast("facts.SecretDocuments", content.confidential_papers),
    )


def counted(row: Mapping[str, Any]) -> facts.Outbound:
    """A delegation as it counts beside a proposal, from a row of `lookups.surroundings`."""
    item = row["plan_item_id"]
    return facts.Outbound(
        id=activity_key(row["activity_id"]),
        agency=agency_key(row["tenant_id"]),
        plan_item=None if item is None else item_key(item),
        status=STATUSES[row["state"]],
        submitted=row["submitted_on"],
        departs=row["starts_on"],
        returns=row["ends_on"],
        reported=row["reported_on"],
        passports_returned=row["passports_returned_on"],
        members=tuple(facts.Member(person_key(id_)) for id_ in row["members"]),
    )


def _counts(row: Mapping[str, Any], as_of: date) -> bool:
    """Whether a decision may still rest on this waiver, or already does."""
    return row["used"] or row["expires"] is None or row["expires"] >= as_of.isoformat()


def _waiver(row: Mapping[str, Any]) -> facts.Waiver:
    return facts.Waiver(
        rule=row["rule"],
        by=row["by"],
        document=facts.given(row["document"]),
        dated=row["dated"] and date.fromisoformat(row["dated"]),
        reason=facts.given(row["reason"]),
    )


def _declared_agencies(rows: Sequence[Mapping[str, Any]]) -> dict[str, facts.Agency]:
    declared = {row["id"] for row in rows}
    return {
        agency_key(row["id"]): facts.Agency(
            agency_key(row["id"]),
            row["kind"],
            tuple(agency_key(id_) for id_ in row["succeeds"] if id_ in declared),
        )
        for row in rows
    }


def _declared_people(
    people: Mapping[int, PersonRow], plan_rows: Iterable[Mapping[str, Any]]
) -> dict[str, facts.Person]:
    declared = {
        person_key(row["leader_id"]): facts.Person(
            person_key(row["leader_id"]),
            agency_key(row["leader_agency"]),
            row["key_leader"],
            row["managed_by"],
            row["sensitive_post"],
        )
        for row in plan_rows
        if row["leader_id"] is not None
    }
    for person in people.values():
        declared[person_key(person.id)] = facts.Person(
            person_key(person.id),
            agency_key(person.tenant_id),
            person.key_leader,
            cast("facts.ManagedBy", person.managed_by),
            person.sensitive_post,
        )
    return declared


def _plans(
    plan_rows: Iterable[Mapping[str, Any]], history: Iterable[Mapping[str, Any]]
) -> tuple[facts.Plan, ...]:
    plans: dict[int, list[Mapping[str, Any]]] = {}
    for row in plan_rows:
        plans.setdefault(row["plan_id"], []).append(row)
    known = {row["id"] for rows in plans.values() for row in rows}
    declared = [
        facts.Plan(
            agency_key(rows[0]["tenant_id"]),
            rows[0]["year"],
            rows[0]["status"],
            tuple(planned(row) for row in rows),
        )
        for rows in plans.values()
    ]
    # Whether an earlier trip was out of plan lies in the origin of its item, of whatever plan.
    for entry in history:
        item = entry["plan_item_id"]
        if item is not None and item not in known:
            known.add(item)
            year = (entry["starts_on"] or entry["submitted_on"] or clock.today()).year
            items = (facts.PlanItem(item_key(item), "outbound", entry["origin"]),)
            declared.append(facts.Plan(agency_key(entry["tenant_id"]), year, "approved", items))
    return tuple(declared)


def planned(row: Mapping[str, Any]) -> facts.PlanItem:
    """A plan item, from a row of `lookups.surroundings`."""
    leader = row["leader_id"]
    return facts.PlanItem(
        item_key(row["id"]),
        row["kind"],
        row["origin"],
        tuple(row["countries"]),
        row["month"],
        row["size"],
        None if leader is None else person_key(leader),
    )


def _names(
    people: Mapping[int, PersonRow],
    agencies: Iterable[Mapping[str, Any]],
    plan_rows: Iterable[Mapping[str, Any]],
    history: Sequence[Mapping[str, Any]],
) -> Names:
    name = "name_en" if locale() == "en" else "name_vi"
    called = {row["id"]: row[name] for row in agencies}
    delegation_of = {
        id_: _("delegation of %(agency)s", agency=called.get(id_, ""))
        for id_ in {row["tenant_id"] for row in history}
    }
    known = {person_key(id_): display_of(p) for id_, p in people.items()}
    return Names(
        people=leaders_in(plan_rows) | known,
        agencies={agency_key(id_): called_so for id_, called_so in called.items()},
        activities={
            activity_key(row["activity_id"]): delegation_of[row["tenant_id"]] for row in history
        },
        items={
            item_key(row["id"]): _("%(code)s (%(title)s)", code=row["code"], title=row["title"])
            for row in plan_rows
        },
    )


def leaders_in(plan_rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What those are called who are to head what was planned."""
    return {
        person_key(row["leader_id"]): f"{row['honorific']} {row['full_name']}"
        for row in plan_rows
        if row["leader_id"] is not None
    }


def display_of(person: PersonRow) -> str:
    """With the title as the papers do: "bà Trần Thị Bình"."""
    return f"{person.honorific} {person.full_name}".strip()
