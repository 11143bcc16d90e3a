"""Real PostgreSQL and Redis, as portal_app; every test starts from a clean copy."""

import psycopg
import pytest
from flask import Flask

from tests.support.province import Province
from tests.support.signing_in import Enter, entrance, province_with_passwords


@pytest.fixture(autouse=True)
def _clean_database(request: pytest.FixtureRequest) -> None:
    """Isolate every test, also one that asks for the app alone."""
    if "no_database" not in request.keywords:
        request.getfixturevalue("database")


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    """The cast, as of today; a room with a day or files of its own arranges another."""
    return province_with_passwords(superuser)


@pytest.fixture
def enter(app: Flask, province: Province) -> Enter:
    """`enter("head")`: a new browser in which that person is signed in."""
    return entrance(app)
