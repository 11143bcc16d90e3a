"""A submitted file of Hội An with a task on the focal point's desk, and the outbox beside it."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.support.province import Province, insert

DAY = date(2026, 9, 7)
"""A Monday."""


@pytest.fixture
def file(province: Province) -> int:
    return province.activity(
        "hoi-an", state="submitted", submitted_on=DAY, created_by=province.users["officer"]
    )


@pytest.fixture
def task(province: Province, file: int) -> Callable[..., int]:
    """`task(desk=…, permission=…)`: an open task of the file."""

    def open_task(**facts: Any) -> int:
        desk = province.tenants[facts.pop("desk", "so-ngoai-vu")]
        columns = {
            "tenant_id": province.tenants["hoi-an"],
            "activity_id": file,
            "kind": "sign-appraisal",
            "permission": "appraisal:sign",
            "desk_tenant_id": desk,
            "opened_at": "now",
            "opened_by": "x",
        } | facts
        return insert(province.connection, "task", **columns)

    return open_task


@pytest.fixture
def step(province: Province, file: int) -> Callable[..., int]:
    """`step("officer")`: something that a person of the cast did to the file."""

    def record(who: str, action: str = "submit") -> int:
        actor = province[who]
        return insert(
            province.connection,
            "step",
            tenant_id=province.tenants["hoi-an"],
            activity_id=file,
            at="now",
            action=action,
            from_state="draft",
            to_state="submitted",
            user_id=actor.user_id,
            actor_name=actor.name,
            actor_tenant_id=actor.tenant_id,
            data="{}",
        )

    return record


@pytest.fixture
def promise(province: Province) -> Callable[..., int]:
    """`promise("task-opened", task_id=1)`: an outbox message whose bell was lost."""

    def post(topic: str, **payload: Any) -> int:
        return insert(
            province.connection,
            "outbox",
            topic=topic,
            payload=json.dumps(payload),
            attempts=0,
            next_try_at="now",
            created_at="now",
        )

    return post


@pytest.fixture
def told(province: Province) -> Callable[[], list[tuple[str, str]]]:
    """(user name, topic) of all notifications."""

    def read() -> list[tuple[str, str]]:
        return province.connection.execute(
            "SELECT u.username, n.topic FROM notification n JOIN user_account u ON u.id = n.user_id"
            " ORDER BY 1, 2"
        ).fetchall()

    return read
