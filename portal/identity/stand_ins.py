"""Stand-ins (người được ủy quyền): in writing, limited in time, never passed on.

Decree 30/2020/NĐ-CP, article 13. The stand-in acts with the rights of one office of the principal,
and every step says for whom. They rest while abroad, and end with the principal's office or with
their own place in the agency; the database function `open_session` asks all that at each request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, cast, func, select, update
from sqlalchemy.orm import aliased

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.audit.services import record
from portal.core import clock
from portal.core.context import Actor, current_actor
from portal.core.db import scalars
from portal.core.errors import Denied, FieldErrors, NotFound
from portal.core.outbox import post
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.models import Membership, StandIn, UserAccount
from portal.identity.queries import in_force

_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Appointment:
    """What the document of appointment says."""

    membership_ids: frozenset[int]
    user_id: int
    document_no: str
    document_date: dt.date
    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class StandInRow:
    """One stand-in of the agency."""

    id: int
    principal_user_id: int
    principal: str
    role: str
    user_id: int
    name: str
    document_no: str
    document_date: dt.date
    valid_from: dt.date
    valid_to: dt.date
    revoked_at: dt.datetime | None
    abroad: bool

    def status(self, today: dt.date) -> str:
        """ended, revoked, coming, resting (abroad) or acting."""
        if self.revoked_at is not None:
            return "revoked"
        if today > self.valid_to:
            return "ended"
        if today < self.valid_from:
            return "coming"
        return "resting" if self.abroad else "acting"


@dataclass(frozen=True, slots=True)
class Entrustable:
    """An office of the acting person that a stand-in may take."""

    membership_id: int
    role: Role


def own_offices(actor: Actor) -> list[Entrustable]:
    """What the acting person may entrust here: who may appoint, each role of the office acted as.

    So a head who reviews too leaves no review behind. Nothing for a stand-in.
    """
    if actor.acting_for is not None or not actor.may(Permission.STAND_IN_APPOINT):
        return []
    rows = db.session.execute(
        select(Membership.id, Membership.role)
        .where(
            Membership.user_id == actor.user_id,
            Membership.tenant_id == actor.tenant_id,
            Membership.role.in_(actor.roles),
            *in_force(Membership),
        )
        .order_by(Membership.role)
    )
    return [Entrustable(membership_id, Role(role)) for membership_id, role in rows]


def candidates(actor: Actor) -> list[tuple[int, str]]:
    """(user id, name) of the colleagues in this tenant who can stand in."""
    rows = db.session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(Membership, Membership.user_id == UserAccount.id)
        .where(
            Membership.tenant_id == actor.tenant_id,
            UserAccount.active,
            UserAccount.id != actor.user_id,
            *in_force(Membership),
        )
        .distinct()
        .order_by(UserAccount.name, UserAccount.id)
    )
    return [(user_id, name) for user_id, name in rows]


def stand_ins_of(tenant_id: int | None) -> Sequence[StandInRow]:
    """Who stands in for whom in a tenant, the latest first."""
    principal = aliased(UserAccount)
    deputy = aliased(UserAccount)
    statement: Any = (
        select(
            StandIn.id,
            principal.id,
            principal.name,
            Membership.role,
            deputy.id,
            deputy.name,
            StandIn.document_no,
            StandIn.document_date,
            StandIn.valid_from,
            StandIn.valid_to,
            StandIn.revoked_at,
            and_(deputy.person_id.is_not(None), func.is_abroad(deputy.person_id, clock.today())),
        )
        .join_from(StandIn, Membership, Membership.id == StandIn.membership_id)
        .join(principal, principal.id == Membership.user_id)
        .join(deputy, deputy.id == StandIn.user_id)
        .where(StandIn.tenant_id == tenant_id)
        .order_by(StandIn.valid_to.desc(), StandIn.id.desc())
        .limit(_LISTED)
    )
    return [StandInRow(*row) for row in db.session.execute(statement)]


def appoint(wanted: Appointment) -> None:
    """Entrust offices of the acting person to a colleague, all of them or none.

    Raises FieldErrors, Denied (a stand-in passes nothing on), NotFound (not their office).
    """
    if _acts_for_another():
        raise Denied(
            "Who stands in for another cannot appoint a stand-in.",
            permission=Permission.STAND_IN_APPOINT,
        )
    actor = require(Permission.STAND_IN_APPOINT)
    if not wanted.membership_ids <= {office.membership_id for office in own_offices(actor)}:
        raise NotFound
    errors = _objections(wanted, actor)
    if errors:
        raise FieldErrors(errors)
    offices = sorted(wanted.membership_ids)
    with unit_of_work():
        # One at a time for each office, so that two clicks do not appoint twice.
        for office in offices:
            key = func.hashtext(f"stand-in:{office}")
            db.session.execute(select(func.pg_advisory_xact_lock(key)))
        if _overlaps(wanted):
            raise FieldErrors({"user_id": "This person already stands in for you in these days."})
        for office in offices:
            _entrust(office, wanted, actor)


def first_day_abroad(wanted: Appointment) -> dt.date | None:
    """The first day of the appointment on which an approved trip has the stand-in abroad."""
    person = select(UserAccount.person_id).where(UserAccount.id == wanted.user_id)
    day = func.generate_series(
        wanted.valid_from, wanted.valid_to, dt.timedelta(days=1), type_=Date
    ).column_valued("day")
    statement = select(func.min(cast(day, Date))).where(
        func.is_abroad(person.scalar_subquery(), cast(day, Date))
    )
    return db.session.execute(statement).scalar()


def _entrust(membership_id: int, wanted: Appointment, actor: Actor) -> None:
    facts = {
        "membership_id": membership_id,
        "user_id": wanted.user_id,
        "document_no": wanted.document_no,
        "document_date": wanted.document_date,
        "valid_from": wanted.valid_from,
        "valid_to": wanted.valid_to,
    }
    row = StandIn(tenant_id=actor.tenant_id, appointed_by=actor.user_id, **facts)
    db.session.add(row)
    db.session.flush()
    record("stand_in.appointed", subject_type="stand_in", subject_id=row.id, data=facts)
    post("stand-in-appointed", {"stand_in_id": row.id}, tenant_id=actor.tenant_id)


def end(stand_in_id: int) -> None:
    """Take an office back early. Raises NotFound unless it is the acting person's own."""
    actor = require(Permission.STAND_IN_APPOINT, subject_type="stand_in", subject_id=stand_in_id)
    with unit_of_work():
        row = db.session.execute(
            select(StandIn.membership_id, StandIn.user_id)
            .join(Membership, Membership.id == StandIn.membership_id)
            .where(
                StandIn.id == stand_in_id,
                StandIn.tenant_id == actor.tenant_id,
                *_lasting(),
                Membership.user_id == actor.user_id,
            )
            .with_for_update(of=StandIn)
        ).first()
        if row is None:
            raise NotFound
        db.session.execute(
            update(StandIn).where(StandIn.id == stand_in_id).values(revoked_at=clock.now())
        )
        record(
            "stand_in.ended",
            subject_type="stand_in",
            subject_id=stand_in_id,
            data={"membership_id": row.membership_id, "user_id": row.user_id},
        )
        post("stand-in-ended", {"stand_in_id": stand_in_id}, tenant_id=actor.tenant_id)


def tell_of_lost_office(membership_id: int, tenant_id: int) -> None:
    """Inside a unit of work: an office is revoked, and whoever stands in for it learns so."""
    for stand_in_id in scalars(
        select(StandIn.id).where(StandIn.membership_id == membership_id, *_lasting())
    ):
        post("stand-in-ended", {"stand_in_id": stand_in_id}, tenant_id=tenant_id)


def _lasting() -> list[ColumnElement[bool]]:
    """Neither taken back nor run out."""
    return [StandIn.revoked_at.is_(None), StandIn.valid_to >= clock.today()]


def _acts_for_another() -> bool:
    actor = current_actor()
    return actor is not None and actor.acting_for is not None


def _objections(wanted: Appointment, actor: Actor) -> dict[str, str]:
    errors: dict[str, str] = {}
    if wanted.user_id == actor.user_id:
        errors["user_id"] = "Nobody stands in for themselves; choose a colleague."
    elif wanted.user_id not in {user_id for user_id, _name in candidates(actor)}:
        errors["user_id"] = "Choose a colleague of your own agency from the list."
    if not wanted.document_no.strip():
        errors["document_no"] = "Give the number of the document; without one nobody stands in."
    if wanted.document_date > wanted.valid_from:
        errors["document_date"] = "The document must be signed before the first day."
    if wanted.valid_from < clock.today():
        errors["valid_from"] = "The first day cannot lie in the past."
    if wanted.valid_to < wanted.valid_from:
        errors["valid_to"] = "The last day cannot be before the first."
    elif wanted.valid_to > _a_year_after(wanted.valid_from):
        errors["valid_to"] = "Nobody stands in for longer than a year; choose an earlier last day."
    return errors


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 3, 1)


def _overlaps(wanted: Appointment) -> bool:
    found: Any = db.session.execute(
        select(StandIn.id)
        .where(
            StandIn.membership_id.in_(wanted.membership_ids),
            StandIn.user_id == wanted.user_id,
            StandIn.revoked_at.is_(None),
            StandIn.valid_from <= wanted.valid_to,
            StandIn.valid_to >= wanted.valid_from,
        )
        .limit(1)
    ).scalar()
    return found is not None
