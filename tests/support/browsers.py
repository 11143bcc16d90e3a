"""Browsers without JavaScript in which somebody of the cast is signed in."""

import psycopg

from portal.identity.passwords import hash_password
from tests.support.pages import PageClient

PASSWORD = "sông Thu Bồn chảy"
_hashes: list[str] = []


class Browser(PageClient):
    """A browser of one person."""

    def sign_in(self, username: str, password: str = PASSWORD, **data: str) -> int:
        """The status of the attempt."""
        answer = self.submit("/sign-in", {"username": username, "password": password, **data})
        return answer.status_code


def give_passwords(superuser: psycopg.Connection) -> None:
    """Let everybody sign in with PASSWORD; it is hashed once a process."""
    if not _hashes:
        _hashes.append(hash_password(PASSWORD))
    superuser.execute("UPDATE user_account SET password_hash = %s", (_hashes[0],))
