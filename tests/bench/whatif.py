"""A year's plans judged at once by the focal point: the page of 5,000 lines, also as if.

In-process through the whole application, as portal_app, beside 20,000 files. Every line is a
delegation that a key leader heads or a conference; each is judged by the law and by the trial.
"""

from __future__ import annotations

import time
from functools import partial
from statistics import median
from typing import Any

from portal.core import clock
from portal.extensions import db
from portal.factory import create_app
from portal.identity.passwords import hash_password
from tests.bench.generate import generate
from tests.bench.measuring import row
from tests.bench.pages import _counted, _enter
from tests.support.browsers import PASSWORD
from tests.support.cluster import Cluster, running_cluster

OWN_CLUSTER = 92
TENANTS, PEOPLE, FILES = 417, 20, 20_000
LINES = TENANTS * 12
RUNS = 5
PLAIN = "/plans/what-if"
AS_IF = f"{PLAIN}?number=outbound.leader-trips:limit&value=1"
_FILL = """
    UPDATE plan_item i SET
           kind = CASE WHEN i.id %% 6 = 0 THEN 'conference' ELSE 'outbound' END,
           leader_id = CASE WHEN i.id %% 6 > 0 THEN (i.tenant_id - 1) * %s + 1 + i.id %% 3 END,
           countries = ARRAY[(ARRAY['LA', 'JP', 'KR', 'TH', 'CN'])[1 + i.id %% 5]]
      FROM plan p WHERE p.id = i.plan_id AND p.year = %s
"""


def rows() -> list[dict[str, Any]]:
    """The page by the law alone and as if a limit were one."""
    with running_cluster(OWN_CLUSTER) as cluster:
        hashed = hash_password(PASSWORD)
        url = cluster.settings.migrate_database_url.replace("+psycopg", "")
        generate(url, FILES, tenants=TENANTS, people=PEOPLE, skew=1, password_hash=hashed)
        _fill(cluster)
        app = create_app(cluster.settings)
        try:
            browser = _enter(app, "u1")
            with _counted() as sent:
                browser.get(AS_IF)
            wall, cpu = _measured(partial(browser.get, AS_IF))
            plain, _ = _measured(partial(browser.get, PLAIN))
        finally:
            with app.app_context():
                db.engine.dispose()
    name = f"what-if of {LINES:,} plan lines"
    return [
        row(f"{name}, by the law as it stands", plain, "ms", "<= 2,000 ms", met=plain <= 2_000),
        row(f"{name}, as if a limit were 1", wall, "ms", "<= 2,000 ms", met=wall <= 2_000),
        row(f"{name}, as if: CPU of the portal", cpu, "ms", "", met=None),
        row(f"{name}: statements", len(sent), "SQL", "<= 15", met=len(sent) <= 15),
    ]


def _fill(cluster: Cluster) -> None:
    """Give next year's lines leaders, countries and kinds."""
    with cluster.superuser() as superuser:
        filled = superuser.execute(
            _FILL,
            (PEOPLE, clock.today().year + 1),
        )
        assert filled.rowcount == LINES


def _measured(work: Any) -> tuple[float, float]:
    """Medians of wall time and of this process's own time, in milliseconds."""
    work()
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(RUNS):
        began, own = time.perf_counter(), time.process_time()
        answer = work()
        walls.append((time.perf_counter() - began) * 1000)
        cpus.append((time.process_time() - own) * 1000)
        assert answer.status_code == 200
    return median(walls), median(cpus)
