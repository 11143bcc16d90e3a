"""List, file, live findings and the three steps of a file, at 10,000 and at 1,000,000 activities.

In-process through the whole application, as portal_app, on a durable-off embedded PostgreSQL. The
floor of the list is a bare Flask handler that sends the same SQL with the same values and as many
bytes of page from a 25-row Jinja template without translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from portal.access.enforcer import permissions_of
from portal.activities import lifecycle
from portal.activities.types import Input
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as
from portal.extensions import db
from portal.factory import create_app
from portal.identity.passwords import hash_password
from tests.bench.generate import generate
from tests.bench.measuring import p50, row, timed
from tests.support.browsers import PASSWORD, Browser
from tests.support.cluster import Cluster, running_cluster

SIZES = (10_000, 1_000_000)
SMALL_SIZES = (5_000, 50_000)
OWN_CLUSTER = 91
TENANT = 20
PEOPLE = 50
FILES = 10
GROWTH = 1.2
FIRST = (TENANT - 1) * PEOPLE + 1
"""The agency's head; then deputy, reviewer, officer, clerk, viewer and officers without office."""


@dataclass(slots=True)
class Measured:
    """Medians in milliseconds at one size, and statements a page."""

    times: dict[str, float]
    statements: dict[str, int]
    floor: float


def rows(*, small: bool = False) -> list[dict[str, Any]]:
    """The pages at both sizes, and how they grow."""
    sizes = SMALL_SIZES if small else SIZES
    hashed = hash_password(PASSWORD)
    measured = {size: _at(size, hashed) for size in sizes}
    low, high = (measured[size] for size in sizes)
    found = [
        row("list page, 25 rows, own agency", high.times["list"], "ms", "<= 2 x floor",
            met=high.times["list"] <= 2 * high.floor, floor=high.floor),
        row("file page with timeline and findings", high.times["file"], "ms", "<= 10 ms",
            met=high.times["file"] <= 10),
        row("statements of the file page", high.statements["file"], "SQL", "<= 10",
            met=high.statements["file"] <= 10),
        row("statements of the list page", high.statements["list"], "SQL", "<= 3",
            met=high.statements["list"] <= 3),
        row("live findings while typing (autosave)", high.times["save"], "ms", "<= 50 ms",
            met=high.times["save"] <= 50),
        row("create + submit + approve, three requests", high.times["trio"], "ms", "<= 30 ms",
            met=high.times["trio"] <= 30),
        *(
            row(f"statements to {step}", high.statements[step], "SQL", "<= 15",
                met=high.statements[step] <= 15)
            for step in ("create", "submit", "approve")
        ),
    ]  # fmt: skip
    growth = [
        row(
            f"{page}: {sizes[1]:,} against {sizes[0]:,} files",
            high.times[page],
            "ms",
            f"<= {GROWTH} x",
            met=high.times[page] <= GROWTH * low.times[page],
            floor=low.times[page],
        )
        for page in low.times
    ]
    return found + growth


def _at(size: int, hashed: str) -> Measured:
    with running_cluster(OWN_CLUSTER) as cluster:
        generate(
            cluster.settings.migrate_database_url.replace("+psycopg", ""),
            size,
            tenants=max(50, min(1000, size // 1000)),
            people=PEOPLE,
            password_hash=hashed,
        )
        app = create_app(cluster.settings)
        try:
            return _measure(app, cluster)
        finally:
            with app.app_context():
                db.engine.dispose()


def _measure(app: Flask, cluster: Cluster) -> Measured:
    officer, focal = _enter(app, f"u{FIRST + 3}"), _enter(app, "u1")
    listing = "/activities"
    with _counted() as sent:
        page = officer.get(listing).data
    number = re.findall(rb'href="/activities/(\d+)"', page)[0].decode()
    file = f"/activities/{number}"
    statements = {"list": len(sent)}
    with _counted() as file_sent:
        officer.get(file)
    statements["file"] = len(file_sent)
    times = {
        "list": p50(lambda: officer.get(listing), 60),
        "list of the focal point": p50(lambda: focal.get(listing), 30),
        "list with text": p50(lambda: officer.get(listing + "?text=le+hoi"), 30),
        "waiting for me": p50(lambda: officer.get("/"), 30),
        "file": p50(lambda: officer.get(file), 60),
    }
    floor = p50(_floor(app, sent, len(page)), 60)
    times["save"] = _save(app, officer)
    times["trio"], counted = _trio(app, cluster, officer)
    return Measured(times, statements | counted, floor)


class _Quiet(Browser):
    """A browser without the checks of the test suite, which would be timed too."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return FlaskClient.open(self, *args, **kwargs)


def _enter(app: Flask, username: str) -> Browser:
    browser = _Quiet(app)
    assert browser.sign_in(username) == 303
    return browser


@contextmanager
def _counted() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _floor(app: Flask, sent: list[tuple[str, Any]], size: int) -> Any:
    """A bare handler: the same SQL, a plain template, the same number of bytes."""
    template = Environment(autoescape=True).from_string(
        "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
        "{% endfor %}</table>{{ rest }}"
    )
    bare = Flask("bare")
    engine_url = app.config["SQLALCHEMY_DATABASE_URI"]
    options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    engine = create_engine(engine_url, **options)

    @bare.get("/")
    def handler() -> str:
        rows: list[Any] = []
        with engine.connect() as connection:
            for statement, values in sent:
                result = connection.exec_driver_sql(statement, values)
                if result.returns_rows:
                    found = result.fetchall()
                    rows = [list(row) for row in found] if len(found) > len(rows) else rows
        text = template.render(rows=rows[:25], rest="")
        return text + " " * max(0, size - len(text))

    client = bare.test_client()
    return lambda: client.get("/")


def _save(app: Flask, officer: Browser) -> float:
    """Autosave of a draft with a leader: the findings come back with the answer."""
    page = officer.submit("/outbound/new", {"do": "unplanned", "classified": "none"})
    assert page.status_code == 303, page.text[:300]
    path = page.location
    text = officer.get(path).text
    fields = dict(re.findall(r'name="(csrf_token|version)" value="([^"]*)"', text))
    departs = clock.today() + timedelta(days=60)
    data = {
        **fields,
        "people": [str(FIRST), str(FIRST + 5)],
        "departs": f"{departs:%d/%m/%Y}",
        "returns": f"{departs + timedelta(days=4):%d/%m/%Y}",
        "countries": "LA",
        "purpose": "giao lưu",
    }
    save = path.replace("/edit", "/save")

    def once() -> None:
        answer = officer.post(save, data=data, headers={"HX-Request": "true"})
        assert answer.status_code < 500
        found = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
        if found:
            data["version"] = found.group(1)

    return p50(once, 25)


def _trio(app: Flask, cluster: Cluster, officer: Browser) -> tuple[float, dict[str, int]]:
    head, chair = _enter(app, f"u{FIRST}"), _enter(app, f"u{2 * PEOPLE + 1}")
    totals, counts = [], {}
    for number in range(FILES):
        with _counted() as created:
            create = timed(partial(_create, officer, officer.token("/outbound/new")))
        activity = _complete(cluster, number)
        _perform(app, activity, FIRST + 3, "officer", "send-for-review")
        _perform(app, activity, FIRST + 2, "reviewer", "endorse")
        submit, submitted = _step(head, cluster, activity, "submit", {})
        _perform(app, activity, 1, "focal-officer", "receive", tenant=1)
        _perform(app, activity, 1, "focal-officer", "appraise", tenant=1)
        _perform(app, activity, 2, "focal-head", "sign-appraisal", tenant=1)
        paper = {"document_no": "1/QĐ-UBND", "document_date": f"{clock.today():%d/%m/%Y}"}
        approve, approved = _step(chair, cluster, activity, "approve", paper)
        totals.append(create + submit + approve)
        counts = {"create": len(created), "submit": submitted, "approve": approved}
    return sorted(totals)[len(totals) // 2], counts


def _create(officer: Browser, token: str) -> None:
    data = {"csrf_token": token, "do": "unplanned", "classified": "none"}
    assert officer.post("/outbound/new", data=data).status_code == 303


def _step(
    browser: Browser, cluster: Cluster, activity: int, action: str, data: dict[str, str]
) -> tuple[float, int]:
    token = browser.token(f"/activities/{activity}")
    version = _one(cluster, "SELECT version FROM activity WHERE id = %s", activity)
    path = f"/activities/{activity}/steps/{action}"
    with _counted() as sent:
        answers: list[Any] = []
        took = timed(
            lambda: answers.append(
                browser.post(path, data={"csrf_token": token, "version": version, **data})
            )
        )
    assert answers[0].status_code == 303, answers[0].text[:2000]
    return took, len(sent)


def _complete(cluster: Cluster, number: int) -> int:
    """Make the newest draft of the agency a planned, complete file; its id."""
    departs = date(clock.today().year + 1, 2, 1) + timedelta(days=number)
    with cluster.superuser() as connection:
        row = connection.execute(
            "SELECT max(id) FROM activity WHERE tenant_id = %s", [TENANT]
        ).fetchone()
        assert row is not None
        plan = connection.execute(
            "INSERT INTO plan (tenant_id, year, status) VALUES (%s, %s, 'approved') RETURNING id",
            [TENANT, departs.year],
        ).fetchone()
        assert plan is not None
        item = connection.execute(
            "INSERT INTO plan_item (tenant_id, plan_id, code, kind, origin, title, countries)"
            " VALUES (%s, %s, 'B1', 'outbound', 'original', 'Đoàn', '{}') RETURNING id",
            [TENANT, plan[0]],
        ).fetchone()
        assert item is not None
        connection.execute(
            "UPDATE activity SET plan_item_id = %s, starts_on = %s, ends_on = %s,"
            " countries = '{LA}' WHERE id = %s",
            [item[0], departs, departs + timedelta(days=4), row[0]],
        )
        connection.execute(
            "UPDATE outbound SET purpose = 'x', host_partner = 'x', content = 'x',"
            " funding = 'state', organiser = 'agency', leader_rank = 'department',"
            ' answers = \'{"outbound.trip-report": "x", "outbound.passport-return": "x"}\''
            " WHERE activity_id = %s",
            [row[0]],
        )
        connection.execute(
            "INSERT INTO delegation_member (tenant_id, activity_id, person_id, role, position)"
            " VALUES (%s, %s, %s, 'head', 0)",
            [TENANT, row[0], FIRST + 20 + number],
        )
        connection.execute(
            "INSERT INTO programme_item (tenant_id, activity_id, position, item, topics)"
            " VALUES (%s, %s, 0, 'hội đàm', '{}')",
            [TENANT, row[0]],
        )
    return int(row[0])


def _one(cluster: Cluster, statement: str, value: int) -> Any:
    with cluster.superuser() as connection:
        found = connection.execute(statement, [value]).fetchone()
    return found[0] if found else None


def _perform(
    app: Flask, activity: int, user: int, role: str, action: str, tenant: int = TENANT
) -> None:
    scope = Scope.FOCAL if role.startswith("focal") else Scope.OWN
    actor = Actor(
        user_id=user,
        username=f"u{user}",
        name=f"u{user}",
        tenant_id=tenant,
        tenant_name="",
        scope=scope,
        roles=frozenset({role}),
        permissions=frozenset(permissions_of([role])),
        person_id=user,
    )
    with app.app_context(), acting_as(actor):
        lifecycle.perform(activity, action, Input(note="x", recommendation="approve"))
