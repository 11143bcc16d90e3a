"""What another system is told: of its own agency everything that counts, of others the number."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.api import limits
from portal.api.routes_tokens import example
from portal.compliance.facts import KINDS
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.compliance.strict_yaml import read_documents
from tests.integration.api.conftest import Issue, System, conforming
from tests.support.province import Province, insert

Travels = Callable[..., int]


def rules_of(answer: dict[str, Any]) -> dict[str, str]:
    return {finding["rule"]: finding["severity"] for finding in answer["findings"]}


def finding(answer: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(each for each in answer["findings"] if each["rule"] == rule)


def rows(superuser: psycopg.Connection) -> dict[str, int]:
    """How many rows stand in every table."""
    names = superuser.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE'"
    ).fetchall()
    count = "SELECT count(*) FROM {}"
    found = {name: superuser.execute(count.format(name).encode()).fetchone() for (name,) in names}
    return {name: row[0] for name, row in found.items() if row}


@pytest.fixture
def leader(province: Province) -> int:
    """A key leader of Hội An."""
    return province.person("hoi-an", "Nguyễn Thị Thu", key_leader=True)


@pytest.fixture
def foreigner(province: Province) -> int:
    """A key leader of Nam Giang: another agency's."""
    return province.person("nam-giang", "Zơrâm Thị Mơ", key_leader=True)


def with_member(case: dict[str, Any], **who: Any) -> dict[str, Any]:
    """The case with this one person going."""
    members = [{"person": who["id"], "role": "head"}]
    return {**case, "people": [who], "proposal": {**case["proposal"], "members": members}}


# ── The question ──────────────────────────────────────────────────────────────────────────────────


def test_every_kind_of_activity_is_judged_as_on_the_command_line(eoffice: System) -> None:
    for kind in KINDS:
        file = next((DEFAULT_FOLDER / "cases").rglob(f"*{kind}*.yaml"))
        stated = next(iter(read_documents(file.read_bytes())))
        answer = eoffice.ask(json.loads(json.dumps(stated, default=str)))
        assert answer["case"] == stated["case"]
        assert answer["verdict"] == stated["expect"]["verdict"]
        assert rules_of(answer) == stated["expect"]["findings"]


def test_the_example_of_the_guide_is_answered(app: Flask, eoffice: System) -> None:
    with app.app_context():
        shown = example(1)
    shown["agencies"] = [{"id": "co-quan", "kind": "district"}]
    conforming("Case").validate(shown)
    assert eoffice.ask(shown)["authority"] == "chair"


def test_a_question_leaves_nothing_but_the_day_of_its_token(
    eoffice: System, case: dict[str, Any], leader: int, superuser: psycopg.Connection
) -> None:
    eoffice.ask(case)
    before = rows(superuser)
    eoffice.ask(with_member(case, id="thu", person_id=leader))
    assert rows(superuser) == before


def test_both_languages_and_the_law_stand_in_every_finding(
    eoffice: System, case: dict[str, Any]
) -> None:
    del case["proposal"]["purpose"]
    found = finding(eoffice.ask(case), "outbound.project-note")
    assert "mục đích" in found["message_vi"]
    assert "purpose" in found["message_en"]
    assert found["legal_basis"][0]["document"]
    assert found["version"]


# ── The own agency ────────────────────────────────────────────────────────────────────────────────


def test_the_own_history_counts_without_being_sent(
    eoffice: System, case: dict[str, Any], travels: Travels
) -> None:
    assert eoffice.ask(case)["verdict"] == "pass"
    files = [travels("hoi-an", [], "2026-03-02"), travels("hoi-an", [], "2026-05-04")]
    found = finding(eoffice.ask(case), "outbound.supplement-quota")
    assert found["severity"] == "block"
    assert [trip["id"] for trip in found["facts"]["decided"]] == [f"a{id_}" for id_ in files]


def test_a_file_that_is_asked_about_itself_does_not_count_beside_itself(
    eoffice: System, case: dict[str, Any], travels: Travels
) -> None:
    travels("hoi-an", [], "2026-03-02")
    case["proposal"]["id"] = f"a{travels('hoi-an', [], '2026-05-04')}"
    assert eoffice.ask(case)["verdict"] == "pass"


def test_what_the_question_says_of_a_file_counts_once_and_as_it_says(
    eoffice: System, case: dict[str, Any], travels: Travels
) -> None:
    ids = [f"a{travels('hoi-an', [], day)}" for day in ("2026-03-02", "2026-05-04")]
    gone = {"kind": "outbound", "agency": "hoi-an", "status": "cancelled"}
    case["history"] = [{"id": id_, **gone} for id_ in ids]
    assert eoffice.ask(case)["verdict"] == "pass"


def test_the_own_plan_is_known_by_year_and_code(
    eoffice: System, case: dict[str, Any], province: Province, travels: Travels
) -> None:
    province.plan_item("hoi-an", 2026, "P1", countries=["LA"], month=11)
    used = province.plan_item("hoi-an", 2026, "P2", countries=["JP"], month=3)
    case["proposal"]["plan_item"] = "2026/P1"
    assert eoffice.ask(case)["verdict"] == "pass"
    case["proposal"]["plan_item"] = "2026/P2"
    assert rules_of(eoffice.ask(case)) == {"outbound.plan-deviation": "warn"}
    travels("hoi-an", [], "2026-03-02", plan_item_id=used)
    assert finding(eoffice.ask(case), "outbound.plan")["facts"]["faults"] == ["used"]
    case["proposal"]["plan_item"] = "2026/P3"
    assert finding(eoffice.ask(case), "outbound.plan")["facts"]["faults"] == ["unknown"]


def test_an_item_added_in_mid_year_to_an_earlier_plan_is_out_of_plan_too(
    eoffice: System, case: dict[str, Any], province: Province, travels: Travels
) -> None:
    for code in ("P8", "P9"):
        item = province.plan_item("hoi-an", 2024, code, origin="supplement")
        travels("hoi-an", [], "2026-03-02", plan_item_id=item)
    assert rules_of(eoffice.ask(case)) == {"outbound.supplement-quota": "block"}


def test_the_own_people_are_told_trip_by_trip_whoever_sent_them(
    eoffice: System, case: dict[str, Any], leader: int, travels: Travels
) -> None:
    ids = [travels("nam-giang", [leader], day) for day in ("2026-03-02", "2026-05-04")]
    answer = eoffice.ask(with_member(case, id="bà Thu", person_id=leader))
    found = finding(answer, "outbound.leader-trips")
    assert [trip["id"] for trip in found["facts"]["decided"]] == [f"a{id_}" for id_ in ids]
    assert "bà Thu" in found["message_vi"]
    assert answer["people"] == [{"id": "bà Thu", "person_id": leader, "decided": 2, "pending": 0}]


def test_the_history_of_an_agency_that_was_taken_over_is_the_own(
    eoffice: System, case: dict[str, Any], province: Province, travels: Travels
) -> None:
    insert(
        province.connection,
        "tenant_succession",
        predecessor_id=province.tenants["nam-giang"],
        successor_id=province.tenants["hoi-an"],
        on_date=date(2026, 7, 1),
        basis="Nghị quyết hợp nhất",
    )
    for day in ("2026-03-02", "2026-05-04"):
        travels("nam-giang", [], day)
    province.plan_item("nam-giang", 2026, "P1", title="của huyện cũ", origin="supplement")
    province.plan_item("hoi-an", 2026, "P1")
    assert rules_of(eoffice.ask(case)) == {"outbound.supplement-quota": "block"}
    case["proposal"]["plan_item"] = "2026/P1"
    assert eoffice.ask(case)["verdict"] == "pass", "the agency's own item of that code"


# ── Other agencies ────────────────────────────────────────────────────────────────────────────────


def test_of_another_agencys_person_only_the_verdict_and_the_number_are_told(
    eoffice: System, case: dict[str, Any], foreigner: int, travels: Travels
) -> None:
    ids = [travels("nam-giang", [foreigner], day) for day in ("2026-03-02", "2026-05-04")]
    pending = {"state": "appraised", "reported_on": None}
    ids.append(travels("so-ngoai-vu", [foreigner], "2026-10-05", **pending))
    answer = eoffice.ask(with_member(case, id="mo", person_id=foreigner))
    facts = finding(answer, "outbound.leader-trips")["facts"]
    assert (answer["verdict"], facts["decided"], facts["pending"]) == ("block", 2, 1)
    assert answer["people"] == [{"id": "mo", "person_id": foreigner, "decided": 2, "pending": 1}]
    said = json.dumps(answer)
    for secret in ("2026-03", "2026-05", "2026-10", "/03/", "\\u0000", *(f"a{id_}" for id_ in ids)):
        assert f'"{secret}' not in said
        assert f" {secret}" not in said


def test_no_question_can_single_out_a_trip_of_another_agencys_person(
    eoffice: System, case: dict[str, Any], foreigner: int, travels: Travels
) -> None:
    """A count that falls by one when an id is named would tell which trip that was."""
    file = travels("nam-giang", [foreigner], "2026-03-02")
    asked = with_member(case, id="mo", person_id=foreigner)
    for guessed in (f"a{file}", "x1", "elsewhere"):
        named = {"id": guessed, "kind": "outbound", "agency": "hoi-an"}
        asked["proposal"]["id"] = guessed
        asked["history"] = [{**named, "status": "cancelled"}]
        assert eoffice.ask(asked)["people"][0]["decided"] == 1
    hidden = json.dumps(asked).replace("elsewhere", "\\u0000").encode()
    assert eoffice.post(hidden).status_code == 422


def test_a_trip_together_tells_nothing_of_who_else_went(
    eoffice: System, case: dict[str, Any], leader: int, foreigner: int, travels: Travels
) -> None:
    file = travels("nam-giang", [leader, foreigner], "2026-03-02")
    asked = with_member(case, id="mo", person_id=foreigner)
    asked["people"].append({"id": "thu", "person_id": leader})
    other = {"id": f"a{file}", "kind": "outbound", "agency": "hoi-an", "status": "cancelled"}
    for history in ([], [other]):
        counts = {
            one["id"]: one["decided"]
            for one in eoffice.ask({**asked, "history": history})["people"]
        }
        assert counts == {"mo": 1, "thu": 1}


def test_sentences_call_agencies_and_planned_leaders_by_their_names(
    eoffice: System, case: dict[str, Any], province: Province, leader: int, foreigner: int
) -> None:
    province.plan_item("hoi-an", 2026, "P1", leader_id=leader)
    colleague = province.person("nam-giang", "Bríu Thị Nem", key_leader=True)
    case["proposal"]["plan_item"] = "2026/P1"
    asked = with_member(case, id="bà Mơ", person_id=foreigner)
    asked["people"].append({"id": "bà Nem", "person_id": colleague})
    asked["proposal"]["members"].append({"person": "bà Nem"})
    answer = eoffice.ask(asked)
    deviation = finding(answer, "outbound.plan-deviation")
    assert "Nguyễn Thị Thu" in deviation["message_en"]
    assert deviation["facts"]["planned_leader"] == f"p{leader}"
    together = finding(answer, "outbound.leaders-together")["message_vi"]
    assert "bà Mơ, bà Nem cùng là lãnh đạo chủ chốt của UBND huyện Nam Giang" in together


def test_who_uses_an_own_plan_item_elsewhere_is_not_told(
    eoffice: System, case: dict[str, Any], province: Province, travels: Travels
) -> None:
    item = province.plan_item("hoi-an", 2026, "P1")
    travels("nam-giang", [], "2026-03-02", plan_item_id=item)
    case["proposal"]["plan_item"] = "2026/P1"
    found = finding(eoffice.ask(case), "outbound.plan")
    assert found["facts"] == {
        "plan_item": "2026/P1",
        "year": 2026,
        "faults": ["used"],
        "used_by": 1,
    }
    assert "2026-03" not in json.dumps(found)


def test_each_question_about_another_agencys_person_stands_in_the_log(
    eoffice: System,
    case: dict[str, Any],
    leader: int,
    foreigner: int,
    province: Province,
    superuser: psycopg.Connection,
) -> None:
    asked = with_member(case, id="mo", person_id=foreigner)
    asked["people"].append({"id": "thu", "person_id": leader})
    eoffice.ask(asked)
    events = superuser.execute(
        "SELECT e.chain_id, e.user_id, e.subject_id, e.data FROM audit_event e"
        " WHERE e.action = 'travel.looked_up'"
    ).fetchall()
    token = superuser.execute("SELECT id FROM api_token").fetchone()
    assert token
    assert events == [
        (
            province.tenants["hoi-an"],
            province.users["head"],
            foreigner,
            {"person_id": foreigner, "year": 2026, "full": False, "token_id": token[0]},
        )
    ]


def test_questions_about_other_agencies_people_are_few(
    eoffice: System,
    issue: Issue,
    case: dict[str, Any],
    leader: int,
    foreigner: int,
    superuser: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "FOREIGN_PEOPLE", limits.Window("few", 2, 3600))
    asked = with_member(case, id="mo", person_id=foreigner)
    for secret in (eoffice.secret, issue(name="kho dữ liệu")):
        System(eoffice.client, secret).ask(asked)
    refused = eoffice.post(asked)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    eoffice.ask(with_member(case, id="thu", person_id=leader))
    wanted = superuser.execute(
        "SELECT data ->> 'wanted' FROM audit_event WHERE action = 'access.refused'"
    ).fetchall()
    assert wanted == [("travel:view",)]


def test_more_people_of_other_agencies_than_an_hour_allows_are_no_question_to_try_again(
    eoffice: System, case: dict[str, Any], province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FOREIGN_PEOPLE", limits.Window("few", 2, 3600))
    asked = [{"id": one, "person_id": province.person("nam-giang", one)} for one in "abc"]
    refused = eoffice.post({**case, "people": [*case["people"], *asked]})
    assert refused.status_code == 422
    told = refused.get_json()
    assert (told["key"], told["expected"]) == ("people", "expected at most 2 of other agencies")
    eoffice.ask({**case, "people": [*case["people"], *asked[:2]]})


def test_another_agencys_history_is_not_asked_about(
    eoffice: System, case: dict[str, Any], province: Province
) -> None:
    foreign = {"id": "nam-giang", "tenant_id": province.tenants["nam-giang"]}
    for tenant_id in (foreign["tenant_id"], 999_999):
        refused = eoffice.post({**case, "agencies": [{**foreign, "tenant_id": tenant_id}]})
        assert refused.status_code == 403
        told = refused.get_json()
        assert (told["type"], told["key"]) == (
            "urn:portal:problem:not-yours",
            "agencies.0.tenant_id",
        )


def test_an_unknown_person_is_a_404_with_its_key(eoffice: System, case: dict[str, Any]) -> None:
    refused = eoffice.post(with_member(case, id="ai", person_id=2**53 - 1))
    assert refused.status_code == 404
    assert refused.get_json()["key"] == "people.0.person_id"
