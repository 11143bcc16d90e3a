"""Reminders come once; the sweep calls every clock in its time; one that fails stops no other."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.jobs import sweep
from portal.jobs.deliver import deliver_waiting
from portal.jobs.remind import remind_once
from portal.jobs.sweep import Clock, sweep_once
from tests.integration.jobs.conftest import DAY


@pytest.fixture(autouse=True)
def _context(app_context):
    """Jobs run in the application's context."""


@pytest.mark.parametrize(
    ("due_on", "topic"),
    [
        (DAY - timedelta(days=30), "task-overdue"),
        (DAY - timedelta(days=1), "task-overdue"),
        (DAY, "task-due-soon"),
        (DAY + timedelta(days=1), "task-due-soon"),
        (DAY + timedelta(days=2), None),
        (None, None),
    ],
)
def test_a_desk_is_reminded_a_working_day_before_and_when_it_is_late(task, told, due_on, topic):
    with clock.frozen_at(DAY):
        task(due_on=due_on)
        assert remind_once() == (1 if topic else 0)
        assert remind_once() == 0, "once is enough"
        deliver_waiting()
    assert told() == ([("focal_head", f"{topic}:sign-appraisal")] if topic else [])


def test_before_a_weekend_the_reminder_comes_on_friday(task):
    with clock.frozen_at(date(2026, 9, 11)):
        task(due_on=date(2026, 9, 14))
        assert remind_once() == 1


def test_a_task_that_is_reminded_and_then_late_gives_two_reminders(task):
    task(due_on=DAY)
    with clock.frozen_at(DAY):
        assert remind_once() == 1
    for days in (1, 2, 3):
        with clock.frozen_at(DAY + timedelta(days=days)):
            assert remind_once() == (1 if days == 1 else 0)


def test_nobody_is_reminded_of_what_is_done(task):
    with clock.frozen_at(DAY):
        task(due_on=DAY, closed_at="now")
        assert remind_once() == 0


def test_every_clock_is_called_in_its_time(monkeypatch):
    calls: list[str] = []

    def note(name: str):
        return lambda: calls.append(name)

    clocks = [Clock(note("often"), 0), Clock(note("seldom"), 3600)]
    monkeypatch.setattr(sweep, "CLOCKS", clocks)
    sweep_once()
    sweep_once()
    assert calls == ["often", "seldom", "often"]


def test_a_clock_that_fails_stops_no_other_but_a_lost_database_does(monkeypatch, caplog):
    calls: list[str] = []

    def fail() -> None:
        raise ValueError

    def lose_database() -> None:
        raise OperationalError("x", None, ValueError("gone"))

    last = Clock(lambda: calls.append("last"), 0)
    monkeypatch.setattr(sweep, "CLOCKS", [Clock(fail, 0), last])
    with caplog.at_level("CRITICAL"):
        sweep_once()
    assert calls == ["last"]
    monkeypatch.setattr(sweep, "CLOCKS", [Clock(lose_database, 0), last])
    with pytest.raises(OperationalError):
        sweep_once()
    assert calls == ["last"]


def test_the_real_clocks_all_run_on_an_empty_portal_and_on_one_with_a_lost_bell(
    task, promise, told, monkeypatch, caplog
):
    monkeypatch.setattr(sweep, "CLOCKS", [Clock(c.work, c.every) for c in sweep.CLOCKS])
    promise("task-opened", task_id=task())
    with caplog.at_level("ERROR"):
        sweep_once()
    assert caplog.records == []
    assert told() == [("focal_head", "task-opened:sign-appraisal")]
