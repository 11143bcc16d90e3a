"""A province whose people have a password, and browsers that sign in."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from portal.core import clock
from portal.identity.passwords import hash_password
from tests.support.pages import PageClient
from tests.support.province import Province, arrange

PASSWORD = "sông Thu Bồn chảy"
_HASH = hash_password(PASSWORD)


class Browser(PageClient):
    """A browser of one person."""

    def sign_in(self, username: str, password: str = PASSWORD, **data: str) -> int:
        """The status of the attempt."""
        answer = self.submit("/sign-in", {"username": username, "password": password, **data})
        return answer.status_code


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    arranged = arrange(superuser, today=clock.today())
    superuser.execute("UPDATE user_account SET password_hash = %s", (_HASH,))
    return arranged


@pytest.fixture
def browser(app: Flask, province: Province) -> Browser:
    """Signed out."""
    return Browser(app)


@pytest.fixture
def signed_in(app: Flask, province: Province):
    """`signed_in("head")`: a new browser in which that person is signed in."""

    def enter(username: str) -> Browser:
        fresh = Browser(app)
        assert fresh.sign_in(username) == 303
        return fresh

    return enter


def events(connection: psycopg.Connection, action: str) -> list[tuple[int, dict]]:
    """(user id, data) of the audit events with this name, oldest first."""
    rows = connection.execute(
        "SELECT user_id, data FROM audit_event WHERE action = %s ORDER BY at, seq", (action,)
    )
    return rows.fetchall()
