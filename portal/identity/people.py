"""Keeping the list of an agency's people."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select, update

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.events import declare
from portal.audit.services import record
from portal.core.context import Actor, Scope
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity.models import Person
from portal.web.text import fold, name_sort_key

declare({"person.created": "?tenant_id", "person.changed": "changed"})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What an agency writes about one of its people."""

    full_name: str
    honorific: str
    position: str
    key_leader: bool
    managed_by: str
    sensitive_post: bool
    active: bool = True


def may_manage(actor: Actor, tenant_id: int) -> bool:
    """Whether the actor keeps the list of this agency's people: their own, or the administrator."""
    return actor.may(Permission.PERSON_MANAGE) and (
        actor.tenant_id == tenant_id or actor.scope is Scope.ADMIN
    )


def create_person(facts: PersonFacts, *, tenant_id: int | None = None) -> int:
    """Enter somebody into the actor's agency (administrators name one). Returns the id."""
    actor = require(Permission.PERSON_MANAGE)
    owner = tenant_id if tenant_id is not None else actor.tenant_id
    if owner is None or not may_manage(actor, owner):
        raise NotFound
    with unit_of_work():
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
