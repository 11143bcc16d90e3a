"""Real PostgreSQL and Redis, as portal_app; every test starts from a clean copy."""

import pytest


@pytest.fixture(autouse=True)
def _clean_database(request: pytest.FixtureRequest) -> None:
    """Isolate every test, also one that asks for the app alone.."""
    if "no_database" not in request.keywords:
        request.getfixturevalue("database")
