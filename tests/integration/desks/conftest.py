"""A small province with files in many states, and browsers of its people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from portal.core import clock
from portal.web.text import fold
from tests.support.province import Province, insert


@dataclass(slots=True)
class Files:
    """Arranges files and tasks past row-level security."""

    province: Province
    today: date = field(default_factory=clock.today)

    def file(self, tenant: str, title: str, **facts: Any) -> int:
        """A file with this title; submitted unless its state says otherwise."""
        state = facts.get("state", "submitted")
        if state not in ("draft", "in-review"):
            facts.setdefault("submitted_on", self.today)
        return self.province.activity(
            tenant, **{"title": title, "search_key": fold(title), "state": state, **facts}
        )

    def task(
        self, activity_id: int, kind: str, permission: str, desk: str, days: int | None
    ) -> int:
        """An open task of `desk`, due `days` from today."""
        row = self.province.connection.execute(
            "SELECT tenant_id FROM activity WHERE id = %s", [activity_id]
        ).fetchone()
        assert row
        return insert(
            self.province.connection,
            "task",
            tenant_id=row[0],
            activity_id=activity_id,
            kind=kind,
            permission=permission,
            desk_tenant_id=self.province.tenants[desk],
            opened_at="now",
            opened_by="Trần Minh Quang",
            due_on=None if days is None else self.today + timedelta(days=days),
        )

    def step(self, activity_id: int, who: str, duty: str) -> None:
        """A line of the timeline that says that somebody had this part in the file."""
        actor = self.province[who]
        insert(
            self.province.connection,
            "step",
            tenant_id=self.province.tenants["hoi-an"],
            activity_id=activity_id,
            at="now",
            action=duty,
            from_state="draft",
            to_state="draft",
            user_id=actor.user_id,
            person_id=actor.person_id,
            actor_name=actor.name,
            data=f'{{"duty": "{duty}"}}',
        )


@pytest.fixture
def files(province: Province) -> Files:
    return Files(province)
