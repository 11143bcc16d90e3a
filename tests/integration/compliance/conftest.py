"""The register's pages as the focal point, the chair's office, a district and the inspector."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.context import acting_as, system_actor
from portal.register import impact
from tests.support.pages import PageClient

Propose = Callable[[PageClient, str], TestResponse]


@pytest.fixture
def propose(app: Flask) -> Propose:
    """Proposes a draft once a worker has counted what it would change."""

    def counted_and_proposed(focal: PageClient, page: str) -> TestResponse:
        focal.submit(f"{page}/impact", {}, page=page)
        with app.app_context(), acting_as(system_actor()):
            impact.run_waiting()
        return focal.submit(f"{page}/propose", {"revision": "1"}, page=page)

    return counted_and_proposed
