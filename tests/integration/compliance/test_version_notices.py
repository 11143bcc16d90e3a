"""The chair's office is told that a version of a rule waits, and its author what became of it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.jobs.deliver import deliver_waiting
from tests.integration.compliance.conftest import Propose
from tests.integration.compliance.test_register import NEXT_YEAR, drafted
from tests.support.province import Province, insert
from tests.support.signing_in import Enter

Told = list[tuple[str, str]]


def told(app: Flask, province: Province) -> Told:
    """(user name, topic) of all notices, once the worker has been round."""
    with app.app_context():
        deliver_waiting()
    return province.connection.execute(
        "SELECT u.username, n.topic FROM notification n JOIN user_account u ON u.id = n.user_id"
        " ORDER BY n.outbox_id, u.username"
    ).fetchall()


@pytest.fixture
def proposed(enter: Enter, propose: Propose) -> str:
    """The address of a version that the focal officer has proposed."""
    focal = enter("focal_officer")
    page = drafted(focal)
    assert propose(focal, page).status_code == 303
    return page


def test_whoever_may_publish_a_proposed_version_finds_it_under_the_bell(
    app: Flask, enter: Enter, province: Province, proposed: str
) -> None:
    assert told(app, province) == [
        ("chair", "version-proposed"),
        ("chair_officer", "version-proposed"),
    ]
    page = enter("chair_officer").get("/notices").text
    assert "Quy định chờ công bố: Số chuyến của lãnh đạo chủ chốt" in page
    assert f'href="{proposed}"' in page
    assert f"12-CT/TU, từ ngày 01/01/{NEXT_YEAR}" in page
    assert proposed not in enter("focal_officer").get("/notices").text


def test_a_stand_in_of_the_chair_is_told_too(
    app: Flask, province: Province, enter: Enter, proposed: str
) -> None:
    connection = province.connection
    [office] = (
        connection.execute(
            "SELECT id FROM membership WHERE user_id = %s", [province.users["chair"]]
        ).fetchone()
        or ()
    )
    insert(
        connection, "stand_in", tenant_id=province.tenants["van-phong-ubnd"], membership_id=office,
        user_id=province.users["officer"], document_no="1/UQ", document_date="today",
        valid_from="today", valid_to="today", appointed_by=province.users["chair"],
        created_at="now",
    )  # fmt: skip
    assert ("officer", "version-proposed") in told(app, province)
    assert "Hãy chuyển sang làm việc cho cơ quan này để mở" in enter("officer").get("/notices").text


@pytest.mark.parametrize(
    ("act", "data", "topic", "said"),
    [
        ("publish", {}, "version-published", "Quy định được công bố"),
        ("refuse", {"reason": "chưa rõ"}, "version-refused", "Quy định không được công bố"),
    ],
)
def test_who_drafted_it_is_told_what_became_of_it(
    app: Flask, enter: Enter, province: Province, proposed: str,
    act: str, data: dict[str, str], topic: str, said: str,
) -> None:  # fmt: skip
    chair = enter("chair_officer")
    done = chair.submit(f"{proposed}/{act}", {"revision": "1", **data}, page=proposed)
    assert done.status_code == 303
    # What is settled waits for nobody any more.
    assert told(app, province) == [("focal_officer", topic)]
    assert said in enter("focal_officer").get("/notices").text
