"""The web room alone: no database, no Redis, no features."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.pages import PageClient
from tests.support.web_room import make_web_room


@pytest.fixture(scope="session")
def app() -> Flask:
    """One small application for all tests of the room."""
    return make_web_room()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Nobody is signed in."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def officer(app: Flask) -> PageClient:
    """An officer who reads Vietnamese."""
    made = app.test_client()
    made.environ_base["HTTP_X_ACTOR"] = "vi"
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def request_context(app: Flask) -> Iterator[Flask]:
    """A request of nobody, in Vietnamese."""
    with app.test_request_context("/"):
        yield app
