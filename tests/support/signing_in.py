"""Browsers of the people of the test province."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from flask import Flask

from portal.core import clock
from portal.identity.passwords import hash_password
from tests.support.pages import PageClient
from tests.support.province import Province, arrange

Enter = Callable[[str], PageClient]
PASSWORD = "sông Thu Bồn chảy"
_HASH = hash_password(PASSWORD)


def province_with_passwords(superuser: psycopg.Connection) -> Province:
    """The cast, as of today, everybody with the same password."""
    arranged = arrange(superuser, today=clock.today())
    superuser.execute("UPDATE user_account SET password_hash = %s", (_HASH,))
    return arranged


def entrance(app: Flask) -> Enter:
    """`enter("head")`: a new browser in which that person is signed in."""

    def enter(username: str) -> PageClient:
        browser = PageClient(app)
        answer = browser.submit("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    return enter
