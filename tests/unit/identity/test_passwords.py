"""Passwords: stored as Argon2id, judged alike on every keyboard, readable when given."""

import re
import unicodedata

import pytest

from portal.identity import passwords


def test_the_right_password_fits_and_no_other() -> None:
    stored = passwords.hash_password("sông Thu Bồn")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(stored, "sông Thu Bồn")
    assert not passwords.verify(stored, "sông Thu Bon")
    assert not passwords.verify(stored, "")


def test_accents_put_together_in_another_way_are_the_same_password() -> None:
    stored = passwords.hash_password(unicodedata.normalize("NFD", "tiếng Việt đủ dấu"))
    assert passwords.verify(stored, unicodedata.normalize("NFC", "tiếng Việt đủ dấu"))


@pytest.mark.parametrize("stored", [None, "", "x", "$argon2id$broken"])
def test_nobodys_password_and_a_broken_hash_fit_nothing(stored: str | None) -> None:
    assert not passwords.verify(stored, "anything at all")


def test_a_weaker_hash_is_known_as_outdated() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$J3Jy0SSP0RkFgQ8mM0fc2Q"
    assert passwords.outdated(weak)
    assert not passwords.outdated(passwords.hash_password("x"))


def test_a_one_time_password_is_readable_and_never_the_same() -> None:
    made = {passwords.one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", one) for one in made)
    assert all(passwords.objection_to(one, username="officer") is None for one in made)


@pytest.mark.parametrize(
    "password",
    ["", "ngắn", "x" * 201, "aaaaaaaaaaaaaaaa", "hoian.officer1", "abababababab"],
)
def test_what_is_easy_to_guess_is_refused(password: str) -> None:
    assert passwords.objection_to(password, username="hoian.officer")
