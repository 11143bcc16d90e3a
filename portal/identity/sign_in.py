"""Signing in: the same answer, status and work whether the account exists, is disabled or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update

from portal.audit.services import pseudonym, record
from portal.core.context import Actor, acting_as, current_actor
from portal.core.errors import FieldErrors, PortalError
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from portal.identity import passwords, sessions, throttle
from portal.identity.models import UserAccount
from portal.identity.types import OpenSession

REFUSED: Final = "The user name and the password do not fit together. Check both, and Caps Lock."


class WrongCredentialsError(PortalError):
    """No such account, another password, or a disabled account: nobody is told which."""

    status = 422

    def __init__(self) -> None:
        super().__init__(REFUSED)


class TooManyAttemptsError(PortalError):
    """This account or this address has to wait; the password was not looked at."""

    status = 429

    def __init__(self, wait: int) -> None:
        super().__init__("Too many attempts. Wait %(wait)s seconds, then try again.", wait=wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody brings to the door."""

    username: str
    password: str
    address: str
    user_agent: str
    old_token: str | None = None
    """The token that the browser already had; it ends, so that nobody can plant one."""


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    password_hash: str
    active: bool


def known_as(username: str) -> str:
    """How a typed user name is compared."""
    return username.strip().lower()


def sign_in(attempt: Attempt) -> tuple[str, OpenSession]:
    """A new session: its token and whose it is.

    Raises WrongCredentialsError, TooManyAttemptsError.
    """
    username = known_as(attempt.username)
    wait = throttle.admit(username, attempt.address)
    if wait:
        raise TooManyAttemptsError(wait)
    account = _account(username)
    fits = passwords.verify(account.password_hash if account else None, attempt.password)
    if account is None or not fits or not account.active:
        _note_failure(username, account, fits=fits, attempt=attempt)
        raise WrongCredentialsError
    throttle.succeeded(username, attempt.address)
    with unit_of_work():
        if attempt.old_token:
            sessions.end_by_token(attempt.old_token)
        if passwords.outdated(account.password_hash):
            _store(account.id, attempt.password)
        token = sessions.begin(account.id, address=attempt.address, user_agent=attempt.user_agent)
        opened = sessions.open_session(token)
        if opened is None:  # disabled between two statements
            raise WrongCredentialsError
        sessions.settle(opened)
        with acting_as(opened.actor):
            record(
                "account.signed_in",
                subject_type="user",
                subject_id=account.id,
                data={"session_id": opened.actor.session_id},
            )
    return token, opened


def change_password(actor: Actor, *, current: str, wanted: str, address: str) -> None:
    """Another password for the acting person; their other browsers are signed out.

    Raises FieldErrors, TooManyAttemptsError.
    """
    wait = throttle.admit(actor.username, address)
    if wait:
        raise TooManyAttemptsError(wait)
    account = _account(actor.username)
    if account is None or not passwords.verify(account.password_hash, current):
        raise FieldErrors({"current": "This is not your present password."})
    throttle.succeeded(actor.username, address)
    objection = passwords.objection_to(wanted, username=actor.username)
    if objection is None and wanted == current:
        objection = "Choose a password other than the present one."
    if objection:
        raise FieldErrors({"wanted": objection})
    with unit_of_work():
        _store(account.id, wanted, one_time_password=False)
        sessions.end_all(account.id, but=actor.session_id)
        record(
            "account.password_changed",
            subject_type="user",
            subject_id=account.id,
            data={"by_admin": False},
        )


def remember_locale(_sender: object, locale: str) -> None:
    """The signed-in person reads in this language from now on."""
    actor = current_actor()
    if actor is None or actor.user_id is None:
        return
    with unit_of_work():
        db.session.execute(
            update(UserAccount).where(UserAccount.id == actor.user_id).values(locale=locale)
        )


def _account(username: str) -> _Account | None:
    row = db.session.execute(
        select(UserAccount.id, UserAccount.password_hash, UserAccount.active).where(
            UserAccount.username == username
        )
    ).first()
    # Hashing takes its time; no connection waits for it.
    db.session.rollback()
    return None if row is None else _Account(*row)


def _store(user_id: int, password: str, **values: bool) -> None:
    """`values`: further columns, such as that the password is a one-time one no more."""
    db.session.execute(
        update(UserAccount)
        .where(UserAccount.id == user_id)
        .values(password_hash=passwords.hash_password(password), **values)
    )


def _note_failure(username: str, account: _Account | None, *, fits: bool, attempt: Attempt) -> None:
    reason = "unknown" if account is None else "disabled" if fits else "password"
    with unit_of_work():
        record(
            "account.sign_in_failed",
            subject_type="user",
            subject_id=account.id if account else None,
            data={
                "account": pseudonym(username),
                "address": pseudonym(attempt.address),
                "reason": reason,
            },
        )
