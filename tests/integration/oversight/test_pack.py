"""The inspector's pack: all of it, nobody else's, readable, sealed and audited."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from re import findall
from typing import Any

import openpyxl
import psycopg
import pypdf
import pytest
from click.testing import CliRunner
from flask import Flask

from portal.cli_audit import audit
from portal.config import Settings
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import NotFound
from portal.oversight.pack import make
from portal.oversight.pack_facts import Scope
from portal.oversight.pack_facts import tables as tables_of
from portal.oversight.pack_seal import examine
from tests.support.province import Province, insert
from tests.unit.compliance.test_own_versions import DOCUMENT, definition

Acting = Callable[[Actor | None], AbstractContextManager[None]]
FORMULA = '=HYPERLINK("http://x","y")'
LETTERS = "Đoàn ăâđêôơư ÀẢÃÁẠ ằẳẵắặ ềểễếệ ồổỗốộ ờởỡớợ ừửữứự ỳỷỹýỵ"


@pytest.fixture
def files(province: Province, superuser: psycopg.Connection) -> dict[str, int]:
    """A refused trip with everything on it, one kept on paper, one of another agency and year."""
    tenant = province.tenants["hoi-an"]
    rich = province.activity(
        "hoi-an", title=LETTERS, state="rejected", starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 8), submitted_on=date(2026, 4, 1),
    )  # fmt: skip
    province.member(rich, "hoi-an", province.people["Lê Thị Hạnh"])
    paper = province.activity(
        "hoi-an", title="không được kể", paper_register_no="07", starts_on=date(2026, 6, 1)
    )
    other = province.activity("nam-giang", title="Đoàn khác", starts_on=date(2025, 6, 1))
    common = {"tenant_id": tenant, "activity_id": rich}
    insert(
        superuser, "step", **common, at="2026-04-09T01:00Z", action="reject",
        from_state="appraised", to_state="rejected", actor_name="Hồ Quang Vinh", note=FORMULA,
        data="{}",
    )  # fmt: skip
    insert(
        superuser, "waiver", **common, rule="outbound.leader-trips", by="chair",
        document_no="9/CV", document_date=date(2026, 4, 2), reason="việc gấp", created_at="now",
    )  # fmt: skip
    insert(
        superuser, "signal", kind="split-trip", key="k", tenant_ids=json.dumps([tenant]),
        facts=json.dumps({"files": [rich], "years": [2026], "host": "Osan"}), created_at="now",
    )  # fmt: skip
    return {"rich": rich, "paper": paper, "other": other}


@pytest.fixture
def judged(province: Province, superuser: psycopg.Connection, files: dict[str, int]) -> None:
    """The trip was found to be a leader's third; a version of the province's own is published."""
    leader, rich = province.people["Lê Thị Hạnh"], files["rich"]
    found = {
        "rule": "outbound.leader-trips", "version": "vn/2014-01-01", "severity": "block",
        "facts": {
            "person": f"p{leader}", "year": 2026, "limit": 2, "pending": [],
            "decided": [{"id": f"a{rich}", "start": "2026-05-04", "end": "2026-05-08"}] * 2,
        },
    }  # fmt: skip
    rules = {"outbound.leader-trips": ["vn/2014-01-01", ""]}
    result = json.dumps({"judgement": {"findings": [found]}, "rules": rules})
    insert(
        superuser, "verdict", tenant_id=province.tenants["hoi-an"], activity_id=rich,
        hash=hashlib.sha256(f"[{{}},{result}]".encode()).digest(),
        stage="submission", as_of=date(2026, 4, 1), verdict="block", facts="{}", created_at="now",
        result=result,
    )  # fmt: skip
    insert(
        superuser, "rule_version", rule="outbound.leader-trips", jurisdiction="quang-nam",
        valid_from=date(2026, 12, 31), definition=json.dumps(definition()),
        document=json.dumps(DOCUMENT), loosens=False, state="published", revision=1,
        drafted_by=province.users["focal_officer"], settled_by=province.users["chair_officer"],
        settled_at="now", created_at="now",
    )  # fmt: skip


def made(scope: Scope) -> tuple[io.BytesIO, dict[str, Any]]:
    target = io.BytesIO()
    make(scope, target)
    with zipfile.ZipFile(target) as bundle:
        return target, json.loads(bundle.read("pack.json"))["tables"]


def test_a_pack_of_an_agency_holds_what_the_database_holds_of_it(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    with app.app_context(), acting(province["inspector"]):
        target, tables = made(Scope(tenant_id=province.tenants["hoi-an"]))
    assert [row["activity_id"] for row in tables["files"]] == [files["rich"], files["paper"]]
    assert tables["members"][0]["name"] == "Lê Thị Hạnh"
    assert [row["rule"] for row in tables["waivers"]] == ["outbound.leader-trips"]
    assert [row["kind"] for row in tables["signals"]] == ["split-trip"]
    assert [(row["what"], row["reason"]) for row in tables["refusals"]] == [("step", FORMULA)]
    assert examine(target).faults == []


def test_of_a_file_kept_on_paper_only_number_state_and_days_are_told(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    with app.app_context(), acting(province["inspector"]):
        target, tables = made(Scope(year=2026))
    kept = next(row for row in tables["files"] if row["activity_id"] == files["paper"])
    assert (kept["register_no"], kept["title"], kept["host"], kept["countries"]) == (
        "07", None, None, None,
    )  # fmt: skip
    with zipfile.ZipFile(target) as bundle:
        assert "không được kể" not in bundle.read("pack.json").decode()


def test_agency_person_and_year_narrow_together(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    person = province.people["Lê Thị Hạnh"]
    wanted = {
        Scope(year=2025): [files["other"]],
        Scope(person_id=person): [files["rich"]],
        Scope(person_id=person, year=2025): [],
    }
    with app.app_context(), acting(province["inspector"]):
        for scope, ids in wanted.items():
            assert [row["activity_id"] for row in made(scope)[1]["files"]] == ids, scope
        with pytest.raises(NotFound):
            made(Scope(tenant_id=10**9))
    with pytest.raises(ValueError, match="of an agency"):
        Scope()


def test_the_database_gives_nobody_a_pack_of_a_foreign_agency(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    with app.app_context(), acting(province["outside_head"]):
        tables = made(Scope(tenant_id=province.tenants["hoi-an"]))[1]
    assert {name: rows for name, rows in tables.items() if rows} == {}


def test_the_spreadsheet_holds_no_formula_and_the_summary_every_vietnamese_letter(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    with app.app_context(), acting(province["inspector"]):
        target, tables = made(Scope(tenant_id=province.tenants["hoi-an"], year=2026))
    with zipfile.ZipFile(target) as bundle:
        book = openpyxl.load_workbook(io.BytesIO(bundle.read("pack.xlsx")))
        pages = pypdf.PdfReader(io.BytesIO(bundle.read("summary.pdf"))).pages
        paper = " ".join("".join(page.extract_text() for page in pages).split())
    assert len(book.sheetnames) == len(tables)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert FORMULA in {cell.value for cell in cells}
    assert set(LETTERS) <= set(paper)
    assert "UBND thành phố Hội An" in paper


def test_spreadsheet_and_summary_speak_the_inspectors_language_and_the_json_keeps_the_codes(
    app: Flask, province: Province, files: dict[str, int], acting: Acting, judged: None
) -> None:
    with app.app_context(), acting(province["inspector"]):
        target, tables = made(Scope(tenant_id=province.tenants["hoi-an"], year=2026))
    with zipfile.ZipFile(target) as bundle:
        book = openpyxl.load_workbook(io.BytesIO(bundle.read("pack.xlsx")))
        pages = pypdf.PdfReader(io.BytesIO(bundle.read("summary.pdf"))).pages
        paper = " ".join("".join(page.extract_text() for page in pages).split())
    said = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    seen = "1 đoàn có người của UBND thành phố Hội An cùng làm việc với một đối tác, Osan"
    assert said >= {
        "Số chuyến của lãnh đạo chủ chốt", "Một chuyến đi tách thành hai đoàn", "Đoàn ra",
        "Chủ tịch UBND tỉnh", "Ban Thường vụ Tỉnh ủy", "Số tối đa: 1", "Số tối đa: 2",
        "12-CT/TU, 2026-11-20", "Quảng Nam", "Đã ban hành", "Không", "Đặng Thị Yến",
    }  # fmt: skip
    assert any(str(text).startswith("Ông Lê Thị Hạnh đã có 2 chuyến") for text in said)
    assert any(str(text).startswith(seen) for text in said)
    assert "Số chuyến của lãnh đạo chủ chốt" in paper
    assert seen in paper
    assert {"Thành viên của đoàn", "Dấu hiệu né tránh quy định"} <= {*book.sheetnames}
    for code in ("outbound.leader-trips", "split-trip", "published", "standing-committee", "True"):
        assert code not in paper
        assert code not in said
    assert (tables["files"][0]["kind"], tables["waivers"][0]["by"]) == ("outbound", "chair")


def test_an_altered_verdict_stops_no_pack_and_is_named(
    app: Flask, province: Province, files: dict[str, int], acting: Acting, judged: None,
    superuser: psycopg.Connection,
) -> None:  # fmt: skip
    superuser.execute("UPDATE verdict SET facts = 'no json', result = 'no json'")
    with app.app_context(), acting(province["inspector"]):
        target, tables = made(Scope(tenant_id=province.tenants["hoi-an"]))
    [verdict] = tables["verdicts"]
    assert (verdict["intact"], tables["findings"], tables["rules"]) == (False, [], [])
    assert examine(target).faults == [
        f"verdicts.jsonl: verdict {verdict['verdict_id']} does not match its hash."
    ]


def test_every_column_of_the_spreadsheet_is_called_what_it_holds(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    with app.app_context(), acting(province["inspector"]):
        found = tables_of(Scope(tenant_id=province.tenants["hoi-an"]))
        headings = {
            (table.name, key): str(label) for table in found for key, label in table.columns
        }
    assert headings["rules", "title"] == "Tên quy định"
    assert headings["rules", "verdicts"] == "Số lần đánh giá đã dùng"
    assert headings["opinions", "body"] == "Cơ quan được hỏi"
    assert headings["quota", "subject"] == "Người hoặc cơ quan số"
    assert headings["documents", "name"] == "Tên tài liệu"
    assert headings["documents", "removed_at"] == "Thời điểm gỡ bỏ"
    assert headings["amendments", "size"] == "Mức điều chỉnh"


def test_the_command_writes_a_pack_that_verifies_against_the_living_log(
    app: Flask, province: Province, files: dict[str, int], acting: Acting, settings: Settings,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    for _twice in range(2):  # the second one holds the entry of the first
        result = run(audit, ["pack", "--year", str(clock.today().year), "--out", str(tmp_path)])
        assert result.exit_code == 0, result.output
    (bundle,) = tmp_path.iterdir()
    result = run(audit, ["pack-verify", str(bundle)])
    assert result.exit_code == 0, result.output
    assert "0 entries" not in result.output
    with zipfile.ZipFile(bundle) as packed:
        packed.extract("audit.jsonl", tmp_path)
    result = run(audit, ["verify", "--checkpoint", str(tmp_path / "audit.jsonl")])
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(bundle, "a") as packed:
        packed.writestr("more.txt", "")
    result = run(audit, ["pack-verify", str(bundle)])
    assert (result.exit_code, "more.txt was added" in result.output) == (1, True)
    assert run(audit, ["pack", "--out", str(tmp_path)]).exit_code == 2
    result = run(audit, ["pack", "--year", "2026", "--out", str(bundle / "below a file")])
    assert (result.exit_code, "cannot be made" in result.output) == (1, True)


def test_the_inspector_saves_a_pack_and_the_log_says_so(
    enter: Callable[[str], Any], files: dict[str, int], superuser: psycopg.Connection,
    province: Province,
) -> None:  # fmt: skip
    browser = enter("inspector")
    assert "/oversight/pack" in browser.get("/desks/inspection").text
    asked = {"tenant": str(province.tenants["hoi-an"]), "person": "", "year": "2026"}
    answer = browser.submit("/oversight/pack", asked)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert examine(io.BytesIO(answer.data)).faults == []
    row = superuser.execute(
        "SELECT user_id, data FROM audit_event WHERE action = 'pack.made'"
    ).fetchone()
    assert row is not None
    assert row[0] == province["inspector"].user_id
    assert row[1]["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert (
        browser.submit("/oversight/pack", {"tenant": "", "person": "", "year": ""}).status_code
        == 422
    )
    assert browser.submit("/oversight/pack", asked | {"person": "999999"}).status_code == 422


def test_a_persons_page_leads_to_their_files_and_to_the_pack_with_their_number(
    enter: Callable[[str], Any], files: dict[str, int], province: Province
) -> None:
    person, inspector = province.people["Lê Thị Hạnh"], enter("inspector")
    today = clock.today()
    trip = province.activity(
        "nam-giang", state="approved", submitted_on=today, starts_on=today, ends_on=today
    )
    province.member(trip, "nam-giang", person)
    page, file = inspector.get(f"/people/{person}").text, f'href="/activities/{trip}"'
    assert file in page
    assert f'href="/oversight/pack?person={person}"' in page
    form = inspector.get(f"/oversight/pack?person={person}").text
    [field] = findall(r'<input[^>]*name="person"[^>]*>', form)
    assert f'value="{person}"' in field
    theirs = enter("officer").get(f"/people/{person}").text
    assert "/oversight/pack" not in theirs
    assert file not in theirs, "a trip of another agency is told, its file is not theirs to open"


@pytest.mark.parametrize("who", ["head", "outside_head", "focal_head", "chair", "administrator"])
def test_nobody_but_the_inspector_may_have_a_pack(enter: Callable[[str], Any], who: str) -> None:
    assert enter(who).get("/oversight/pack").status_code in (403, 404)


def test_the_same_facts_at_the_same_moment_give_the_same_bytes(
    app: Flask, province: Province, files: dict[str, int], acting: Acting
) -> None:
    scope = Scope(tenant_id=province.tenants["hoi-an"])
    moment = clock.now()
    with app.app_context(), acting(province["inspector"]), clock.frozen_at(moment):
        first, again = made(scope)[0], made(scope)[0]
    assert first.getvalue() == again.getvalue()
