"""The first page says what waits in the other offices of the person, and how to get there."""

from __future__ import annotations

import re

import pytest

from portal.core import clock
from tests.integration.desks.conftest import Files
from tests.support.province import Province, insert
from tests.support.signing_in import Enter
from tests.support.statements import counted


def other_offices(page: str) -> dict[str, str]:
    """Name of the office → how much waits, as the page says it."""
    names = re.findall(r'class="office-name">([^<]+)<', page)
    return dict(zip(names, re.findall(r'class="office-waits[^>]*>([^<]+)<', page), strict=True))


def stands_in(province: Province, who: str, principal: str, role: str) -> int:
    """The stand-in of today with the role of the principal."""
    office = province.connection.execute(
        "SELECT id, tenant_id FROM membership WHERE user_id = %s AND role = %s",
        (province.users[principal], role),
    ).fetchone()
    assert office
    return insert(
        province.connection, "stand_in", tenant_id=office[1], membership_id=office[0],
        user_id=province.users[who], document_no="1/UQ", document_date=clock.today(),
        valid_from=clock.today(), valid_to=clock.today(),
        appointed_by=province.users[principal], created_at="now",
    )  # fmt: skip


def employ(province: Province, who: str, tenant: str, role: str) -> None:
    insert(
        province.connection, "membership", user_id=province.users[who],
        tenant_id=province.tenants[tenant], role=role, fields=[], valid_from=clock.today(),
        created_at="now",
    )  # fmt: skip


@pytest.fixture
def waits(files: Files):
    """`waits("submit", "activity:submit")`: one more task on the desk of Hội An."""

    def wait(kind: str, permission: str, desk: str = "hoi-an", **facts: object) -> None:
        state = facts.pop("state", "in-review")
        activity_id = files.file("hoi-an", f"Đoàn chờ {kind}", state=state, **facts)
        files.task(activity_id, kind, permission, desk, 1)

    return wait


def test_a_stand_in_sees_from_the_own_office_what_waits_in_the_entrusted_one(
    province: Province, enter: Enter, waits
) -> None:
    stand_in_id = stands_in(province, "officer", "head", "head")
    for _ in range(2):
        waits("submit", "activity:submit")
    waits("review", "activity:review")
    officer = enter("officer")
    office = "UBND thành phố Hội An · Người đứng đầu cơ quan, thay mặt Nguyễn Đức Ân"
    page = officer.get("/").text
    assert other_offices(page) == {office: "2 việc đang chờ"}
    assert "Đoàn chờ submit" not in page
    key = f"{province.tenants['hoi-an']}-own-{stand_in_id}"
    assert f'value="{key}"' in page
    assert officer.submit("/acting-as", {"membership": key}, page="/").status_code == 303
    assert officer.get("/").text.count(">Đoàn chờ submit<") == 2


def test_each_office_counts_with_its_own_rights_and_its_own_sight(
    province: Province, enter: Enter, files: Files, waits
) -> None:
    """Somebody who heads Hội An has a police desk too; neither office lends the other its eyes."""
    employ(province, "head", "cong-an-tinh", "police-officer")
    seen, hidden = (
        files.file("nam-giang", title, police_involved=asked)
        for title, asked in (("Đoàn được hỏi", True), ("Đoàn không hỏi", False))
    )
    for file in (seen, hidden):
        files.task(file, "give-opinion", "opinion:give", "cong-an-tinh", 1)
    files.task(seen, "sign-opinion", "appraisal:sign", "cong-an-tinh", 1)
    waits("submit", "activity:submit")
    page = enter("head").get("/").text
    assert other_offices(page) == {"Công an tỉnh · Cán bộ Công an tỉnh": "1 việc đang chờ"}
    assert ">Đoàn chờ submit<" in page
    assert "Đoàn được hỏi" not in page


def test_an_office_in_which_nothing_waits_says_so(province: Province, enter: Enter) -> None:
    stands_in(province, "officer", "head", "head")
    assert list(other_offices(enter("officer").get("/").text).values()) == ["không có việc"]


def test_who_has_one_office_reads_of_no_other(enter: Enter) -> None:
    assert "office-name" not in enter("officer").get("/").text


def test_however_many_offices_there_are_one_statement_counts_them(
    province: Province, enter: Enter
) -> None:
    officer = enter("officer")
    officer.get("/")
    with counted() as alone:
        officer.get("/")
    for who, role in (("head", "head"), ("reviewer", "reviewer")):
        stands_in(province, "officer", who, role)
    with counted() as several:
        officer.get("/")
    assert len(several) == len(alone) + 1
