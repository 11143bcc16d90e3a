"""A pack that is too large to wait for: a worker makes it, its asker alone saves it, for a day."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest
from flask import Flask

from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.core.runs import UNHEARD
from portal.oversight import pack_page, pack_runs
from portal.oversight.pack import STEPS
from portal.oversight.pack_seal import examine
from tests.support.pages import PageClient
from tests.support.province import Province
from tests.support.signing_in import Enter

PACK = "/oversight/pack"


@pytest.fixture
def inspector(
    app: Flask, enter: Enter, province: Province, monkeypatch: pytest.MonkeyPatch
) -> PageClient:
    """The inspector, for whom one file is too many to wait for."""
    province.activity("hoi-an", title="Đoàn thăm Sê Kông", starts_on=date(2026, 5, 4))
    monkeypatch.setattr(pack_page, "MOST_FILES", 0)
    with app.app_context():
        for path in pack_runs._folder().iterdir():  # of an earlier test's database
            path.unlink()
    return enter("inspector")


@contextmanager
def worker(app: Flask) -> Iterator[None]:
    with app.app_context(), acting_as(system_actor()):
        yield


def ask(browser: PageClient, year: str = "2026") -> None:
    answer = browser.submit(PACK, {"tenant": "", "person": "", "year": year})
    assert (answer.status_code, answer.location) == (303, PACK)


def states(superuser: psycopg.Connection) -> list[tuple[str, int]]:
    return superuser.execute("SELECT state, done FROM pack_run ORDER BY id").fetchall()


def test_a_large_pack_is_made_by_a_worker_as_its_asker_and_saved_by_nobody_else(
    app: Flask, inspector: PageClient, province: Province, superuser: psycopg.Connection,
    enter: Enter,
) -> None:  # fmt: skip
    ask(inspector)
    ask(inspector)  # the second click waits for the first one's pack
    assert states(superuser) == [("waiting", 0)]
    assert "Đang lập" in inspector.get(PACK).text
    with worker(app):
        assert pack_runs.run_waiting() == 1
        assert pack_runs.run_waiting() == 0
    assert states(superuser) == [("done", STEPS)]
    part = inspector.htmx(f"{PACK}/runs").text
    [link] = re.findall(rf'href="({PACK}/runs/\d+)"', part)
    assert "hx-trigger" not in part, "what is done is not asked for again and again"
    answer = inspector.get(link)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "pack-year-2026-" in answer.headers["Content-Disposition"]
    assert examine(io.BytesIO(answer.data)).faults == []
    digest = hashlib.sha256(answer.data).hexdigest()
    answer.close()
    row = superuser.execute(
        "SELECT user_id, data ->> 'sha256' FROM audit_event WHERE action = 'pack.made'"
    ).fetchone()
    assert row == (province["inspector"].user_id, digest)
    superuser.execute("UPDATE pack_run SET requested_by = %s", (province.users["chair"],))
    assert inspector.get(link).status_code == 404, "another inspector's"
    assert "Bộ hồ sơ lập ở chế độ nền" not in inspector.get(PACK).text
    for who in ("chair", "focal_head", "administrator"):
        assert enter(who).get(link).status_code == 403


def test_a_pack_that_fails_says_so_and_another_may_be_asked_for(
    app: Flask, inspector: PageClient, superuser: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ask(inspector)

    def broken(*_given: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched, worker(app):
        patched.setattr(pack_runs, "make", broken)
        with pytest.raises(OSError, match="no space"):
            pack_runs.run_waiting()
        assert not list(pack_runs._folder().glob("*.part"))
    assert states(superuser) == [("failed", 0)]
    assert "Chưa lập được" in inspector.get(PACK).text
    ask(inspector)
    assert len(states(superuser)) == 2


def test_a_lost_bell_and_a_killed_worker_only_delay_a_pack(
    app: Flask, inspector: PageClient, superuser: psycopg.Connection
) -> None:
    ask(inspector)
    with worker(app):
        assert pack_runs.take_up_again() == 0, "its bell may still be on the way"
        with clock.frozen_at(clock.now() + UNHEARD + timedelta(seconds=1)):
            assert pack_runs.take_up_again() == 1
        assert pack_runs.RUNS.taken() is not None
        assert pack_runs.take_up_again() == 0, "its worker still tells of progress"
        with clock.frozen_at(clock.now() + pack_runs.RUNS.silent + timedelta(seconds=1)):
            assert pack_runs.take_up_again() == 1
    assert states(superuser) == [("waiting", 0)]


def test_after_a_day_a_pack_is_gone_and_so_is_what_no_row_names(
    app: Flask, inspector: PageClient, superuser: psycopg.Connection
) -> None:
    ask(inspector)
    with worker(app):
        pack_runs.run_waiting()
        folder = pack_runs._folder()
        for name in ("999999.zip", "1-aa.part", "2-bb.part"):
            (folder / name).touch()
        os.utime(folder / "1-aa.part", (0, 0))
        assert pack_runs.remove_old() == 2
        [run] = pack_runs.own()
        assert (folder / f"{run.id}.zip").exists()
        (folder / "2-bb.part").unlink()
        with clock.frozen_at(clock.now() + pack_runs.KEPT + timedelta(seconds=1)):
            assert pack_runs.remove_old() == 1
        assert list(folder.iterdir()) == []
    assert states(superuser) == []
    assert inspector.get(f"{PACK}/runs/{run.id}").status_code == 404
