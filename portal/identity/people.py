"""Keeping the list of an agency's people."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, or_, select, update

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.events import declare
from portal.audit.services import record
from portal.core.context import Actor, Scope
from portal.core.errors import Denied, FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.models import ManagedBy, Person
from portal.web.text import fold, name_sort_key

declare({"person.created": "?tenant_id", "person.changed": "changed"})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What an agency writes about one of its people."""

    full_name: str
    honorific: str
    position: str
    key_leader: bool = False
    managed_by: str = ManagedBy.AGENCY
    sensitive_post: bool = False
    active: bool = True


def may_manage(actor: Actor, tenant_id: int) -> bool:
    """Whether the actor keeps the list of this agency's people: their own, or the administrator."""
    return actor.may(Permission.PERSON_MANAGE) and (
        actor.tenant_id == tenant_id or actor.scope is Scope.ADMIN
    )


def create_person(facts: PersonFacts, *, tenant_id: int | None = None) -> int:
    """Enter somebody into the actor's agency (administrators name one). Returns the id.

    Who does not keep the list enters ordinary officials of the own agency, and nobody under the
    name of somebody whom a limit may concern. Raises NotFound, Denied, FieldErrors.
    """
    actor = require(Permission.PERSON_ENTER)
    owner = tenant_id if tenant_id is not None else actor.tenant_id
    keeps = owner is not None and may_manage(actor, owner)
    if owner is None or not (keeps or actor.tenant_id == owner):
        raise NotFound
    if not keeps and facts != PersonFacts(facts.full_name, facts.honorific, facts.position):
        raise Denied(permission=Permission.PERSON_MANAGE)
    with unit_of_work():
        _refuse_twin(owner, facts)
        if not keeps:
            _refuse_namesake(owner, facts.full_name)
        person = Person(tenant_id=owner, **asdict(facts), **_keys(facts))
        db.session.add(person)
        db.session.flush()
        record(
            "person.created",
            chain_id=owner,
            subject_type="person",
            subject_id=person.id,
            data={"tenant_id": owner},
        )
        return person.id


def _refuse_twin(tenant_id: int, facts: PersonFacts) -> None:
    """Two clicks, or two people at once, do not enter the same official twice."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"people-of:{tenant_id}"))))
    statement = select(Person.id).where(
        Person.tenant_id == tenant_id,
        Person.active,
        Person.search_key == fold(facts.full_name),
        Person.full_name == facts.full_name,
        Person.position == facts.position,
    )
    if db.session.execute(statement.limit(1)).scalar() is not None:
        raise FieldErrors(
            {"full_name": "Somebody of this name and position is in the list already."}
        )


def _refuse_namesake(tenant_id: int, full_name: str) -> None:
    """A leader entered once more, as somebody else, would travel beside the yearly limit."""
    statement = select(Person.id).where(
        Person.search_key == fold(full_name), or_(Person.tenant_id == tenant_id, Person.key_leader)
    )
    if db.session.execute(statement.limit(1)).scalar() is not None:
        raise FieldErrors(
            {
                "full_name": "Somebody of this name is in the list already. If this is another "
                "person, ask the clerk of your agency or the administrator to enter them."
            }
        )


def change_person(person_id: int, facts: PersonFacts) -> None:
    """Correct what the list says of somebody. Raises NotFound for other agencies' people."""
    actor = require(Permission.PERSON_MANAGE, subject_type="person", subject_id=person_id)
    with unit_of_work():
        found = db.session.execute(
            select(Person).where(Person.id == person_id).with_for_update()
        ).scalar()
        if found is None or not may_manage(actor, found.tenant_id):
            raise NotFound
        wanted = asdict(facts) | _keys(facts)
        changed = sorted(name for name, value in wanted.items() if getattr(found, name) != value)
        if not changed:
            return
        db.session.execute(update(Person).where(Person.id == person_id).values(**wanted))
        record(
            "person.changed",
            chain_id=found.tenant_id,
            subject_type="person",
            subject_id=person_id,
            data={"changed": changed},
        )


def _keys(facts: PersonFacts) -> dict[str, str]:
    return {"sort_key": name_sort_key(facts.full_name), "search_key": fold(facts.full_name)}
