"""The portal shows the demo: every desk of the tour, and a file in every state."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from portal.core.context import acting_as, system_actor
from portal.demo.people import PASSWORD, STAND_IN, TOUR
from portal.extensions import db
from tests.support.pages import PageClient

OTHERS = ("btv", "ubnd.vp", "thanhtra", "quantri", "sngv.nv", STAND_IN[1])


def signed_in(app: Flask, username: str) -> PageClient:
    browser = PageClient(app)
    answer = browser.submit("/sign-in", {"username": username, "password": PASSWORD})
    assert answer.status_code == 303, username
    return browser


@pytest.mark.parametrize("username", [*TOUR, *OTHERS])
def test_everybody_of_the_demo_signs_in_and_finds_a_desk(demo: Flask, username: str) -> None:
    answer = signed_in(demo, username).get("/")
    assert answer.status_code == 200


def test_a_file_in_every_state_has_its_page(demo: Flask) -> None:
    with acting_as(system_actor()):
        one_of_each = (
            "state, referred, after_the_fact, urgent, authority, blocks > 0,"
            " paper_register_no IS NULL"
        )
        files = db.session.execute(
            text(
                f"SELECT DISTINCT ON ({one_of_each}) id FROM activity"
                f" ORDER BY {one_of_each}, id DESC"
            )
        ).scalars()
        ids = list(files)
        db.session.rollback()
    inspector = signed_in(demo, "thanhtra")
    shown = {id_: inspector.get(f"/activities/{id_}").status_code for id_ in ids}
    assert set(shown.values()) == {200}, shown
    assert len(shown) > 30


def test_an_officers_list_shows_the_own_agencys_files(demo: Flask) -> None:
    page = signed_in(demo, "hoian.cb").get("/activities").text
    assert "UBND thành phố Hội An: " in page
    assert "UBND huyện Nam Giang: " not in page


def test_next_years_draft_plans_hold_something_of_everything_to_be_settled(demo: Flask) -> None:
    focal = signed_in(demo, "sngv.cb").get("/plans/what-if").text
    for about in (
        "Lãnh đạo vượt số chuyến",
        "Lãnh đạo có thể đi cùng đoàn",
        "Tháng vắng cả lãnh đạo",
        "Thời hạn trình",
        "Mục trùng nhau",
    ):
        assert about in focal, about


def test_a_head_sees_that_another_agency_plans_a_trip_for_the_own_leader(demo: Flask) -> None:
    page = signed_in(demo, "hoian.ld").get("/plans/what-if").text
    assert "1 mục kế hoạch của cơ quan khác" in page
