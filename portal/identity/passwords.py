"""Passwords: how they are stored, judged, and made for somebody who lost theirs.

Argon2id with 19 MiB and two passes, the least that OWASP's password storage advice accepts and what
two cores can bear: about 20 ms each. No more than two are computed at once in a process, so that a
crowd at the door takes neither all memory nor all processors.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE: Final = threading.BoundedSemaphore(2)
#: Without the letters and digits that are mistaken for each other when read aloud or from paper.
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The text to store for `password`."""
    with _AT_ONCE:
        return _HASHER.hash(_composed(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one stored. None, an unknown account, costs the same work."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobodys_hash(), _composed(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the text was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def one_time_password() -> str:
    """Four groups of four readable characters: 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def objection_to(password: str, *, username: str) -> str | None:
    """Why this cannot be a password (a msgid), None when it can."""
    if len(password) < SHORTEST:
        return "Choose at least 10 characters; a short sentence is easy to remember."
    if len(password) > LONGEST:
        return "Choose at most 200 characters."
    if username.casefold() in password.casefold() or len(set(password)) < 5:
        return "This is too easy to guess: use other words than your user name, and vary them."
    return None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(24))


def _composed(password: str) -> str:
    # Vietnamese keyboards differ in how they put accents together.
    return unicodedata.normalize("NFC", password)
