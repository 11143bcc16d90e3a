"""List, file, live findings and the three steps of a file, at 10,000 and at 1,000,000 activities.

In-process through the whole application, as portal_app, on a durable-off embedded PostgreSQL;
every page has been opened a few times before it is timed, and eight files have been through all
steps. The agencies have 1,000 files each at either size: it is the province that grows.

Two floors are measured in the same run. The list's is design.md's: a bare Flask handler that sends
the same SQL with the same values and renders the same template without translation. The other is
performance.md's bare list (one query, 25 rows, a plain table; 1.03 ms there), timed in turn with
every page: it tells how fast the machine is just then. Limits in milliseconds are shown as they
are and as a multiple of it, and growth is corrected by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
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
from tests.bench.floors import bare_list, rendered, same_page
from tests.bench.generate import generate
from tests.bench.measuring import in_turn, row, timed
from tests.support.browsers import PASSWORD, Browser
from tests.support.cluster import Cluster, running_cluster

SIZES = (10_000, 1_000_000)
SMALL_SIZES = (10_000, 100_000)
FILES_OF_AN_AGENCY = 1_000
OWN_CLUSTER = 91
TENANT = 8
PEOPLE = 50
WARM, FILES = 8, 12
GROWTH = 1.2
BARE_LIST_MS = 1.03
"""performance.md: the bare list on the machine for which the limits were set."""
FIRST = (TENANT - 1) * PEOPLE + 1
"""The agency's head; then deputy, reviewer, officer, clerk, viewer and officers without office."""


@dataclass(slots=True)
class Measured:
    """Medians in milliseconds at one size, and statements a page."""

    times: dict[str, float]
    statements: dict[str, int]
    floor: float
    """Of the list: its SQL and its template."""
    bare: dict[str, float]
    """What the bare list took around each of `times`."""


def rows(*, small: bool = False) -> list[dict[str, Any]]:
    """The pages at both sizes, and how they grow."""
    sizes = SMALL_SIZES if small else SIZES
    hashed = hash_password(PASSWORD)
    low, high = (_at(size, hashed) for size in sizes)
    found = [
        row("bare Flask list, one query", median(high.bare.values()), "ms", "", met=None),
        row("list page, 25 rows, own agency", high.times["list"], "ms", "<= 2 x floor",
            met=high.times["list"] <= 2 * high.floor, floor=high.floor),
        row("page 10,000 of all files against page 1", high.times["deep page"], "ms",
            f"<= {GROWTH} x", floor=high.times["list of the focal point"],
            met=high.times["deep page"] <= GROWTH * high.times["list of the focal point"]),
        *_limited("file page with timeline and findings", high, "file", 10),
        *_limited("live findings while typing (autosave)", high, "save", 50),
        *_limited("create + submit + approve, three requests", high, "trio", 30),
        *(
            row(f"statements: {what}", high.statements[what], "SQL", f"<= {most}",
                met=high.statements[what] <= most)
            for what, most in (
                ("list", 3), ("file", 10), ("create", 15), ("submit", 15), ("approve", 15)
            )
        ),
    ]  # fmt: skip
    return found + [_growth(page, sizes, low, high) for page in low.times]


def _limited(name: str, measured: Measured, page: str, limit: float) -> list[dict[str, Any]]:
    """A limit in milliseconds: as it is, and on a machine as fast as the one it was set for."""
    took, bare, times = measured.times[page], measured.bare[page], limit / BARE_LIST_MS
    return [
        row(name, took, "ms", f"<= {limit} ms", met=took <= limit),
        row(f"{name}: in bare lists", took, "ms", f"<= {times:.1f} x", met=took <= times * bare,
            floor=bare),
    ]  # fmt: skip


def _growth(page: str, sizes: tuple[int, int], low: Measured, high: Measured) -> dict[str, Any]:
    before = low.times[page] * high.bare[page] / low.bare[page]
    return row(
        f"{page}: {sizes[1]:,} against {sizes[0]:,} files",
        high.times[page],
        "ms",
        f"<= {GROWTH} x",
        met=high.times[page] <= GROWTH * before,
        floor=before,
    )


def _at(size: int, hashed: str) -> Measured:
    with running_cluster(OWN_CLUSTER) as cluster:
        generate(
            cluster.settings.migrate_database_url.replace("+psycopg", ""),
            size,
            tenants=size // FILES_OF_AN_AGENCY,
            people=PEOPLE,
            skew=1,
            password_hash=hashed,
        )
        app = create_app(cluster.settings)
        try:
            return _measure(app, cluster, size)
        finally:
            with app.app_context():
                db.engine.dispose()


def _measure(app: Flask, cluster: Cluster, size: int) -> Measured:
    officer, focal = _enter(app, f"u{FIRST + 3}"), _enter(app, "u1")
    police, inspector = _enter(app, f"u{PEOPLE + 1}"), _enter(app, f"u{4 * PEOPLE + 1}")
    listing = "/activities"
    with _counted() as sent, rendered() as page:
        officer.get(listing)
    pages = {
        "list of the focal point": (focal, listing),
        "deep page": (focal, f"{listing}?after={max(size - 250_000, size // 2)}"),
        "list with words": (officer, f"{listing}?q=le+hoi"),
        "list of the police, out of plan": (police, f"{listing}?out_of_plan=y"),
        "list of the inspector, rejected": (inspector, f"{listing}?state=rejected&order=day"),
        "waiting for me": (officer, "/"),
        "draft, judged as it stands": (officer, f"{listing}/{_draft(cluster)}"),
    }
    bare = bare_list(cluster, TENANT)
    times: dict[str, float] = {}
    bares: dict[str, float] = {}
    floor, times["list"], bares["list"] = in_turn(
        same_page(app, sent, page), partial(officer.get, listing), bare, times=60
    )
    for name, (who, path) in pages.items():
        times[name], bares[name] = in_turn(partial(who.get, path), bare)
    times["save"], bares["save"] = in_turn(_save(app, officer), bare)
    steps = _Steps(app, cluster, officer)
    _, bares["trio"] = in_turn(steps.run, bare, times=FILES, warm=WARM)
    times["trio"] = median(steps.took[WARM:])
    file = f"{listing}/{steps.decided}"
    times["file"], bares["file"] = in_turn(partial(officer.get, file), bare)
    with _counted() as file_sent:
        officer.get(file)
    statements = {"list": len(sent), "file": len(file_sent), **steps.statements}
    return Measured(times, statements, floor, bares)


def _draft(cluster: Cluster) -> Any:
    statement = "SELECT max(id) FROM activity WHERE tenant_id = %s AND state = 'draft'"
    return _one(cluster, statement, TENANT)


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


def _save(app: Flask, officer: Browser) -> Callable[[], None]:
    """Autosave of a word more, of a draft with a leader: findings and cures come back with it."""
    page = officer.submit("/outbound/new", {"do": "unplanned", "classified": "none"})
    assert page.status_code == 303, page.text[:300]
    path = page.location
    text = officer.get(path).text
    fields = dict(re.findall(r'name="(csrf_token|version)" value="([^"]*)"', text))
    departs = clock.today() + timedelta(days=20)
    data = {
        **fields,
        "member": [str(FIRST), str(FIRST + 5)],
        f"member-{FIRST}-role": "head",
        "departs": f"{departs:%d/%m/%Y}",
        "returns": f"{departs + timedelta(days=4):%d/%m/%Y}",
        "countries": "LA",
    }
    save = path.replace("/edit", "/save")

    def once() -> None:
        data["purpose"] = f"giao lưu {data['version']}"
        answer = officer.post(save, data=data, headers={"HX-Request": "true"})
        assert "btn-cure" in answer.text, answer.text[:2000]
        found = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
        assert found is not None
        data["version"] = found.group(1)

    return once


class _Steps:
    """Create, submit and approve as requests; the steps between them as calls."""

    def __init__(self, app: Flask, cluster: Cluster, officer: Browser) -> None:
        self.app, self.cluster, self.officer = app, cluster, officer
        self.statements: dict[str, int] = {}
        self.decided = 0
        """The file that was decided last."""
        self.took: list[float] = []
        """Milliseconds of the three requests together, for each file."""
        self.head, self.chair = _enter(app, f"u{FIRST}"), _enter(app, f"u{2 * PEOPLE + 1}")

    def run(self) -> None:
        """One more file from its draft to its decision."""
        app, cluster, officer = self.app, self.cluster, self.officer
        token = officer.token("/outbound/new")
        with _counted() as created:
            create = timed(partial(_create, officer, token))
        activity = self.decided = _complete(cluster, len(self.took))
        _perform(app, activity, FIRST + 3, "officer", "send-for-review")
        _perform(app, activity, FIRST + 2, "reviewer", "endorse")
        submit, submitted = _step(self.head, cluster, activity, "submit", {})
        _perform(app, activity, 1, "focal-officer", "receive", tenant=1)
        _perform(app, activity, 1, "focal-officer", "appraise", tenant=1)
        _perform(app, activity, 2, "focal-head", "sign-appraisal", tenant=1)
        paper = {"document_no": "1/QĐ-UBND", "document_date": f"{clock.today():%d/%m/%Y}"}
        approve, approved = _step(self.chair, cluster, activity, "approve", paper)
        self.statements = {"create": len(created), "submit": submitted, "approve": approved}
        self.took.append(create + submit + approve)


def _create(officer: Browser, token: str) -> None:
    data = {"csrf_token": token, "do": "unplanned", "classified": "none"}
    assert officer.post("/outbound/new", data=data).status_code == 303


def _step(
    browser: Browser, cluster: Cluster, activity: int, action: str, data: dict[str, str]
) -> tuple[float, int]:
    version = _one(cluster, "SELECT version FROM activity WHERE id = %s", activity)
    token = browser.token(f"/activities/{activity}")
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
