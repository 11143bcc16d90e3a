"""A directive arrives: drafted by the focal point, counted, published by the chair's office."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.compliance.enacted import law_in_force
from portal.compliance.models import ImpactRun
from portal.compliance.regulations import Version
from portal.core import clock
from portal.core.context import acting_as, system_actor
from portal.extensions import db
from portal.register import impact
from tests.integration.compliance.conftest import Propose
from tests.support.pages import PageClient
from tests.support.province import Province, insert
from tests.support.signing_in import Enter

RULE = "/regulations/outbound.leader-trips"
NEXT_YEAR = clock.today().year + 1


def directive(**changes: str) -> dict[str, str]:
    return {
        "param_limit": "1",
        "number": "12-CT/TU",
        "title_vi": "Chỉ thị về đoàn ra",
        "title_en": "Directive on delegations",
        "dated": f"{clock.today():%d/%m/%Y}",
        "level": "party",
        "clause": "điểm 2",
        "address": "https://quangnam.gov.vn/12-ct-tu",
        "valid_from": f"01/01/{NEXT_YEAR}",
        **changes,
    }


def said_by(answer: TestResponse) -> list[str]:
    return re.findall(r"(?s)<(?:h1|p class=.field-error)[^>]*>(.*?)<", answer.text)


def drafted(browser: PageClient, **changes: str) -> str:
    """The address of a new draft."""
    answer = browser.submit(f"{RULE}/draft", directive(**changes))
    assert answer.status_code == 303, said_by(answer)
    return answer.headers["Location"]


@pytest.mark.parametrize("who", ["officer", "focal_officer", "chair_officer", "inspector"])
def test_everybody_reads_the_register(enter: Enter, who: str) -> None:
    browser = enter(who)
    assert "outbound.leader-trips" in browser.get("/regulations").text
    assert "outbound.plan" not in browser.get("/regulations?family=agreement").text


def test_how_often_a_rule_fired_is_told_to_the_focal_point_alone(
    enter: Enter, province: Province
) -> None:
    """Files are counted, not verdicts."""
    result = '{"judgement":{"findings":[{"rule":"outbound.leader-trips"}]}}'
    file = province.activity("hoi-an", submitted_on=clock.today())
    for _twice in range(2):
        insert(
            province.connection, "verdict", tenant_id=province.tenants["hoi-an"], activity_id=file,
            stage="submission", as_of=clock.today(), verdict="block", facts="{}", result=result,
            hash=b"", created_at="now",
        )  # fmt: skip
    assert "có phát hiện ở 1 hồ sơ" in enter("focal_officer").get(RULE).text
    for who in ("officer", "inspector"):
        assert "có phát hiện ở" not in enter(who).get(RULE).text
    province.connection.execute("UPDATE verdict SET result = 'no json'")
    for path in ("/regulations", RULE):
        page = enter("focal_officer").get(path)
        assert (page.status_code, "có phát hiện ở" in page.text) == (200, False), path


def test_the_borders_of_a_rule_are_said_in_the_language_of_the_reader(enter: Enter) -> None:
    browser, vi, en = enter("officer"), "Chuyến thứ ba trong năm", "leader&#39;s third trip"
    page = browser.get(RULE).text
    assert (vi in page, en in page) == (True, False)
    browser.submit("/language", {"language": "en"})
    page = browser.get(RULE).text
    assert (vi in page, en in page) == (False, True)
    assert browser.get(RULE).status_code == 200
    assert browser.get("/regulations/changes?day=15/10/2024").status_code == 200
    assert browser.get("/regulations/changes?day=31/02/2024").status_code == 422
    assert browser.get("/regulations/versions").status_code == 200
    assert browser.get("/regulations/outbound.no-such-rule").status_code == 404


def test_only_the_focal_point_checks_and_drafts(enter: Enter) -> None:
    for who in ("officer", "head", "chair_officer", "inspector"):
        assert enter(who).get(f"{RULE}/draft").status_code == 403
    browser = enter("focal_officer")
    answer = browser.submit(f"{RULE}/check", {"remark": "Đã đọc lại toàn văn"}, page=RULE)
    assert answer.status_code == 303
    assert "Đã đọc lại toàn văn" in browser.get(RULE).text


def test_a_rule_whose_check_is_older_than_a_year_asks_for_a_new_one(enter: Enter) -> None:
    with clock.frozen_at(clock.today() + timedelta(days=366)):
        browser = enter("focal_officer")
        assert "đối chiếu lại quy định với văn bản gốc" in browser.get(RULE).text
        due = browser.get("/regulations").text.count("Cần đối chiếu lại")
        browser.submit(f"{RULE}/check", {"remark": "Đã đọc lại toàn văn"}, page=RULE)
        assert "đối chiếu lại quy định với văn bản gốc" not in browser.get(RULE).text
        assert browser.get("/regulations").text.count("Cần đối chiếu lại") == due - 1


def test_a_directive_holds_from_its_day_and_not_before(enter: Enter, propose: Propose) -> None:
    focal, office = enter("focal_officer"), enter("chair_officer")
    page = drafted(focal)
    assert "12-CT/TU" not in enter("officer").get("/regulations/versions").text
    assert focal.submit(f"{page}/publish", {"revision": "1"}, page=page).status_code == 403
    assert propose(focal, page).status_code == 303
    assert office.submit(f"{page}/publish", {"revision": "1"}, page=page).status_code == 303
    assert "12-CT/TU" in enter("officer").get("/regulations/versions").text
    assert b"12-CT/TU" in office.get("/regulations/versions.yaml").data
    assert office.submit(f"{page}/publish", {"revision": "1"}, page=page).status_code == 409


def test_what_it_would_change_is_seen_before_it_is_proposed(enter: Enter, propose: Propose) -> None:
    focal = enter("focal_officer")
    page = drafted(focal)
    assert "Trình Văn phòng Ủy ban nhân dân tỉnh" not in focal.get(page).text
    answer = focal.submit(f"{page}/propose", {"revision": "1"}, page=page)
    assert answer.status_code == 422
    assert "Đếm trước các kết quả sẽ thay đổi" in answer.text
    assert propose(focal, page).status_code == 303


def test_the_document_behind_a_version_is_told_as_a_paper_cites_it(enter: Enter) -> None:
    focal = enter("focal_officer")
    page = focal.get(drafted(focal, address="kho 3, hộp 12")).text
    assert f"12-CT/TU ngày {clock.today():%d/%m/%Y}, điểm 2" in page
    assert "kho 3, hộp 12" in page


def test_a_rule_is_told_with_the_number_that_is_in_force(enter: Enter, propose: Propose) -> None:
    focal, office = enter("focal_officer"), enter("chair_officer")
    today = f"{clock.today():%d/%m/%Y}"
    page = drafted(focal, valid_from=today)
    assert "quá 2 lần trong một năm, do" in office.get(RULE).text
    assert "không theo mức do tỉnh ban hành" not in office.get(RULE).text
    propose(focal, page)
    office.submit(f"{page}/publish", {"revision": "1"}, page=page)
    assert "quá 1 lần trong một năm, do" in office.get(RULE).text
    after = office.get(RULE).text
    assert "không theo mức do tỉnh ban hành" in after
    assert "tỉnh có mức riêng: từ 01/01/2014" in after
    assert "Phiên bản trước" not in after


def test_who_compared_the_rules_that_came_with_the_software_is_told_in_english(
    enter: Enter,
) -> None:
    browser = enter("officer")
    browser.submit("/language", {"language": "en"})
    page = browser.get(RULE).text
    assert "no lawyer has confirmed it" in page
    assert "luật gia" not in page


def test_the_versions_are_listed_by_what_their_rules_are_called(enter: Enter) -> None:
    focal = enter("focal_officer")
    drafted(focal)
    assert "Số chuyến của lãnh đạo chủ chốt" in focal.get("/regulations/versions").text


def limit_on(day: date) -> int:
    version = law_in_force().version_in_force("outbound.leader-trips", "quang-nam", day)
    assert isinstance(version, Version)
    return version.params["limit"]


def test_december_and_january_are_judged_by_their_own_numbers(
    enter: Enter, app: Flask, propose: Propose
) -> None:
    focal, office = enter("focal_officer"), enter("chair_officer")
    page = drafted(focal)
    propose(focal, page)
    office.submit(f"{page}/publish", {"revision": "1"}, page=page)
    with app.app_context():
        assert limit_on(date(NEXT_YEAR - 1, 12, 31)) == 2
        assert limit_on(date(NEXT_YEAR, 1, 1)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"param_limit": "3"}, "không được nới lỏng quy định của Nhà nước"),
        ({"param_limit": "2"}, "Không có gì thay đổi"),
        ({"param_limit": "0"}, "Nhập số nguyên từ 1 đến 10000"),
        ({"param_limit": "hai"}, ""),
        ({"valid_from": "01/01/2025"}, "không hồi tố"),
        ({"valid_from": "31/02/2027"}, ""),
        ({"number": ""}, ""),
    ],
)
def test_what_the_law_does_not_let_be_is_said_at_the_field(
    enter: Enter, changes: dict[str, str], said: str
) -> None:
    answer = enter("focal_officer").submit(f"{RULE}/draft", directive(**changes))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_limit_of_the_province_is_loosened_only_by_the_rank_that_set_it(enter: Enter) -> None:
    browser = enter("focal_officer")
    address = "/regulations/outbound.supplement-quota/draft"
    answer = browser.submit(address, directive(param_limit="3", level="province"))
    assert answer.status_code == 303, said_by(answer)
    assert "nới lỏng" in browser.get(answer.headers["Location"]).text


def test_a_worker_counts_what_it_would_change(enter: Enter, app: Flask) -> None:
    focal = enter("focal_officer")
    page = drafted(focal)
    assert focal.submit(f"{page}/impact", {}, page=page).status_code == 303
    assert "progress" in focal.get(page).text
    ask = {"HX-Request": "true"}
    assert "HX-Redirect" not in focal.get(f"{page}/impact", headers=ask).headers
    with app.app_context(), acting_as(system_actor()):
        assert impact.run_waiting() == 1
    done = focal.get(f"{page}/impact", headers=ask)
    assert done.headers["HX-Redirect"].endswith(page), "the page offers the next step by itself"
    assert "0 hồ sơ sẽ đổi kết quả" in focal.get(page).text


def test_a_worker_counts_the_plan_items_that_would_change(
    enter: Enter, app: Flask, province: Province
) -> None:
    leader = province.person("hoi-an", "Tăng Thị Hiền", honorific="bà", key_leader=True)
    other = province.person("nam-giang", "Zơrâm Văn Lối", key_leader=True)
    for month, code in ((3, "P1"), (9, "P2")):
        province.plan_item("hoi-an", NEXT_YEAR, code, month=month, leader_id=leader)
    province.plan_item("nam-giang", NEXT_YEAR, "N1", month=5, leader_id=other)
    focal = enter("focal_officer")
    page = drafted(focal, valid_from=f"01/06/{NEXT_YEAR}")
    focal.submit(f"{page}/impact", {}, page=page)
    with app.app_context(), acting_as(system_actor()):
        impact.run_waiting()
        run = db.session.scalars(select(ImpactRun).order_by(ImpactRun.id.desc())).first()
        assert run is not None
        assert (run.done, run.state) == (run.total, "done")
        told = run.result["plan_items"]
        assert (told["considered"], told["changed"]) == (1, 1), "from June on there is P2 alone"
        assert told["by_tenant"] == {str(province.tenants["hoi-an"]): 1}
    shown = focal.get(page).text
    assert "1 mục kế hoạch sẽ đổi kết quả" in shown
    assert "Mục P2" in shown
    assert "Mục P1" not in shown


def test_a_count_whose_worker_was_killed_is_taken_up_again(enter: Enter, app: Flask) -> None:
    focal = enter("focal_officer")
    page = drafted(focal, valid_from=f"01/02/{NEXT_YEAR}")
    focal.submit(f"{page}/impact", {}, page=page)
    with app.app_context(), acting_as(system_actor()):
        assert impact.RUNS.taken() is not None
        assert impact.take_up_again() == 0, "its worker still tells of progress"
        with clock.frozen_at(clock.now() + impact.RUNS.silent + timedelta(seconds=1)):
            assert impact.take_up_again() == 1
        assert impact.run_waiting() == 1
        assert impact.take_up_again() == 0


def test_what_is_exported_is_brought_in_as_drafts(enter: Enter, propose: Propose) -> None:
    focal, office = enter("focal_officer"), enter("chair_officer")
    page = drafted(focal, valid_from=f"01/03/{NEXT_YEAR}")
    propose(focal, page)
    office.submit(f"{page}/publish", {"revision": "1"}, page=page)
    exported = focal.get("/regulations/versions.yaml").data
    assert exported.startswith(b"---\n")
    taken = {"file": (io.BytesIO(exported), "own.yaml")}
    answer = focal.submit("/regulations/versions/import", taken, page="/regulations/versions")
    assert answer.status_code == 303, said_by(answer)
    assert focal.get("/regulations/versions").text.count("12-CT/TU") == 2
    spoiled = {"file": (io.BytesIO(exported.replace(b"limit", b"limits")), "own.yaml")}
    answer = focal.submit("/regulations/versions/import", spoiled, page="/regulations/versions")
    assert answer.status_code == 422
    assert "Không đọc được tệp" in answer.text
