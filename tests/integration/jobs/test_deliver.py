"""The outbox: everybody concerned is told once, nobody else, and one bad message stops nothing."""

import threading
from datetime import timedelta

import pytest

from portal.core import clock
from portal.jobs import deliver
from portal.jobs.deliver import delay, deliver_waiting
from tests.support.province import insert

SIGN = "task-opened:sign-appraisal"


@pytest.fixture(autouse=True)
def _context(app_context):
    """Jobs run in the application's context."""


def employ(province, username: str, tenant: str, role: str, **facts) -> None:
    """One more account with one membership."""
    user = insert(
        province.connection, "user_account", username=username, name=username, password_hash="x",
        active=facts.pop("active", True), locale="vi", created_at="now",
    )  # fmt: skip
    columns = {"fields": [], "valid_from": "2020-01-01", "created_at": "now"} | facts
    insert(
        province.connection, "membership", user_id=user, tenant_id=province.tenants[tenant],
        role=role, **columns,
    )  # fmt: skip
    province.users[username] = user


def test_whoever_may_do_a_task_on_its_desk_is_told(province, task, promise, told):
    promise("task-opened", task_id=task())
    assert deliver_waiting() == 1
    assert told() == [("focal_head", SIGN)]
    assert deliver_waiting() == 0


def test_ended_revoked_disabled_and_foreign_offices_are_not_told(province, task, promise, told):
    office, role = "so-ngoai-vu", "focal-head"
    employ(province, "ended", office, role, valid_to="2021-01-01")
    employ(province, "future", office, role, valid_from="2099-01-01")
    employ(province, "revoked", office, role, revoked_at="now")
    employ(province, "disabled", office, role, active=False)
    employ(province, "viewer", office, "viewer")
    employ(province, "elsewhere", "nam-giang", role)
    employ(province, "second", office, role)
    promise("task-opened", task_id=task())
    deliver_waiting()
    assert told() == [("focal_head", SIGN), ("second", SIGN)]


def test_a_deputy_is_told_of_files_in_the_own_fields_only(province, task, promise, told):
    office, role = "van-phong-ubnd", "deputy-chair"
    employ(province, "other_field", office, role, fields=["culture"])
    employ(province, "own_field", office, role, fields=["general", "culture"])
    decide = task(desk=office, kind="decide", permission="decision:decide")
    promise("task-opened", task_id=decide)
    deliver_waiting()
    assert told() == [("chair", "task-opened:decide"), ("own_field", "task-opened:decide")]


def test_who_stands_in_is_told_too_while_it_lasts(province, task, promise, told):
    number = province.connection.execute(
        "SELECT id FROM membership WHERE role = 'focal-head'"
    ).fetchone()[0]
    for username, until in (("reviewer", "2099-01-01"), ("head", "2021-01-01")):
        insert(
            province.connection, "stand_in", tenant_id=province.tenants["so-ngoai-vu"],
            membership_id=number, user_id=province.users[username], document_no="1/UQ",
            document_date="2020-01-01", valid_from="2020-01-01", valid_to=until,
            appointed_by=province.users["focal_head"], created_at="now",
        )  # fmt: skip
    promise("task-opened", task_id=task())
    deliver_waiting()
    assert told() == [("focal_head", SIGN), ("reviewer", SIGN)]


def test_a_task_that_is_done_meanwhile_is_not_worth_a_word(task, promise, told):
    promise("task-opened", task_id=task(closed_at="now"))
    assert deliver_waiting() == 1
    assert told() == []


def test_who_worked_on_a_file_learns_that_somebody_else_moved_it(
    province, file, step, promise, told
):
    step("head")
    promise("file-moved", activity_id=file, step_id=step("focal_officer", "receive"))
    deliver_waiting()
    assert told() == [("head", "file-moved:receive"), ("officer", "file-moved:receive")]


def test_who_moved_a_file_or_left_the_agency_is_not_told(province, file, step, promise, told):
    step("reviewer")
    province.connection.execute("UPDATE membership SET revoked_at = now() WHERE role = 'reviewer'")
    promise("file-moved", activity_id=file, step_id=step("officer"))
    deliver_waiting()
    assert told() == []


def test_a_message_delivered_twice_tells_once(province, task, promise, told, superuser):
    promise("task-opened", task_id=task())
    deliver_waiting()
    superuser.execute("UPDATE outbox SET done_at = NULL")
    deliver_waiting()
    assert told() == [("focal_head", SIGN)]


def test_a_bad_message_waits_and_the_others_go_out(task, promise, told, superuser):
    bad = [promise("task-opened", task="x"), promise("no-such-topic", task_id=1)]
    promise("task-opened", task_id=task())
    assert deliver_waiting() == 1
    assert told() == [("focal_head", SIGN)]
    left = superuser.execute(
        "SELECT id, attempts, last_error, next_try_at > now() + interval '3 s' FROM outbox"
        " WHERE done_at IS NULL ORDER BY id"
    ).fetchall()
    assert left == [
        (bad[0], 1, "KeyError: 'task_id'", True),
        (bad[1], 1, "KeyError: 'no-such-topic'", True),
    ]
    assert deliver_waiting() == 0, "not before its time"


def test_a_message_that_failed_is_tried_again_with_a_growing_delay(promise, superuser):
    promise("no-such-topic")
    moment = clock.now()
    for attempt in range(1, 6):
        with clock.frozen_at(moment):
            deliver_waiting()
        attempts, moment_next = superuser.execute(
            "SELECT attempts, next_try_at FROM outbox"
        ).fetchone()
        assert attempts == attempt
        assert moment_next == moment + delay(attempt)
        moment = moment_next
    assert delay(1) == timedelta(seconds=5)
    assert delay(3) == timedelta(seconds=20)
    assert delay(999) == timedelta(hours=1)


def test_more_than_a_batch_goes_out_in_one_call(task, promise, monkeypatch, told):
    monkeypatch.setattr(deliver, "BATCH", 3)
    for number in range(7):
        promise("task-opened", task_id=task(kind=f"k{number}"))
    assert deliver_waiting() == 7
    assert len(told()) == 7


def test_workers_that_deliver_at_once_share_the_work(app, task, promise, told, superuser):
    for number in range(60):
        promise("task-opened", task_id=task(kind=f"k{number}"))
    done: list[int] = []

    def work() -> None:
        with app.app_context():
            done.append(deliver_waiting())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) == 60
    assert len(told()) == 60
    assert superuser.execute("SELECT count(*) FROM outbox WHERE done_at IS NULL").fetchone() == (0,)
