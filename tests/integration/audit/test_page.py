"""The audit page: the inspector reads every chain, others their own, nobody without the right."""

import pytest
from flask import Flask

from portal.audit.services import record
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.desks import audit_log
from tests.support.province import Province
from tests.support.signing_in import entrance, province_with_passwords

PAGE = "/audit"


@pytest.fixture
def province(superuser, app: Flask) -> Province:
    """Three entries of Hội An, one of Nam Giang, and what the sign-ins add."""
    arranged = province_with_passwords(superuser)
    with app.app_context():
        for who, action, number in (
            ("officer", "account.enabled", 71),
            ("head", "account.disabled", 72),
            ("officer", "account.enabled", 73),
            ("outsider", "account.enabled", 74),
        ):
            with acting_as(arranged[who]), unit_of_work():
                record(action, subject_type="account", subject_id=number)
        with acting_as(arranged["head"]), unit_of_work():
            data = {"kind": "outbound", "plan_item_id": None}
            record("activity.created", subject_type="activity", subject_id=4711, data=data)
    return arranged


@pytest.fixture
def inspector(app: Flask, province: Province):
    return entrance(app)("inspector")


def subjects(page) -> list[str]:
    return [number for number in ("71", "72", "73", "74") if f"account {number}" in page.text]


def test_the_inspector_reads_every_chain_and_can_choose_one(inspector, province):
    assert subjects(inspector.get(PAGE)) == ["71", "72", "73", "74"]
    own = province.tenants["nam-giang"]
    assert subjects(inspector.get(f"{PAGE}?chain={own}")) == ["74"]
    assert subjects(inspector.get(f"{PAGE}?chain=0")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=officer", ["71", "73"]),
        ("who=OFFICER", ["71", "73"]),
        ("who=nobody", []),
        ("kind=accounts", ["71", "72", "73", "74"]),
        ("kind=refusals", []),
        ("file=4711", []),
        ("since=01/01/2020&until=31/12/2098", ["71", "72", "73", "74"]),
        ("until=01/01/2020", []),
        ("who=officer&kind=documents", []),
    ],
)
def test_filters_narrow_the_list(inspector, query, found):
    page = inspector.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert subjects(page) == found


def test_a_file_is_found_by_its_number(inspector):
    assert "Hồ sơ 4711" in inspector.get(f"{PAGE}?file=4711").text


@pytest.mark.parametrize("chain", ["", "chain={own}"])
def test_pages_follow_each_other_without_a_gap_or_an_overlap(
    inspector, province, monkeypatch, chain
):
    monkeypatch.setattr(audit_log, "PAGE", 1)
    query = chain.format(own=province.tenants["hoi-an"])
    seen, url = [], f"{PAGE}?{query}"
    for _ in range(20):
        page = inspector.get(url)
        seen += subjects(page)
        _, more, rest = page.text.partition('rel="next" href="')
        if not more:
            break
        url = rest.partition('"')[0].replace("&amp;", "&")
    assert seen == (["73", "72", "71"] if chain else ["74", "73", "72", "71"])


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=1,2,3", "after=2026-01-01T00:00:00,1,1", "since=99/99/9999", "chain=x",
        "after=2026-01-01T00:00:00%2B00:00,99999999999999999999,1", "file=-1", "file=abc",
        "file=99999999999999999999", "kind=x", "who=%F0%9F%98%80", "_scheme=javascript&_anchor=x",
        "chain=99999999999999999999999", "until=31/12/9999", "since=01/01/1900", "who=" + "x" * 500,
    ],
)  # fmt: skip
def test_nonsense_in_the_filter_is_an_honest_answer(inspector, query):
    assert inspector.get(f"{PAGE}?{query}").status_code in (200, 422)


def test_what_the_portal_did_itself_is_not_laid_at_the_door_of_a_stranger(app, inspector):
    with app.app_context(), acting_as(system_actor()), unit_of_work():
        record("account.enabled", subject_type="user", subject_id=1)
    inspector_only = inspector.get(f"{PAGE}?chain=0").text
    assert 'class="log-who">hệ thống<' in inspector_only
    assert "chưa đăng nhập" not in inspector_only


def test_accounts_people_and_agencies_are_called_by_their_names(app, province, inspector):
    """A role is granted by number; the log says whose."""
    clerk, person = province.users["officer"], province.people["Bríu Văn Lơ"]
    with app.app_context(), acting_as(province["administrator"]), unit_of_work():
        record("account.disabled", subject_type="user", subject_id=clerk)
        data = {"membership_id": 1, "user_id": clerk, "role": "clerk"}
        record("membership.revoked", subject_type="membership", subject_id=1, data=data)
        record("person.changed", subject_type="person", subject_id=person, data={"changed": []})
        offices = {"from": province.tenants["hoi-an"], "to": province.tenants["so-ngoai-vu"]}
        record("tenant.switched", data={**offices, "stand_in_id": None})
    text = inspector.get(PAGE).text
    assert "Tài khoản Lê Thị Hạnh (UBND thành phố Hội An)" in text
    assert "Tài khoản: Lê Thị Hạnh (UBND thành phố Hội An)" in text
    assert "Cán bộ ông Bríu Văn Lơ (UBND huyện Nam Giang)" in text
    assert "Từ: UBND thành phố Hội An; Sang: Sở Ngoại vụ" in text


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_without_the_right_there_is_no_log(app, province, who):
    assert entrance(app)(who).get(PAGE).status_code in (403, 404)


def test_somebody_with_the_right_in_an_agency_reads_its_own_chain_only(app_context, province):
    head = province["head"]
    with acting_as(head), app_context.test_request_context(PAGE):
        form = audit_log.LogFilter(chain=province.tenants["nam-giang"])
        found = audit_log.find(head, form, "")
    assert {entry.chain_id for entry in found} == {province.tenants["hoi-an"]}
