"""A document comes in checked, is read only by who may see its file, and goes out as a download."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import text

from portal.core.context import acting_as
from portal.core.errors import FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.documents import services
from portal.extensions import db
from tests.integration.documents.conftest import upload
from tests.support import files


def add(browser, activity_id: int, data: bytes = files.PDF, name: str = "Thư mời.pdf", **more):
    page = f"/activities/{activity_id}/documents"
    form = {"kind": "invitation", "upload": (BytesIO(data), name), "not_secret": "y", **more}
    return browser.submit(page, form)


def rows(superuser) -> list[tuple]:
    return superuser.execute(
        "SELECT filename, media_type, size, uploaded_by, removed_at IS NULL FROM attachment"
    ).fetchall()


def test_an_officer_adds_a_document_and_reads_it_again(enter, draft, province, superuser):
    officer = enter("officer")
    assert add(officer, draft).status_code == 303
    assert rows(superuser) == [
        ("Thư mời.pdf", "application/pdf", len(files.PDF), province.users["officer"], True)
    ]
    page = officer.get(f"/activities/{draft}/documents")
    assert "Thư mời.pdf" in page.text
    address = re.search(r'href="(/documents/\d+)"', page.text).group(1)
    with officer.get(address) as answer:
        assert answer.data == files.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "Th%C6%B0%20m%E1%BB%9Di.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer.headers["Cache-Control"]


def test_adding_and_removing_stand_in_the_audit_log(enter, draft, province, superuser):
    officer = enter("officer")
    add(officer, draft)
    (number,) = superuser.execute("SELECT id FROM attachment").fetchone()
    page = f"/activities/{draft}/documents"
    assert officer.submit(f"/documents/{number}/remove", {}, page=page).status_code == 303
    assert rows(superuser)[0][-1] is False
    assert "Thư mời.pdf" not in officer.get(page).text
    assert officer.get(f"/documents/{number}").status_code == 404
    events = superuser.execute(
        "SELECT chain_id, action, subject_id FROM audit_event WHERE action LIKE 'document.%'"
        " ORDER BY seq"
    ).fetchall()
    chain = province.tenants["hoi-an"]
    assert events == [(chain, "document.attached", number), (chain, "document.removed", number)]


WRONG = (
    ({"not_secret": ""}, "bí mật nhà nước"),
    ({"kind": "passport"}, "kind-error"),
    ({"upload": (BytesIO(b""), "")}, "Hãy chọn một tệp"),
    ({"upload": (BytesIO(b""), "a.pdf")}, "không có nội dung"),
    ({"upload": (BytesIO(files.docm()), "a.docx")}, "macro"),
    ({"upload": (BytesIO(b"MZ" + bytes(99)), "a.pdf")}, "không đúng với loại"),
    ({"upload": (BytesIO(files.PDF), "../a.pdf")}, "thư mục"),
    ({"upload": (BytesIO(files.PDF), "a.exe")}, "không được tiếp nhận"),
)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(enter, draft, superuser, uploads):
    officer = enter("officer")
    for more, said in WRONG:
        answer = add(officer, draft, **more)
        assert answer.status_code == 422, said
        assert said in answer.text
    assert rows(superuser) == []
    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_a_file_above_the_limit_is_refused_whole(enter, draft, superuser, app, monkeypatch):
    officer = enter("officer")
    small = replace(app.extensions["portal_settings"], max_upload_mb=0)
    monkeypatch.setitem(app.extensions, "portal_settings", small)
    answer = add(officer, draft)
    assert answer.status_code == 422
    assert "Tệp lớn hơn 0 MB" in answer.text
    assert rows(superuser) == []


def test_a_request_above_the_limit_is_refused_before_it_is_read(enter, draft):
    answer = enter("officer").post(
        f"/activities/{draft}/documents",
        input_stream=BytesIO(bytes(50_000_000)),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


STRANGERS = ("outsider", "focal_officer", "police", "chair", "administrator")


def test_whoever_may_not_see_the_draft_learns_nothing_of_its_documents(enter, draft, superuser):
    add(enter("officer"), draft)
    (number,) = superuser.execute("SELECT id FROM attachment").fetchone()
    for who in STRANGERS:
        stranger = enter(who)
        refused = 403 if who == "administrator" else 404
        assert stranger.get(f"/documents/{number}").status_code == refused, who
        assert stranger.get(f"/activities/{draft}/documents").status_code == refused, who
        token = {"csrf_token": stranger.token("/my/sessions")}
        form = {"kind": "other", "upload": (BytesIO(files.PDF), "a.pdf"), "not_secret": "y"}
        posted = stranger.post(f"/activities/{draft}/documents", data={**form, **token})
        assert posted.status_code in (403, 404), who
        assert stranger.post(f"/documents/{number}/remove", data=token).status_code in (403, 404)
    assert len(rows(superuser)) == 1


def test_once_submitted_the_focal_point_reads_and_adds_and_nobody_removes(enter, draft, superuser):
    officer = enter("officer")
    add(officer, draft)
    superuser.execute("UPDATE activity SET submitted_on = '2026-01-01', state = 'submitted'")
    (number,) = superuser.execute("SELECT id FROM attachment").fetchone()
    focal = enter("focal_officer")
    with focal.get(f"/documents/{number}") as answer:
        assert answer.data == files.PDF
    assert add(focal, draft, files.docx(), "Ý kiến.docx").status_code == 303
    page = f"/activities/{draft}/documents"
    for browser in (focal, officer):
        answer = browser.submit(f"/documents/{number}/remove", {}, page=page)
        assert answer.status_code == 409
    inspector = enter("inspector")
    with inspector.get(f"/documents/{number}") as answer:
        assert answer.status_code == 200
    assert "add-document" not in inspector.get(page).text
    assert len(rows(superuser)) == 2


def test_a_closed_file_takes_no_more_documents(enter, draft, superuser):
    officer = enter("officer")
    page = f"/activities/{draft}/documents"
    token = officer.token(page)
    superuser.execute("UPDATE activity SET state = 'closed'")
    form = {"kind": "other", "upload": (BytesIO(files.PDF), "a.pdf"), "not_secret": "y"}
    assert officer.post(page, data={**form, "csrf_token": token}).status_code == 409
    assert "add-document" not in officer.get(page).text


def test_a_file_kept_on_paper_takes_no_documents(app_context, province, superuser):
    secret = province.activity("hoi-an", paper_register_no="12/ĐK")
    with acting_as(province["officer"]), pytest.raises(FieldErrors), unit_of_work():
        services.attach(secret, province.tenants["hoi-an"], "other", upload(files.PDF))


def test_the_same_bytes_are_kept_once_and_named_twice(
    app_context, province, draft, superuser, uploads
):
    with acting_as(province["officer"]), unit_of_work():
        for name in ("a.pdf", "b.pdf"):
            services.attach(draft, province.tenants["hoi-an"], "other", upload(files.PDF, name))
    assert [row[0] for row in rows(superuser)] == ["a.pdf", "b.pdf"]
    stored = [path for path in uploads.rglob("*") if path.is_file()]
    assert len(stored) == 1


def test_row_level_security_refuses_a_document_on_a_file_of_another_tenant(
    app_context, province, draft
):
    with acting_as(province["outsider"]), pytest.raises(NotFound), unit_of_work():
        services.attach(draft, province.tenants["nam-giang"], "other", upload(files.PDF))
    with acting_as(province["outsider"]):
        assert services.listed(draft) == []
        seen = db.session.execute(text("SELECT count(*) FROM attachment")).scalar_one()
        db.session.rollback()
    assert seen == 0


def test_lost_bytes_are_an_honest_page(enter, draft, superuser, app):
    officer = enter("officer")
    add(officer, draft)
    (number, digest) = superuser.execute("SELECT id, sha256 FROM attachment").fetchone()
    with app.app_context():
        services.store().path(digest).unlink()
    assert officer.get(f"/documents/{number}").status_code == 503
