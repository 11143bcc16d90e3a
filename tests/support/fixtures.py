"""Fixtures for every test that needs the application with its database and Redis."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import QueuePool
from sqlalchemy.orm import Session, scoped_session
from werkzeug.serving import make_server

from portal.compliance.enacted import forget_law
from portal.config import Settings
from portal.core.context import Actor, acting_as
from portal.extensions import db, redis
from portal.factory import create_app
from tests.support.cluster import Cluster, running_cluster
from tests.support.pages import PageClient


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """This test process's servers, started on first use."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    with running_cluster(worker) as running:
        yield running


@pytest.fixture(scope="session")
def settings(cluster: Cluster) -> Settings:
    """The settings of the portal under test; it always works as portal_app."""
    return cluster.settings


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application, once per test process. Use `database` with it (integration tests do)."""
    application = create_app(settings, testing=True)
    application.test_client_class = PageClient
    yield application
    with application.app_context():
        db.engine.dispose()
        redis().close()


@pytest.fixture
def database(cluster: Cluster, app: Flask) -> Iterator[Cluster]:
    """A database as the migrations left it, whatever earlier tests wrote, and an empty Redis."""
    before = cluster.position()
    with app.app_context():
        redis().flushdb()
    yield cluster
    with app.app_context():
        db.session.remove()
        _await_connections_given_back()
        db.engine.dispose()
        forget_law()
    if cluster.position() != before:
        cluster.renew()


def _await_connections_given_back() -> None:
    """A request of a browser may still be under way when its test has ended; a leak never ends."""
    pool = cast("QueuePool", db.engine.pool)
    until = time.monotonic() + 10
    while pool.checkedout() and time.monotonic() < until:
        time.sleep(0.01)
    assert not pool.checkedout(), "the test kept a database connection of the application"


@pytest.fixture
def app_context(app: Flask, database: Cluster) -> Iterator[Flask]:
    """The application's context, for calling services and queries directly."""
    with app.app_context():
        yield app


@pytest.fixture
def db_session(app_context: Flask) -> scoped_session[Session]:
    """The application's own session, as portal_app."""
    return db.session


@pytest.fixture
def acting() -> Callable[[Actor | None], object]:
    """`with acting(actor):` transactions begun inside carry that person's tenant and scope."""

    @contextmanager
    def act(actor: Actor | None) -> Iterator[None]:
        db.session.rollback()  # the tenant is bound when a transaction begins
        with acting_as(actor):
            yield
        db.session.rollback()

    return act


@pytest.fixture
def superuser(database: Cluster) -> Iterator[psycopg.Connection]:
    """A superuser's connection in autocommit. It bypasses row-level security: arranging only."""
    with database.superuser() as connection:
        yield connection


@pytest.fixture
def client(app: Flask, database: Cluster) -> FlaskClient:
    """A browser without JavaScript, signed out."""
    return app.test_client()


@pytest.fixture
def live_server(app: Flask, database: Cluster) -> Iterator[str]:
    """The application on a port of this machine, for real browsers; its address without a slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
