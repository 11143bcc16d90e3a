"""User accounts and memberships: what the administrator and `portal user` do, audited.

Whoever calls is asked for the permission, unless it is the portal itself (the command line, which
runs as the system on the server).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.access.roles import Role, grantable
from portal.audit.services import pseudonym, record
from portal.core import clock
from portal.core.context import Actor, Scope, current_actor
from portal.core.errors import Conflict, FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity import sessions
from portal.identity.models import Membership, Person, UserAccount
from portal.identity.passwords import hash_password, one_time_password
from portal.identity.queries import in_force, workplaces
from portal.identity.stand_ins import tell_of_lost_office
from portal.tenancy.models import Tenant
from portal.tenancy.queries import capacities_of

USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")
PAGE_ROWS: Final = 25


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as the administrator sees it."""

    id: int
    username: str
    name: str
    active: bool
    person_id: int | None
    one_time_password: bool


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """One role of an account, present, past or to come."""

    id: int
    tenant_id: int
    tenant_name: str
    role: str
    fields: list[str]
    valid_from: dt.date
    valid_to: dt.date | None
    revoked_at: dt.datetime | None

    def in_force_on(self, day: dt.date) -> bool:
        ends = self.valid_to is not None and day > self.valid_to
        return self.revoked_at is None and self.valid_from <= day and not ends


@dataclass(frozen=True, slots=True)
class Grant:
    """A role to give: in which tenant, in which fields (deputies), from when to when."""

    user_id: int
    tenant_id: int
    role: str
    fields: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


_ACCOUNT = (
    UserAccount.id,
    UserAccount.username,
    UserAccount.name,
    UserAccount.active,
    UserAccount.person_id,
    UserAccount.one_time_password,
)


def accounts_page(
    text: str = "", *, tenant_id: int | None = None, after: str = "", rows: int = PAGE_ROWS
) -> list[AccountRow]:
    """Accounts by user name, one more than a page: so the caller knows whether there is a next."""
    _ask(Permission.USER_MANAGE)
    statement = select(*_ACCOUNT).where(UserAccount.username > after)
    if text.strip():
        wanted = text.strip()
        statement = statement.where(
            or_(
                UserAccount.username.startswith(wanted.lower(), autoescape=True),
                UserAccount.name.icontains(wanted, autoescape=True),
            )
        )
    if tenant_id is not None:
        places = workplaces()
        there = select(places.c.user_id).where(places.c.tenant_id == tenant_id)
        statement = statement.where(UserAccount.id.in_(there))
    found = db.session.execute(statement.order_by(UserAccount.username).limit(rows + 1))
    return [AccountRow(*row) for row in found]


def get_account(user_id: int) -> AccountRow:
    """One account. Raises NotFound."""
    _ask(Permission.USER_MANAGE, user_id)
    row = db.session.execute(select(*_ACCOUNT).where(UserAccount.id == user_id)).first()
    if row is None:
        raise NotFound
    return AccountRow(*row)


def find_account(username: str) -> AccountRow:
    """The account with this user name. Raises NotFound."""
    row = db.session.execute(
        select(*_ACCOUNT).where(UserAccount.username == username.strip().lower())
    ).first()
    if row is None:
        raise NotFound("There is no account with this user name.")
    return AccountRow(*row)


def memberships_of(user_id: int) -> Sequence[MembershipRow]:
    """Every role of an account, those in force first."""
    rows = db.session.execute(
        select(
            Membership.id,
            Membership.tenant_id,
            Tenant.name_vi,
            Membership.role,
            Membership.fields,
            Membership.valid_from,
            Membership.valid_to,
            Membership.revoked_at,
        )
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.revoked_at.is_not(None), Membership.valid_from.desc(), Membership.id)
    )
    return [MembershipRow(*row) for row in rows]


def create_account(
    *, username: str, name: str, person_id: int | None = None, password: str | None = None
) -> tuple[int, str]:
    """A new account. Returns its id and the one-time password (or the one given).

    Raises FieldErrors: a name that is taken or cannot be one, a person who has an account.
    """
    _ask(Permission.USER_MANAGE)
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise FieldErrors(
            {
                "username": "Use 3 to 40 small letters without accents, digits, dot, hyphen or "
                "underscore, beginning with a letter."
            }
        )
    if not name.strip():
        raise FieldErrors({"name": "Fill in this field."})
    given = password or one_time_password()
    try:
        with unit_of_work():
            if person_id is not None:
                _check_person(person_id)
            account = UserAccount(
                username=username,
                name=name.strip(),
                person_id=person_id,
                password_hash=hash_password(given),
                one_time_password=password is None,
            )
            db.session.add(account)
            db.session.flush()
            _record("account.created", account.id, {"account": pseudonym(username)})
            return account.id, given
    except IntegrityError as error:
        raise FieldErrors({"username": "This user name is taken; choose another."}) from error


def disable(user_id: int) -> None:
    """Nobody signs in with this account any more, and whoever is signed in with it is out at once.

    Raises Conflict for one's own account, NotFound.
    """
    actor = _ask(Permission.USER_MANAGE, user_id)
    if actor.user_id == user_id:
        raise Conflict("You cannot disable your own account; ask another administrator.")
    with unit_of_work():
        if _set_active(user_id, active=False):
            sessions.end_all(user_id)
            _record("account.disabled", user_id)


def enable(user_id: int) -> None:
    """The account may sign in again. Raises NotFound."""
    _ask(Permission.USER_MANAGE, user_id)
    with unit_of_work():
        if _set_active(user_id, active=True):
            _record("account.enabled", user_id)


def reset_password(user_id: int) -> str:
    """A new one-time password, told once to the caller; all sessions end. Raises NotFound."""
    _ask(Permission.USER_MANAGE, user_id)
    given = one_time_password()
    stored = hash_password(given)
    with unit_of_work():
        changed = db.session.execute(
            update(UserAccount)
            .where(UserAccount.id == user_id)
            .values(password_hash=stored, one_time_password=True)
            .returning(UserAccount.id)
        ).scalar()
        if changed is None:
            raise NotFound
        sessions.end_all(user_id)
        _record("account.password_changed", user_id, {"by_admin": True})
    return given


def grant(wanted: Grant) -> int:
    """Give an account a role in a tenant. Returns the membership's id.

    Raises FieldErrors: an unknown role or tenant, a capacity that the tenant does not hold, a
    deputy without fields, days the wrong way round, a role that is held already.
    """
    _ask(Permission.MEMBERSHIP_MANAGE, wanted.user_id)
    first = wanted.valid_from or clock.today()
    with unit_of_work():
        errors = _grant_objections(wanted, first)
        if errors:
            raise FieldErrors(errors)
        row = Membership(
            user_id=wanted.user_id,
            tenant_id=wanted.tenant_id,
            role=wanted.role,
            fields=sorted(wanted.fields),
            valid_from=first,
            valid_to=wanted.valid_to,
        )
        db.session.add(row)
        db.session.flush()
        record(
            "membership.granted",
            chain_id=wanted.tenant_id,
            subject_type="membership",
            subject_id=row.id,
            data={
                "membership_id": row.id,
                "user_id": wanted.user_id,
                "role": wanted.role,
                "fields": sorted(wanted.fields),
                "valid_from": first,
                "valid_to": wanted.valid_to,
            },
        )
        return row.id


def revoke(membership_id: int) -> None:
    """Take a role away; it counts no more at the person's next request.

    Raises NotFound, Conflict for one's own role as administrator.
    """
    actor = _ask(Permission.MEMBERSHIP_MANAGE)
    with unit_of_work():
        row = db.session.execute(
            select(Membership.user_id, Membership.tenant_id, Membership.role)
            .where(Membership.id == membership_id, Membership.revoked_at.is_(None))
            .with_for_update()
        ).first()
        if row is None:
            raise NotFound
        if row.user_id == actor.user_id and row.role == Role.ADMINISTRATOR:
            raise Conflict("You cannot revoke your own administration; ask another administrator.")
        db.session.execute(
            update(Membership).where(Membership.id == membership_id).values(revoked_at=clock.now())
        )
        record(
            "membership.revoked",
            chain_id=row.tenant_id,
            subject_type="membership",
            subject_id=membership_id,
            data={"membership_id": membership_id, "user_id": row.user_id, "role": row.role},
        )
        tell_of_lost_office(membership_id, row.tenant_id)


def _ask(permission: Permission, user_id: int | None = None) -> Actor:
    actor = current_actor()
    if actor is not None and actor.scope is Scope.SYSTEM:
        return actor
    return require(permission, subject_type="user", subject_id=user_id)


def _record(action: str, user_id: int, data: dict[str, object] | None = None) -> None:
    record(action, subject_type="user", subject_id=user_id, data=data)


def _set_active(user_id: int, *, active: bool) -> bool:
    """Whether anything changed. Raises NotFound."""
    found = db.session.execute(
        select(UserAccount.active).where(UserAccount.id == user_id).with_for_update()
    ).scalar()
    if found is None:
        raise NotFound
    if found is active:
        return False
    db.session.execute(update(UserAccount).where(UserAccount.id == user_id).values(active=active))
    return True


def _check_person(person_id: int) -> None:
    known = db.session.execute(
        select(
            select(Person.id).where(Person.id == person_id).exists(),
            select(UserAccount.id).where(UserAccount.person_id == person_id).exists(),
        )
    ).one()
    if not known[0]:
        raise FieldErrors({"person_id": "There is no such person."})
    if known[1]:
        raise FieldErrors({"person_id": "This person has an account already."})


def _grant_objections(wanted: Grant, first: dt.date) -> dict[str, str]:
    errors: dict[str, str] = {}
    role = next((one for one in Role if one == wanted.role), None)
    if not db.session.execute(
        select(select(UserAccount.id).where(UserAccount.id == wanted.user_id).exists())
    ).scalar():
        raise NotFound
    if role is None:
        errors["role"] = "Choose a role from the list."
    elif not db.session.execute(
        select(select(Tenant.id).where(Tenant.id == wanted.tenant_id).exists())
    ).scalar():
        errors["tenant_id"] = "Choose an agency from the list."
    elif not grantable(role, capacities_of(wanted.tenant_id, on=max(first, clock.today()))):
        errors["role"] = "Only the agency that has this part for the province gives this role."
    elif role in (Role.DEPUTY_HEAD, Role.DEPUTY_CHAIR) and not wanted.fields:
        errors["fields"] = "Choose the fields of work in which the deputy signs."
    if wanted.valid_to is not None and wanted.valid_to < first:
        errors["valid_to"] = "The last day cannot be before the first."
    if not errors and _held(wanted, first):
        errors["role"] = "The account holds this role in this agency already."
    return errors


def _held(wanted: Grant, first: dt.date) -> bool:
    # The account's row is locked so that two clicks do not give the role twice.
    db.session.execute(
        select(UserAccount.id).where(UserAccount.id == wanted.user_id).with_for_update()
    )
    return bool(
        db.session.execute(
            select(func.count())
            .select_from(Membership)
            .where(
                Membership.user_id == wanted.user_id,
                Membership.tenant_id == wanted.tenant_id,
                Membership.role == wanted.role,
                *in_force(Membership, first),
            )
        ).scalar()
    )
