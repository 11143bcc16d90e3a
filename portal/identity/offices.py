"""From the rows of memberships and stand-ins to the offices a person may choose, and the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from portal.access.roles import Role
from portal.core.context import Actor, Scope
from portal.identity.types import Office, OpenSession
from portal.web.i18n import _, locale

SIGNS_EVERYTHING: Final = frozenset(
    {Role.HEAD, Role.FOCAL_HEAD, Role.POLICE_HEAD, Role.CHAIR, Role.STANDING_COMMITTEE}
)
SIGNS_IN_FIELDS: Final = frozenset({Role.DEPUTY_HEAD, Role.DEPUTY_CHAIR})


def offices_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Office, ...]:
    """Unite the roles of one tenant, scope and stand-in; the order of the rows stays."""
    grouped: dict[tuple[int, str, int | None], list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["tenant_id"], row["scope"], row["stand_in_id"]), []).append(row)
    return tuple(_office(group) for group in grouped.values())


def _office(rows: list[Mapping[str, Any]]) -> Office:
    first = rows[0]
    return Office(
        tenant_id=first["tenant_id"],
        tenant_name=first["tenant_name"],
        tenant_name_en=first["tenant_name_en"],
        scope=Scope(first["scope"]),
        roles=frozenset(row["role"] for row in rows),
        fields=frozenset(
            field for row in rows if row["role"] in SIGNS_IN_FIELDS for field in row["fields"]
        ),
        stand_in_id=first["stand_in_id"],
        acting_for=first["acting_for"],
        acting_for_user_id=first["acting_for_user_id"],
        acting_for_person_id=first["acting_for_person_id"],
    )


def session_from(found: Mapping[str, Any]) -> OpenSession:
    """The answer of the database function `open_session` as the actor and their offices."""
    offices = offices_from(found["offices"])
    chosen = (found["tenant_id"], found["scope"], found["stand_in_id"])
    office = next(
        (one for one in offices if (one.tenant_id, one.scope, one.stand_in_id) == chosen), None
    )
    return OpenSession(
        actor=actor_for(found, office),
        offices=offices,
        office=office,
        last_seen_at=dt.datetime.fromisoformat(found["last_seen_at"]),
        one_time_password=found["one_time_password"],
        moved=found["chose"] and not found["kept"],
    )


def actor_for(found: Mapping[str, Any], office: Office | None) -> Actor:
    """The acting person; without an office one who sees no tenant's rows and may do nothing."""
    if office is None:
        return Actor(
            user_id=found["user_id"],
            username=found["username"],
            name=found["name"],
            person_id=found["person_id"],
            tenant_id=None,
            tenant_name="",
            scope=Scope.OWN,
            session_id=found["session_id"],
            locale=found["locale"],
        )
    return Actor(
        user_id=found["user_id"],
        username=found["username"],
        name=found["name"],
        person_id=found["person_id"],
        tenant_id=office.tenant_id,
        tenant_name=office.tenant_name,
        tenant_name_en=office.tenant_name_en,
        scope=office.scope,
        roles=office.roles,
        permissions=office.permissions,
        fields=office.fields,
        acting_for=office.acting_for,
        acting_for_user_id=office.acting_for_user_id,
        acting_for_person_id=office.acting_for_person_id,
        session_id=found["session_id"],
        locale=found["locale"],
    )


def signs_for(actor: Actor, field: str) -> bool:
    """Whether the actor signs in this field of work: heads in all, deputies in their own (ký thay).

    A stand-in signs what the person they act for would sign.
    """
    if actor.roles & SIGNS_EVERYTHING:
        return True
    return bool(actor.roles & SIGNS_IN_FIELDS) and field in actor.fields


def office_label(office: Office) -> str:
    """The office in the reader's language: agency, role, and for whom."""
    language = locale()
    roles = ", ".join(
        role.vi if language == "vi" else role.en for role in Role if role in office.roles
    )
    label = f"{office.name(language)} · {roles}"
    if office.acting_for:
        label += ", " + _("on behalf of %(name)s", name=office.acting_for)
    return label
