"""Inspector's packs that a worker makes: asked for on a page, kept for a day, then deleted.

The row is the promise; the bell only wakes a worker sooner. The pack is made as its asker, so that
row-level security and the audit log know whose it is.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from rq import Queue
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.bell import QUEUE
from portal.core.context import Actor, Scope, acting_as, system_actor
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db, redis, settings
from portal.oversight.models import PackRun
from portal.oversight.pack import STEPS, Made, make
from portal.oversight.pack_facts import Scope as PackScope

JOB: Final = "portal.oversight.pack_runs.run_waiting"
LONGEST: Final = 3600
"""Seconds that a worker may take."""
UNHEARD: Final = timedelta(minutes=1)
"""A run that waits longer lost its bell."""
SILENT: Final = timedelta(minutes=20)
"""A run that tells of no progress for so long lost its worker."""
KEPT: Final = timedelta(days=1)


def ask(scope: PackScope) -> None:
    """Promise the pack of `scope`; one that the person already waits for is not asked for twice."""
    actor = require(Permission.AUDIT_EXPORT)
    with unit_of_work() as uow:
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
        uow.after_commit("pack", _ring)


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
    count = 0
    while (run_id := _taken()) is not None:
        _run(run_id)
        count += 1
    return count


def take_up_again() -> int:
    """Ring for every run whose bell or worker was lost; returns how many there were."""
    now = clock.now()
    waits = (PackRun.state == "waiting") & (PackRun.created_at < now - UNHEARD)
    silent = (PackRun.state == "running") & (PackRun.heard_at < now - SILENT)
    with unit_of_work() as uow:
        again = update(PackRun).where(waits | silent).values(state="waiting", done=0)
        lost = db.session.execute(again.returning(PackRun.id)).all()
        if lost:
            uow.after_commit("pack", _ring)
    return len(lost)


def remove_old() -> int:
    """Delete what was kept for a day, and bundles that no row names; returns how many files."""
    with unit_of_work():
        db.session.execute(delete(PackRun).where(PackRun.created_at < clock.now() - KEPT))
        named = {f"{id_}.zip" for id_ in db.session.scalars(select(PackRun.id))}
    abandoned = clock.now().timestamp() - LONGEST
    gone = [path for path in _folder().glob("*.zip") if path.name not in named]
    gone += [path for path in _folder().glob("*.part") if path.stat().st_mtime < abandoned]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _ring() -> None:
    Queue(QUEUE, connection=redis()).enqueue(JOB, job_timeout=LONGEST, result_ttl=0)


def _taken() -> int | None:
    with unit_of_work():
        waiting = select(PackRun).where(PackRun.state == "waiting").order_by(PackRun.id)
        run = db.session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).one_or_none()
        if run is None:
            return None
        run.state, run.heard_at = "running", clock.now()
        return run.id


def _run(run_id: int) -> None:
    run = db.session.get_one(PackRun, run_id)
    asker, scope = _asker(run), PackScope(**run.scope)
    db.session.rollback()
    draft = _folder() / f"{run_id}-{token_hex(4)}.part"
    try:
        with acting_as(asker):
            made = _written(run_id, scope, draft)
        draft.replace(_path(run_id))
    except Exception:
        _note(run_id, state="failed", finished_at=clock.now())
        raise
    finally:
        draft.unlink(missing_ok=True)
    _note(run_id, state="done", sha256=made.sha256, size=made.size, finished_at=clock.now())


def _written(run_id: int, scope: PackScope, draft: Path) -> Made:
    done = 0

    def step_done() -> None:
        nonlocal done
        done += 1
        _note(run_id, done=done)

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


def _note(run_id: int, **columns: Any) -> None:
    """Tell of progress in a transaction of its own: the pack's is of one moment and reads only."""
    told = update(PackRun).where(PackRun.id == run_id).values(heard_at=clock.now(), **columns)
    with acting_as(system_actor()), Session(db.engine) as session, session.begin():
        session.execute(told)


def _folder() -> Path:
    folder = settings().data / "packs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(run_id: int) -> Path:
    return _folder() / f"{run_id}.zip"
