"""Questions of another system to `POST /api/v1/compliance/check`, at 10,000 activities.

In-process through the whole application, as portal_app: token, judgement and answer, the audit
event of a question about another agency's person included. The asking agency has 1,000 files. The
limits of questions are set aside.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any, Final
from unittest import mock

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.enforcer import permissions_of
from portal.api import limits, tokens
from portal.api.openapi import CHECK
from portal.api.routes_tokens import example
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as
from portal.extensions import db
from portal.factory import create_app
from tests.bench.generate import generate
from tests.bench.measuring import in_turn, row
from tests.bench.pages import FILES_OF_AN_AGENCY, FIRST, OWN_CLUSTER, PEOPLE, TENANT
from tests.support.cluster import running_cluster

FILES: Final = 10_000


def rows() -> list[dict[str, Any]]:
    """Three questions: one that describes all, one of the own agency, one of another's person."""
    with running_cluster(OWN_CLUSTER) as cluster:
        generate(
            cluster.settings.migrate_database_url.replace("+psycopg", ""),
            FILES,
            tenants=FILES // FILES_OF_AN_AGENCY,
            people=PEOPLE,
            skew=1,
        )
        app = create_app(cluster.settings)
        with app.app_context():
            with acting_as(_head()):
                secret = tokens.issue("bench", clock.today() + timedelta(days=1))
            bodies = [json.dumps(one).encode() for one in _questions()]
        client = FlaskClient(app, TestResponse)

        def ask(body: bytes) -> None:
            headers = {"Authorization": f"Bearer {secret}"}
            answer = client.post(CHECK, data=body, headers=headers, content_type="application/json")
            assert answer.status_code == 200, answer.text

        unlimited = limits.Window("bench", 10**9, 60)
        with mock.patch.multiple(limits, QUESTIONS=unlimited, FOREIGN_PEOPLE=unlimited):
            times = in_turn(*(partial(ask, body) for body in bodies), times=200)
        with app.app_context():
            db.engine.dispose()
    names = ("all described in it", "own agency, five own people", "another agency's person")
    return [
        shown
        for name, took in zip(names, times, strict=True)
        for shown in (
            row(f"question of another system: {name}", took, "ms", "", met=None),
            row("  the same in one process", 1000 / took, "answers/s", "", met=None),
        )
    ]


def _head() -> Actor:
    return Actor(
        user_id=FIRST,
        username="",
        name="",
        tenant_id=TENANT,
        tenant_name="",
        scope=Scope.OWN,
        permissions=frozenset(permissions_of(["head"])),
    )


def _questions() -> list[dict[str, Any]]:
    own = example(TENANT)
    plain = {**own, "agencies": [{"id": "co-quan", "kind": "district"}]}
    five = [{"id": f"p{n}", "person_id": FIRST + n} for n in range(5)]
    other = [{"id": "an", "person_id": FIRST + PEOPLE}]
    going = [{"person": person["id"]} for person in five]
    return [
        plain,
        {**own, "people": five, "proposal": {**own["proposal"], "members": going}},
        {**own, "people": other},
    ]
