"""Questions about people and offices. The directory of people is shared; their travel is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Tuple,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from portal.access.explain import Holder
from portal.access.roles import Role
from portal.core import clock
from portal.core.errors import NotFound
from portal.extensions import db
from portal.identity.models import Membership, Person, PersonWord, UserAccount
from portal.identity.types import HolderRow, PersonRow
from portal.tenancy.models import Tenant
from portal.tenancy.queries import tenant_name
from portal.web.i18n import locale
from portal.web.text import fold

PAGE_ROWS = 25


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people a list shows; words are prefixes of any word of the name, without accents."""

    text: str = ""
    tenant_id: int | None = None
    key_leaders: bool = False
    with_former: bool = False


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page in the order of Vietnamese names; `previous` and `next` are ids of its edge rows."""

    rows: list[PersonRow]
    previous: int | None
    next: int | None


def get_person(person_id: int) -> PersonRow:
    """One official. Raises NotFound."""
    row = db.session.execute(_people().where(Person.id == person_id)).first()
    if row is None:
        raise NotFound
    return PersonRow(*row)


def people_by_id(person_ids: Iterable[int]) -> dict[int, PersonRow]:
    """These officials by their ids; unknown ids are left out."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = [PersonRow(*row) for row in db.session.execute(_people().where(Person.id.in_(wanted)))]
    return {row.id: row for row in rows}


def search_people(
    text: str, limit: int = 20, *, tenant_id: int | None = None, own_tenant_id: int | None = None
) -> list[PersonRow]:
    """People whose name has a word beginning with each of the words of `text`, accents ignored.

    Those of `own_tenant_id` come first. Nothing for an empty text.
    """
    words = _words(text)
    if not words:
        return []
    statement = _people().where(Person.active, *_begin_with(words))
    if tenant_id is not None:
        statement = statement.where(Person.tenant_id == tenant_id)
    order: list[Any] = [Person.sort_key, Person.id]
    if own_tenant_id is not None:
        order.insert(0, Person.tenant_id != own_tenant_id)
    rows = db.session.execute(statement.order_by(*order).limit(limit))
    return [PersonRow(*row) for row in rows]


def people_page(
    wanted: PeopleFilter,
    *,
    after: int | None = None,
    before: int | None = None,
    rows: int = PAGE_ROWS,
) -> PeoplePage:
    """A page of the directory after or before a person; every page costs the same."""
    statement = _people().where(*_conditions(wanted))
    place = tuple_(Person.sort_key, Person.id)
    if before is not None:
        statement = statement.where(place < _place_of(before))
        statement = statement.order_by(Person.sort_key.desc(), Person.id.desc())
    else:
        if after is not None:
            statement = statement.where(place > _place_of(after))
        statement = statement.order_by(Person.sort_key, Person.id)
    found = [PersonRow(*row) for row in db.session.execute(statement.limit(rows + 1))]
    more = len(found) > rows
    shown = found[:rows]
    if before is not None:
        shown.reverse()
    has_previous, has_next = (more, True) if before is not None else (after is not None, more)
    return PeoplePage(
        shown,
        previous=shown[0].id if shown and has_previous else None,
        next=shown[-1].id if shown and has_next else None,
    )


def holders(
    roles: Iterable[str], tenant_id: int | None = None, *, limit: int | None = None
) -> list[HolderRow]:
    """People who hold one of the roles today, in one tenant or in any; disabled accounts apart.

    A role for the whole province counts only in the tenant that holds its capacity today.
    """
    statement = (
        select(
            UserAccount.id,
            UserAccount.name,
            Membership.tenant_id,
            Tenant.name_vi,
            Tenant.name_en,
            Membership.role,
        )
        .join_from(Membership, UserAccount, UserAccount.id == Membership.user_id)
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(
            Membership.role.in_(set(roles)),
            UserAccount.active,
            *in_force(Membership),
            func.office_scope(Membership.tenant_id, Membership.role, clock.today()).is_not(None),
        )
        .order_by(Membership.tenant_id, Membership.role, UserAccount.name, UserAccount.id)
    )
    if tenant_id is not None:
        statement = statement.where(Membership.tenant_id == tenant_id)
    return [HolderRow(*row) for row in db.session.execute(statement.limit(limit))]


def who_holds(roles: Sequence[Role], tenant_id: int | None) -> list[Holder]:
    """For refusals that say who could do it (portal.access.explain)."""
    language = locale()
    return [
        Holder(row.name, row.tenant_name if language == "vi" else row.tenant_name_en, row.role)
        for row in holders(roles, tenant_id, limit=8)
    ]


def administrators() -> list[HolderRow]:
    """Who helps somebody without any office."""
    return holders([Role.ADMINISTRATOR], limit=5)


def in_force(model: type[Membership], on: dt.date | None = None) -> list[ColumnElement[bool]]:
    """Conditions: neither revoked nor before its first or after its last day."""
    day = on or clock.today()
    return [
        model.revoked_at.is_(None),
        model.valid_from <= day,
        or_(model.valid_to.is_(None), model.valid_to >= day),
    ]


def workplaces() -> Subquery:
    """(user_id, tenant_id): an account's offices of today, and the agency of its person."""
    offices = select(Membership.user_id, Membership.tenant_id).where(*in_force(Membership))
    homes = select(UserAccount.id, Person.tenant_id).join(
        Person, Person.id == UserAccount.person_id
    )
    return offices.union(homes).subquery()


def agencies_of_accounts(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the agencies in which each of these accounts works."""
    places = workplaces()
    statement = (
        select(places.c.user_id, tenant_name())
        .join(Tenant, Tenant.id == places.c.tenant_id)
        .where(places.c.user_id.in_(set(user_ids)))
        .order_by(Tenant.kind, Tenant.code)
    )
    found: dict[int, list[str]] = {}
    for user_id, agency in db.session.execute(statement):
        found.setdefault(user_id, []).append(agency)
    return found


def accounts_called(user_ids: Iterable[int]) -> dict[int, str]:
    """Whose accounts these are: Lê Thị Hạnh (UBND thành phố Hội An); unknown ids are left out."""
    wanted = set(user_ids)
    if not wanted:
        return {}
    agencies = agencies_of_accounts(wanted)
    statement = select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(wanted))
    return {
        id_: f"{name} ({', '.join(agencies[id_])})" if id_ in agencies else name
        for id_, name in db.session.execute(statement)
    }


def _people() -> Any:
    return select(
        Person.id,
        Person.tenant_id,
        tenant_name(),
        Person.full_name,
        Person.honorific,
        Person.position,
        Person.key_leader,
        Person.managed_by,
        Person.sensitive_post,
        Person.active,
        Person.sort_key,
    ).join_from(Person, Tenant, Tenant.id == Person.tenant_id)


def _conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions = _begin_with(_words(wanted.text))
    if wanted.tenant_id is not None:
        conditions.append(Person.tenant_id == wanted.tenant_id)
    if wanted.key_leaders:
        conditions.append(Person.key_leader.is_(True))
    if not wanted.with_former:
        conditions.append(Person.active.is_(True))
    return conditions


def _words(text: str) -> list[str]:
    """The typed words that can narrow a search, at most six."""
    return sorted(set(fold(text).split()), key=len, reverse=True)[:6]


def _begin_with(words: Iterable[str]) -> list[ColumnElement[bool]]:
    # Comparisons, not LIKE: only leakproof operators may use an index under row-level security.
    return [
        Person.id.in_(
            select(PersonWord.person_id).where(
                and_(PersonWord.word >= word, PersonWord.word < word + "\U0010ffff")
            )
        )
        for word in words
    ]


def _place_of(person_id: int) -> Tuple:
    key = db.session.execute(select(Person.sort_key).where(Person.id == person_id)).scalar()
    if key is None:
        raise NotFound
    return tuple_(literal(key), literal(person_id))
