"""The directory of people: found without accents, kept by their agency, travel guarded."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import ClauseElement, Executable, event
from sqlalchemy.ext.compiler import compiles

from portal.core import clock
from portal.core.errors import Denied, NotFound
from portal.extensions import db
from portal.identity import queries
from portal.identity.people import PersonFacts, create_person
from portal.identity.services import search_people, trip_summary
from portal.web.text import fold, name_sort_key
from tests.integration.identity.conftest import events
from tests.support.province import Province

FACTS = {
    "honorific": "bà",
    "full_name": "Đinh Thị Ánh Ngọc",
    "position": "Phó Trưởng phòng",
    "managed_by": "agency",
    "active": "y",
}


def person(province: Province, tenant: str, name: str, **facts: object) -> int:
    return province.person(
        tenant, name, **{"search_key": fold(name), "sort_key": name_sort_key(name)} | facts
    )


class Explain(Executable, ClauseElement):
    """EXPLAIN of a statement, with its parameters."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(Explain)
def _explain(element: Explain, compiler: Any, **kwargs: Any) -> str:
    return "EXPLAIN " + compiler.process(element.statement, **kwargs)


def trip(province: Province, tenant: str, person_id: int, **facts: object) -> int:
    columns = {
        "state": "approved",
        "title": "Đi Sê Kông bí mật",
        "submitted_on": clock.today(),
        "starts_on": dt.date(clock.today().year, 3, 1),
        "ends_on": dt.date(clock.today().year, 3, 5),
    } | facts
    activity_id = province.activity(tenant, **columns)
    province.member(activity_id, tenant, person_id)
    return activity_id


def test_the_beginning_of_any_word_finds_a_person_with_or_without_accents(
    app: Flask, province: Province, acting
) -> None:
    wanted = person(province, "hoi-an", "Đinh Thị Ánh Ngọc")
    for typed, found in [
        ("đinh", True),
        ("dinh", True),
        ("NGOC", True),
        ("ngọc ánh", True),
        ("anh ng", True),
        ("oc", False),
        ("ngoc tran", False),
        ("", False),
        ("%", False),
        ("_inh", False),
    ]:
        with app.app_context(), acting(province["outsider"]):
            ids = {row.id for row in search_people(typed)}
        assert (wanted in ids) is found, typed


def test_ones_own_people_come_first(app: Flask, province: Province, acting) -> None:
    person(province, "hoi-an", "An Văn Bình")
    own = person(province, "nam-giang", "Zơ Văn Bình")
    with app.app_context(), acting(province["outsider"]):
        rows = search_people("binh", own_tenant_id=province.tenants["nam-giang"])
    assert rows[0].id == own


def test_a_new_name_is_found_by_its_new_words_only(
    app: Flask, province: Province, acting, superuser: psycopg.Connection
) -> None:
    wanted = person(province, "hoi-an", "Đinh Thị Ánh Ngọc")
    superuser.execute(
        "UPDATE person SET full_name = 'Đinh Thị Hoa', search_key = 'dinh thi hoa' WHERE id = %s",
        (wanted,),
    )
    with app.app_context(), acting(province["outsider"]):
        assert [row.id for row in search_people("hoa")] == [wanted]
        assert search_people("ngoc") == []


def test_a_search_among_many_uses_the_index_under_row_level_security(
    app: Flask, province: Province, acting, superuser: psycopg.Connection
) -> None:
    superuser.execute(
        "INSERT INTO person (tenant_id, full_name, honorific, sort_key, search_key, position,"
        " key_leader, managed_by, sensitive_post, active)"
        " SELECT %s, 'P', 'ông', n::text, 'ten' || n || ' ho' || mod(n, 97), '', false, 'agency',"
        " false, true FROM generate_series(1, 20000) n",
        (province.tenants["hoi-an"],),
    )
    superuser.execute("ANALYZE person, person_word")
    with app.app_context(), acting(province["outsider"]):
        statement = queries._people().where(*queries._begin_with(["ten1234"]))
        plan = "\n".join(db.session.execute(Explain(statement)).scalars())
    assert "ix_person_word_word" in plan
    assert "Seq Scan on person" not in plan


def test_pages_of_the_directory_show_everybody_once_in_vietnamese_order(
    signed_in, province: Province
) -> None:
    given_names = ["An", "Ánh", "Ăn", "Bình", "Đạt", "Dũng", "Ích", "Êm", "Ơn", "Ôn", "Ưng"]
    names = [f"{family} Văn {given}" for family in ("Đỗ", "Lê", "Ân") for given in given_names]
    for name in names:
        person(province, "nam-giang", name)
    browser = signed_in("outside_head")
    shown: list[str] = []
    url: str | None = "/people"
    pages = 0
    while url:
        page = browser.get(url).text
        shown += re.findall(r'class="name">([^<]+)</a>', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = following.group(1).replace("&amp;", "&") if following else None
        pages += 1
    assert pages == 2
    assert sorted(shown) == sorted([*names, "Bríu Văn Lơ", "Zơrâm Thị Mai"])
    assert [name for name in shown if name in names] == sorted(names, key=name_sort_key)
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    first = browser.get(back.group(1).replace("&amp;", "&")).text
    assert re.findall(r'class="name">([^<]+)</a>', first) == shown[:25]


def test_nonsense_in_the_address_is_no_mistake_of_ours(signed_in) -> None:
    browser = signed_in("officer")
    for query in [
        "after=0",
        "after=x",
        "before=99999999999999999999",
        "q=%00",
        "whose=theirs",
        "q=" + "x" * 500,
        "after=-1",
    ]:
        assert browser.get(f"/people?{query}").status_code in (200, 400, 404), query


def test_an_agency_keeps_its_own_list(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE membership SET role = 'clerk' WHERE user_id = %s",
                      (province.users["officer"],))  # fmt: skip
    clerk = signed_in("officer")
    saved = clerk.submit("/people/new", FACTS)
    assert saved.status_code == 303
    assert "Đinh Thị Ánh Ngọc" in clerk.get("/people?q=ngoc").text
    changed = clerk.submit(f"{saved.location}/edit", FACTS | {"key_leader": "y"})
    assert changed.status_code == 303
    row = superuser.execute("SELECT key_leader FROM person WHERE search_key = %s",
                            ("dinh thi anh ngoc",)).fetchone()  # fmt: skip
    assert row == (True,)
    (_, data) = events(superuser, "person.changed")[0]
    assert data == {"changed": ["key_leader"]}


def test_another_agencys_people_are_read_but_not_changed(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE membership SET role = 'clerk' WHERE user_id = %s",
                      (province.users["officer"],))  # fmt: skip
    foreign = province.people["Bríu Văn Lơ"]
    clerk = signed_in("officer")
    assert clerk.get(f"/people/{foreign}").status_code == 200
    assert clerk.get(f"/people/{foreign}/edit").status_code == 404
    token = clerk.token("/people/new")
    answer = clerk.post(f"/people/{foreign}/edit", data={"csrf_token": token, **FACTS})
    assert answer.status_code == 404
    row = superuser.execute("SELECT full_name FROM person WHERE id = %s", (foreign,)).fetchone()
    assert row == ("Bríu Văn Lơ",)
    assert clerk.get("/people/999999").status_code == 404


COLLEAGUE = {"full_name": "Võ Thị Ánh Tuyết", "honorific": "bà", "position": "chuyên viên"}


def test_an_officer_enters_a_colleague_and_goes_back_to_the_draft(
    signed_in, superuser: psycopg.Connection
) -> None:
    officer = signed_in("officer")
    page = officer.get("/people/new?next=/outbound/new").text
    assert 'name="key_leader"' not in page
    assert 'name="managed_by"' not in page
    forged = COLLEAGUE | {"key_leader": "y", "managed_by": "central", "sensitive_post": "y"}
    saved = officer.submit("/people/new?next=/outbound/new", forged)
    assert (saved.status_code, saved.location) == (303, "/outbound/new")
    row = superuser.execute(
        "SELECT t.code, key_leader, managed_by, sensitive_post, active FROM person p"
        " JOIN tenant t ON t.id = p.tenant_id WHERE full_name = 'Võ Thị Ánh Tuyết'"
    ).fetchall()
    assert row == [("hoi-an", False, "agency", False, True)]
    assert events(superuser, "person.created")
    elsewhere = officer.submit("/people/new?next=//evil.example", COLLEAGUE | {"position": "x"})
    assert elsewhere.status_code == 422 or elsewhere.location.startswith("/people/")


def test_an_officer_does_not_keep_the_list(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    officer = signed_in("officer")
    own = province.people["Lê Thị Hạnh"]
    assert officer.get(f"/people/{own}/edit").status_code == 403
    assert signed_in("reviewer").get("/people/new").status_code == 403
    for name, tenant in [("Trần Thị Bình", "hoi-an"), ("Alăng Thị Chức", "nam-giang")]:
        province.person(tenant, name, key_leader=True, search_key=fold(name))
        refused = officer.submit("/people/new", COLLEAGUE | {"full_name": name})
        assert refused.status_code == 422, "a leader entered again would travel beside the limit"
        assert "trùng họ tên" in refused.text


def test_two_clicks_enter_an_official_once(signed_in, superuser: psycopg.Connection) -> None:
    officer = signed_in("officer")
    assert officer.submit("/people/new", COLLEAGUE).status_code == 303
    assert officer.submit("/people/new", COLLEAGUE).status_code == 422
    superuser.execute("UPDATE membership SET role = 'clerk' WHERE role = 'officer'")
    clerk = signed_in("officer")
    assert clerk.submit("/people/new", COLLEAGUE | {"managed_by": "agency"}).status_code == 422
    namesake = COLLEAGUE | {"managed_by": "agency", "position": "kế toán", "active": "y"}
    assert clerk.submit("/people/new", namesake).status_code == 303


def test_the_service_takes_from_an_officer_nothing_on_which_a_limit_hangs(
    app: Flask, province: Province, acting
) -> None:
    with app.app_context(), acting(province["officer"]):
        for facts in (
            PersonFacts("Đỗ Văn Tám", "ông", "", key_leader=True),
            PersonFacts("Đỗ Văn Tám", "ông", "", managed_by="central"),
        ):
            with pytest.raises(Denied):
                create_person(facts)
        with pytest.raises(NotFound):
            create_person(
                PersonFacts("Đỗ Văn Tám", "ông", ""), tenant_id=province.tenants["nam-giang"]
            )


def test_what_cannot_be_taken_is_said_at_the_field(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE membership SET role = 'clerk' WHERE user_id = %s",
                      (province.users["officer"],))  # fmt: skip
    clerk = signed_in("officer")
    for field, value in [
        ("full_name", ""),
        ("full_name", "x" * 500),
        ("full_name", "a\0b"),
        ("full_name", "đảo \u202e ngược"),
        ("managed_by", "nobody"),
        ("honorific", "<b>"),
        ("position", "y" * 999),
    ]:
        page = clerk.submit("/people/new", FACTS | {field: value})
        assert page.status_code == 422, (field, value)
        assert f'href="#{field}"' in page.text


def test_own_agency_focal_point_deciders_and_inspector_see_the_trips_themselves(
    signed_in, province: Province
) -> None:
    trip(province, "hoi-an", province.people["Nguyễn Đức Ân"])
    for who in ["officer", "head", "focal_officer", "chair", "committee", "inspector"]:
        page = signed_in(who).get(f"/people/{province.people['Nguyễn Đức Ân']}").text
        assert "Đi Sê Kông bí mật" in page, who
        assert "1 chuyến đã phê duyệt" in page


def test_another_agency_learns_the_number_and_the_verdict_only(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    superuser.execute("UPDATE person SET key_leader = true")
    leader = province.people["Nguyễn Đức Ân"]
    trip(province, "hoi-an", leader)
    trip(province, "hoi-an", leader, starts_on=dt.date(clock.today().year, 6, 1),
         ends_on=dt.date(clock.today().year, 6, 2))  # fmt: skip
    trip(province, "hoi-an", leader, state="draft", submitted_on=None)
    page = signed_in("outsider").get(f"/people/{leader}").text
    assert "2 chuyến đã phê duyệt" in page
    assert "đã hết số chuyến trong năm" in page
    assert "Sê Kông" not in page


def test_who_neither_proposes_nor_decides_learns_no_number(signed_in, province: Province) -> None:
    trip(province, "hoi-an", province.people["Nguyễn Đức Ân"])
    for who in ["police", "administrator"]:
        page = signed_in(who).get(f"/people/{province.people['Nguyễn Đức Ân']}").text
        assert "chuyến đã phê duyệt" not in page
        assert "Sê Kông" not in page


def test_asking_about_another_agencys_person_is_audited_about_ones_own_is_not(
    signed_in, province: Province, superuser: psycopg.Connection
) -> None:
    browser = signed_in("outsider")
    browser.get(f"/people/{province.people['Bríu Văn Lơ']}")
    assert events(superuser, "travel.looked_up") == []
    browser.get(f"/people/{province.people['Nguyễn Đức Ân']}")
    user, data = events(superuser, "travel.looked_up")[0]
    assert user == province.users["outsider"]
    assert data["person_id"] == province.people["Nguyễn Đức Ân"]
    assert data["full"] is False


def test_a_picker_learns_the_numbers_of_several_people_at_once_and_leaves_a_trace(
    app: Flask, province: Province, acting, superuser: psycopg.Connection
) -> None:
    leader, own = province.people["Nguyễn Đức Ân"], province.people["Bríu Văn Lơ"]
    trip(province, "hoi-an", leader)
    with app.test_request_context(), acting(province["outsider"]):
        counts = trip_summary([leader, own, 999999], clock.today().year)
    assert counts[leader].decided == 1
    assert counts[own].decided == 0
    assert 999999 not in counts
    assert [data["person_id"] for _, data in events(superuser, "travel.looked_up")] == [leader]


def test_who_may_not_know_the_number_is_refused(app: Flask, province: Province, acting) -> None:
    with app.test_request_context(), acting(province["administrator"]), pytest.raises(Denied):
        trip_summary([province.people["Nguyễn Đức Ân"]], clock.today().year)


def test_the_list_asks_the_same_number_of_questions_for_any_number_of_people(
    signed_in, app: Flask, province: Province
) -> None:
    browser = signed_in("head")
    browser.get("/people")  # the first page asks once which law is in force
    counts: list[int] = []
    with app.app_context():
        engine = db.engine
    for _ in range(2):
        statements: list[str] = []

        def note(_conn, _cursor, statement, *_rest, kept=statements) -> None:
            kept.append(statement)

        event.listen(engine, "after_cursor_execute", note)
        browser.get("/people")
        event.remove(engine, "after_cursor_execute", note)
        counts.append(len(statements))
        for n in range(20):
            person(province, "hoi-an", f"Trần Văn {n}")
    assert counts[0] == counts[1] <= 6
