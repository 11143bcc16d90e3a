"""A waiver lets one rule rest: by its grantor, with a document, until its last day."""

from datetime import timedelta

import pytest

from portal.activities import waivers
from portal.activities.kinds.outbound import facts
from portal.core.clock import frozen_at
from portal.core.errors import Blocked, Conflict, Denied, FieldErrors
from tests.integration.activities.conftest import (
    DAY,
    DEPARTS,
    PAPER,
    Path,
    a_third_trip,
)
from tests.support.signing_in import Enter


def waive(path: Path, who: str, **given: object) -> None:
    paper = {
        "document_no": "9-TB/TU",
        "document_date": DAY,
        "expires_on": DEPARTS,
        "reason": "Đối tác chỉ mời ông Định.",
    }
    with path.app.app_context(), path.acting(path.province[who]):
        waivers.record(
            path.id,
            version=path.value("version"),
            rule="outbound.leader-trips",
            **(paper | given),  # type: ignore[arg-type]
        )


def test_a_waiver_by_its_grantor_lets_the_third_trip_be_approved(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee")
    path.take("chair", "approve", **PAPER)
    kept = path.province.connection.execute(
        "SELECT waiver_id IS NOT NULL FROM quota_use WHERE activity_id = %s", [path.id]
    ).fetchall()
    assert kept == [(True,)]


@pytest.mark.parametrize("who", ["chair", "head", "focal_head", "inspector"])
def test_only_the_grantor_or_the_chairs_office_from_paper_waives(path: Path, who: str) -> None:
    a_third_trip(path)
    with pytest.raises(Denied):
        waive(path, who)
    waive(path, "chair_officer")


@pytest.mark.parametrize(
    ("lacking", "given"),
    [
        ("document_no", " "),
        ("document_date", None),
        ("document_date", DAY + timedelta(days=1)),
        ("expires_on", None),
        ("expires_on", DAY - timedelta(days=1)),
        ("reason", " "),
    ],
)
def test_a_waiver_needs_document_reason_and_a_last_day(
    path: Path, lacking: str, given: object
) -> None:
    a_third_trip(path)
    with pytest.raises(FieldErrors) as refused:
        waive(path, "committee", **{lacking: given})
    assert set(refused.value.errors) == {lacking}


def test_a_waiver_carries_the_decision_on_its_last_day_and_not_after(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    with frozen_at(DAY + timedelta(days=1)), pytest.raises(Blocked) as stopped:
        path.take("chair", "approve", **PAPER)
    assert [f.rule for f in stopped.value.findings] == ["outbound.leader-trips"]
    path.take("chair", "approve", **PAPER)
    assert path.state == "approved"


def test_what_was_decided_by_a_waiver_stands_when_it_has_run_out(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    path.take("chair", "approve", **PAPER)
    inspector = path.province["inspector"]
    with frozen_at(DAY + timedelta(days=3)), path.app.app_context(), path.acting(inspector):
        (waiver,) = facts.gather(path.id, stage="decision").case.waivers
    assert waiver.rule == "outbound.leader-trips"


def test_a_waiver_is_for_once_and_renewed_by_another_document(path: Path) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    with pytest.raises(Conflict):
        waive(path, "committee", document_no="10-TB/TU")
    with frozen_at(DAY + timedelta(days=1)):
        with pytest.raises(FieldErrors):
            waive(path, "committee")
        waive(path, "committee", document_no="10-TB/TU")
        path.take("chair", "approve", **PAPER)
    kept = path.province.connection.execute(
        "SELECT w.document_no FROM quota_use q JOIN waiver w ON w.id = q.waiver_id"
        " WHERE q.activity_id = %s",
        [path.id],
    ).fetchall()
    assert kept == [("10-TB/TU",)]


def test_what_nobody_may_waive_is_not_waived(path: Path) -> None:
    path.to_decision()
    with pytest.raises(Conflict):
        waive(path, "committee")


def test_the_page_says_that_the_waiver_ran_out_where_it_stops_the_decision(
    path: Path, enter: Enter
) -> None:
    a_third_trip(path)
    waive(path, "committee", expires_on=DAY)
    approval = {"document_no": "12/QĐ-UBND", "document_date": "08/09/2026"}
    said = "số 9-TB/TU ngày 07/09/2026 chỉ có giá trị đến hết ngày 07/09/2026"
    assert said not in enter("chair").get(path.url()).text
    with frozen_at(DAY + timedelta(days=1)):
        chair = enter("chair")
        page = chair.get(path.url()).text
        assert said in page.partition('id="findings"')[2]
        assert "Trình được" not in page, "it was submitted long ago"
        version = {"version": path.value("version")}
        answer = chair.submit(path.url("steps", "approve"), version | approval)
    assert answer.status_code == 422
    assert said in answer.text.partition("stepper")[0]
    assert path.state == "appraised"


def test_only_who_may_grant_the_waiver_is_offered_its_form(path: Path, enter: Enter) -> None:
    """The standing committee waives a third trip: the chair would fill the form for nothing."""
    a_third_trip(path)
    asked = path.url("waivers", "outbound.leader-trips")
    for who in ("committee", "chair_officer"):
        assert asked in enter(who).get(path.url()).text, who
        assert enter(who).get(asked).status_code == 200, who
    chair = enter("chair")
    assert asked not in chair.get(path.url()).text
    assert chair.get(asked).status_code == 403


def test_a_file_that_waits_for_a_waiver_says_that_it_asks_for_one(path: Path, enter: Enter) -> None:
    a_third_trip(path)
    for address in (path.url(), path.url("verdicts")):
        assert "Xin chấp thuận ngoại lệ" in enter("head").get(address).text, address
    waive(path, "committee")
    assert "Xin chấp thuận ngoại lệ" not in enter("head").get(path.url()).text
