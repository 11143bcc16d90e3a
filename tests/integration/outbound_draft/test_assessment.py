"""The verdict is kept as it was given, and shown to each reader as far as he or she may see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.activities import assessment, kept_verdicts
from portal.activities.kinds.outbound import changes, drafts, facts
from portal.compliance.keys import STATUSES
from portal.compliance.models import StoredVerdict
from portal.compliance.verdicts import SealedVerdict, replay
from portal.core.context import Actor
from portal.core.errors import FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db
from tests.integration.outbound_draft.conftest import DAY
from tests.support.province import Province

Acting = Callable[[Actor | None], AbstractContextManager[None]]


@pytest.fixture
def third_trip(province: Province, app_context: Flask) -> int:
    """A submitted file of Hội An with a leader of Nam Giang who has travelled twice."""
    mai = province.person("nam-giang", "Zơrâm Thị Mơ", honorific="bà", key_leader=True)
    for start, end in (("2026-02-20", "2026-02-24"), ("2026-05-04", "2026-05-08")):
        earlier = province.activity(
            "nam-giang",
            state="closed",
            submitted_on=DAY,
            starts_on=start,
            ends_on=end,
            passports_returned_on=end,
        )
        province.member(earlier, "nam-giang", mai, "head")
    file = province.activity(
        "hoi-an",
        state="submitted",
        submitted_on=DAY,
        starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 20),
        plan_item_id=province.plan_item("hoi-an", 2026),
    )
    province.member(file, "hoi-an", mai, "head")
    province.programme(file, "hoi-an", topics=("security",))
    return file


def judged(province: Province, acting: Acting, file: int, who: str = "officer") -> Any:
    with acting(province[who]), unit_of_work():
        return assessment.assess(file, stage="submission")


def test_a_verdict_is_kept_with_the_file_and_judged_again_to_the_same_bytes(
    province: Province, acting: Acting, third_trip: int
) -> None:
    answer = judged(province, acting, third_trip)
    assert answer.kind == "waiver"
    assert answer.judgement.opinions_required == ("focal", "police")
    with acting(province["officer"]):
        kept = db.session.get_one(StoredVerdict, answer.verdict_id)
        assert replay(SealedVerdict.of(kept.facts, kept.result, kept.hash)).verdict == "block"
        assert "Mơ" not in kept.facts + kept.result
    row = province.connection.execute(
        "SELECT blocks, warnings, authority, stopped FROM activity WHERE id = %s", [third_trip]
    ).fetchone()
    assert row == (1, 0, "chair", False)


def test_the_kept_verdict_shows_trips_only_to_those_who_may_see_them(
    province: Province, acting: Acting, third_trip: int
) -> None:
    judged(province, acting, third_trip)
    said = {}
    for who in ("officer", "focal_officer", "chair", "inspector"):
        with acting(province[who]):
            shown = kept_verdicts.latest(third_trip)
            assert shown is not None
            [finding] = [f for f in shown.findings if f.rule == "outbound.leader-trips"]
            said[who] = finding.message
            assert "Bà Zơrâm Thị Mơ đã có 2 chuyến" in finding.message
            assert finding.grantor
    assert "20/02/2026" not in said["officer"]
    for who in ("focal_officer", "chair", "inspector"):
        assert "20/02/2026" in said[who], who
    logged = province.connection.execute(
        "SELECT user_id FROM audit_event WHERE action = 'travel.looked_up' ORDER BY at"
    ).fetchall()
    assert [row[0] for row in logged] == [
        province.users[who] for who in ("focal_officer", "chair", "inspector")
    ]


def test_a_file_never_judged_has_no_verdict(
    province: Province, acting: Acting, third_trip: int
) -> None:
    with acting(province["officer"]):
        assert kept_verdicts.latest(third_trip) is None


def test_what_could_not_be_saved_stops_the_submission(
    province: Province, acting: Acting, third_trip: int
) -> None:
    province.connection.execute(
        "UPDATE outbound SET unsaved = %s WHERE activity_id = %s",
        ['{"raw": {"departs": "31/02/2026"}}', third_trip],
    )
    with acting(province["officer"]), pytest.raises(FieldErrors) as refused, unit_of_work():
        assessment.assess(third_trip, stage="submission")
    assert list(refused.value.errors) == ["departs"]


def test_a_snapshot_given_back_changes_nothing_and_a_change_is_named(
    province: Province, acting: Acting, third_trip: int
) -> None:
    with acting(province["officer"]):
        before = drafts.snapshot(third_trip)
        with unit_of_work():
            drafts.apply_snapshot(third_trip, before)
        assert drafts.snapshot(third_trip) == before
        after = {**before, "returns": "2026-11-21", "members": []}
        with unit_of_work():
            drafts.apply_snapshot(third_trip, after)
        found = changes.diff(before, drafts.snapshot(third_trip))
    assert [(change.key, change.old, change.new) for change in found] == [
        ("members", "bà Zơrâm Thị Mơ (Trưởng đoàn)", ""),
        ("returns", "20/11/2026", "21/11/2026"),
    ]


def test_a_returned_file_still_counts_and_a_closed_one_counts_as_reported(
    province: Province, acting: Acting, third_trip: int
) -> None:
    with acting(province["officer"]):
        gathered = facts.gather(third_trip)
    assert {entry.status for entry in gathered.case.history} == {"reported"}
    assert STATUSES["returned"] == "submitted"
    assert {name[0] for name in gathered.case.people} == {"p"}
