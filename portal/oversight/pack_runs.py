"""Inspector's packs that a worker makes: asked for on a page, kept for a day, then deleted.

The pack is made as its asker, so that row-level security and the audit log know whose it is.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import delete, select

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.context import Actor, Scope, acting_as
from portal.core.errors import NotFound
from portal.core.runs import Runs
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db, settings
from portal.oversight.models import PackRun
from portal.oversight.pack import STEPS, Made, make
from portal.oversight.pack_facts import Scope as PackScope

RUNS: Final = Runs(
    PackRun,
    "portal.oversight.pack_runs.run_waiting",
    longest=3600,
    silent=timedelta(minutes=20),
)
KEPT: Final = timedelta(days=1)


def ask(scope: PackScope) -> None:
    """Promise the pack of `scope`; one that the person already waits for is not asked for twice."""
    actor = require(Permission.AUDIT_EXPORT)
    with unit_of_work():
        pending = PackRun.state.in_(("waiting", "running"))
        same = select(PackRun.id).where(pending, PackRun.scope == scope.as_dict())
        if db.session.execute(same).first() is None:
            db.session.add(
                PackRun(
                    requested_by=actor.user_id,
                    asking_tenant_id=actor.tenant_id,
                    locale=actor.locale,
                    scope=scope.as_dict(),
                    total=STEPS,
                )
            )
        RUNS.ring()


def own() -> list[PackRun]:
    """The packs that the acting person asked for and that are kept, the last one first."""
    return list(db.session.scalars(select(PackRun).order_by(PackRun.id.desc())))


def bundle(run_id: int) -> tuple[PackRun, Path]:
    """A pack of the acting person's that is made. Raises NotFound, also for anybody else's."""
    run = db.session.get(PackRun, run_id)
    if run is None or run.state != "done" or not _path(run_id).exists():
        raise NotFound
    return run, _path(run_id)


def run_waiting() -> int:
    """Make every pack that waits; returns how many."""
    return RUNS.carry_out(_made)


def take_up_again() -> int:
    """Ring for every pack whose bell or worker was lost; returns how many there were."""
    return RUNS.take_up_again()


def remove_old() -> int:
    """Delete what was kept for a day, and bundles that no row names; returns how many files."""
    with unit_of_work():
        db.session.execute(delete(PackRun).where(PackRun.created_at < clock.now() - KEPT))
        named = {f"{id_}.zip" for id_ in db.session.scalars(select(PackRun.id))}
    abandoned = clock.now().timestamp() - RUNS.longest
    gone = [path for path in _folder().glob("*.zip") if path.name not in named]
    gone += [path for path in _folder().glob("*.part") if path.stat().st_mtime < abandoned]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _made(run_id: int) -> dict[str, Any]:
    run = db.session.get_one(PackRun, run_id)
    asker, scope = _asker(run), PackScope(**run.scope)
    db.session.rollback()
    draft = _folder() / f"{run_id}-{token_hex(4)}.part"
    try:
        with acting_as(asker):
            made = _written(run_id, scope, draft)
        draft.replace(_path(run_id))
    finally:
        draft.unlink(missing_ok=True)
    return {"sha256": made.sha256, "size": made.size}


def _written(run_id: int, scope: PackScope, draft: Path) -> Made:
    done = 0

    def step_done() -> None:
        nonlocal done
        done += 1
        RUNS.note(run_id, done=done)

    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        return make(scope, file, step_done)


def _asker(run: PackRun) -> Actor:
    """Whoever asked, with the inspector's view and no right to do anything."""
    return Actor(
        user_id=run.requested_by,
        username="",
        name="",
        tenant_id=run.asking_tenant_id,
        tenant_name="",
        scope=Scope.INSPECTOR,
        locale=run.locale,
    )


def _folder() -> Path:
    folder = settings().data / "packs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(run_id: int) -> Path:
    return _folder() / f"{run_id}.zip"
