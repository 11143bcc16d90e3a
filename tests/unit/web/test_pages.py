"""Pages and fragments as a browser gets them: refusals, headers, languages, forms that are kept."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.htmx import leave_to
from portal.web.static import read_static
from tests.support.pages import PageClient, problems_of
from tests.support.web_room import make_web_room

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def test_the_frame_shows_whom_one_acts_for_and_only_the_places_one_may_use(
    officer: PageClient,
) -> None:
    page = officer.get("/_/style-guide").text
    assert "UBND huyện Nam Giang" in page
    assert "Việc cần làm" in page
    assert 'href="/activities"' in page
    assert 'href="/people"' not in page
    assert "99+" in page


def test_the_place_of_the_current_page_is_marked(officer: PageClient) -> None:
    page = officer.get("/activities/7/nothing").text
    assert re.search(r'href="/activities" aria-current="page"', page)
    assert 'href="/tasks" aria-current' not in page


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("missing", 404, "không tồn tại hoặc không được chia sẻ"),
        ("denied", 403, "You cannot duyệt here."),
        ("conflict", 409, "Hồ sơ không còn như trang của bạn đang hiển thị."),
        ("fields", 422, "Hãy điền mục này."),
        ("blocked", 422, "Đã đủ 2 chuyến."),
        ("down", 503, "chưa phản hồi"),
        ("crash", 500, "Mã tra cứu"),
    ],
)
def test_a_refusal_is_a_page_of_ours_in_vietnamese(
    officer: PageClient, kind: str, status: int, words: str
) -> None:
    response = officer.get(f"/refuse/{kind}")
    assert response.status_code == status
    assert words in response.text
    assert "secret" not in response.text
    assert 'class="rail"' in response.text


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_status_has_its_page_in_both_languages(
    client: PageClient, code: int, language: str
) -> None:
    client.set_cookie("portal_language", language)
    response = client.get(f"/status/{code}")
    assert response.status_code == code
    assert f'<html lang="{language}">' in response.text
    assert client.htmx(f"/status/{code}").status_code == code


def test_a_crash_has_the_same_reference_on_the_page_and_in_the_log(
    client: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    page = client.get("/refuse/crash").text
    shown = re.search(r'class="reference">([0-9A-F]{8})<', page)
    assert shown is not None
    assert f"reference {shown[1]}" in caplog.text
    assert "secret: a table name" in caplog.text


def test_a_refusal_of_a_fragment_says_where_it_belongs(officer: PageClient) -> None:
    response = officer.htmx("/refuse/conflict", method="GET")
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#flashes"
    assert "<html" not in response.text
    assert 'role="alert"' in response.text


def test_the_api_gets_a_problem_document(client: PageClient) -> None:
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert response.json is not None
    assert response.json["status"] == 404


def test_a_wrong_method_says_which_is_right(client: PageClient) -> None:
    response = client.get("/language")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    ("referrer", "leads"),
    [
        ("http://localhost/form?a=b", True),
        ("http://evil.example/form?a=b", False),
        ("http://localhost//evil.example/form", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_a_refused_form_leads_back_to_its_page_and_to_no_other(
    client: PageClient, referrer: str | None, leads: bool
) -> None:
    token = client.token("/_/style-guide")
    headers = {} if referrer is None else {"Referer": referrer}
    page = client.post("/status/404", data={"csrf_token": token}, headers=headers)
    assert page.status_code == 405
    assert ('href="/form?a=b"' in page.text) is leads
    assert "evil" not in page.text


def test_too_much_is_refused_before_it_is_read(officer: PageClient) -> None:
    response = officer.post("/guide", data={"purpose": "x" * 60_000})
    assert response.status_code == 413
    assert "Dung lượng quá lớn" in response.text


@pytest.mark.parametrize("url", ["/?q=%00", "/x%00y", "/?%00=1", "/?q=%ff", "/%ff%fe"])
def test_nonsense_in_an_address_is_never_a_crash(client: PageClient, url: str) -> None:
    assert client.get(url).status_code in (400, 404)


def test_every_page_tells_the_browser_to_run_nothing_foreign(client: PageClient) -> None:
    headers = client.get("/status/404").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    for directive in ("object-src", "base-uri", "frame-ancestors"):
        assert f"{directive} 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_told_to_stay_there(client: PageClient) -> None:
    headers = client.get("/status/404", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_nothing_of_a_signed_in_person_is_cached(officer: PageClient) -> None:
    assert officer.get("/_/style-guide").headers["Cache-Control"] == "no-store"


def test_a_page_and_its_fragment_share_an_address_and_say_so(officer: PageClient) -> None:
    page = officer.get("/_/style-guide")
    assert "HX-Request" in page.headers["Vary"]


def test_going_back_gets_a_whole_page(officer: PageClient) -> None:
    restored = officer.htmx("/_/style-guide", headers={"HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


def test_leaving_a_page_is_a_303_or_htmxs_own_way(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert leave_to("/tasks").status_code == 303
    with app.test_request_context("/", method="POST", headers={"HX-Request": "true"}):
        response = leave_to("/tasks")
        assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/tasks")


def test_vietnamese_comes_first_whatever_the_browser_prefers(client: PageClient) -> None:
    page = client.get("/status/404", headers={"Accept-Language": "en-GB,en"}).text
    assert '<html lang="vi">' in page


def test_a_choice_of_language_is_kept_and_leads_back(client: PageClient) -> None:
    token = client.token("/status/404")
    chosen = client.post(
        "/language", data={"csrf_token": token, "language": "en", "next": "/status/404?a=b"}
    )
    assert chosen.status_code == 303
    assert chosen.location == "/status/404?a=b"
    assert '<html lang="en">' in client.get("/status/404").text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_choice_of_language_leads_nowhere_else(client: PageClient, target: str) -> None:
    token = client.token("/status/404")
    data = {"csrf_token": token, "language": "xx", "next": target}
    response = client.post("/language", data=data)
    assert response.location == "/"
    assert "portal_language" not in response.headers.get("Set-Cookie", "")


def test_the_persons_own_language_wins_over_the_cookie(app: Flask) -> None:
    reader = app.test_client()
    reader.set_cookie("portal_language", "vi")
    assert '<html lang="en">' in reader.get("/_/style-guide", headers={"X-Actor": "en"}).text


TYPED = {
    "purpose": 'Ký <b>"biên bản"</b>\nhai dòng',
    "password": "bí mật",
    "member": ["Trần Thị Bình", "Đỗ Ân"],
}


def test_a_form_with_an_old_token_comes_back_with_what_was_typed(officer: PageClient) -> None:
    response = officer.post("/guide?step=2", data=TYPED, headers=SAME_ORIGIN)
    assert response.status_code == 400
    page = response.text
    assert 'action="/guide?step=2"' in page
    assert page.count("Trần Thị Bình") == 2
    assert page.count("Đỗ Ân") == 2
    assert "<b>" not in page
    assert "bí mật" not in page
    token = re.search(r'action="/guide\?step=2".*?name="csrf_token" value="([^"]+)"', page, re.S)
    assert token is not None
    again = officer.post("/guide?step=2", data={"purpose": "Ký", "csrf_token": token[1]})
    assert again.status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_foreign_page_cannot_put_its_values_beside_a_valid_token(
    officer: PageClient, site: str
) -> None:
    response = officer.post("/guide", data=TYPED, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 400
    assert "Trần Thị Bình" not in response.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://localhost.evil.example"}, {"Origin": "null"}]
)
def test_an_old_browser_must_name_our_origin(officer: PageClient, headers: dict[str, str]) -> None:
    assert "Trần Thị Bình" not in officer.post("/guide", data=TYPED, headers=headers).text


def test_an_old_browser_that_names_our_origin_keeps_its_form(officer: PageClient) -> None:
    response = officer.post("/guide", data=TYPED, headers={"Origin": "http://localhost"})
    assert "Trần Thị Bình" in response.text


def test_a_fragment_with_an_old_token_gets_a_fresh_one(officer: PageClient) -> None:
    response = officer.htmx("/guide", method="POST", data=TYPED, headers=SAME_ORIGIN)
    assert response.status_code == 400
    assert response.headers["X-Fresh-Token"]
    foreign = officer.htmx("/guide", method="POST", data=TYPED)
    assert "X-Fresh-Token" not in foreign.headers


def test_static_files_are_named_by_their_content_and_kept_for_a_year(client: PageClient) -> None:
    page = client.get("/status/404").text
    sheet = re.search(r"/static/css/portal\.css\?v=[0-9a-f]{12}", page)
    assert sheet is not None
    response = client.get(sheet[0], headers={"Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    again = client.get(sheet[0], headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    plain = client.get("/static/css/portal.css", buffered=True)
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["../pyproject.toml", "css/../../pyproject.toml", "nothing.css", "%00"]
)
def test_only_static_files_are_static(client: PageClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("name", "content", "kind", "is_packed"),
    [
        ("logo.png", bytes(range(256)), "image/png", False),
        ("huong-dan.pdf", bytes(range(256)), "application/pdf", False),
        ("app.js", b"let a = 1;" * 50, "text/javascript; charset=utf-8", True),
        ("hello.nobody-knows", bytes(range(256)), "application/octet-stream", False),
        ("ghi-chu.txt", b"free " * 50, "text/plain; charset=utf-8", True),
        ("LICENSE", b"free " * 50, "application/octet-stream", True),
    ],
)
def test_a_static_file_of_any_kind_is_served_with_its_type_and_packed_when_that_helps(
    tmp_path: Path, name: str, content: bytes, kind: str, is_packed: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    (file,) = read_static(tmp_path).values()
    assert (file.content, file.kind, file.gzipped is not None) == (content, kind, is_packed)


PAGE = """<!doctype html><html lang="vi">
<head><meta charset="utf-8"><title>Kế hoạch – x</title></head><body>{}</body></html>"""


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<h1>Kế hoạch</h1><h1>Hai</h1>", "2 <h1>"),
        ("<p>Kế hoạch</p>", "0 <h1>"),
        ("<h1>Khác</h1>", "does not start with"),
        ('<h1>Kế hoạch</h1><i id="a"></i><b id="a"></b>', "stands 2 times"),
        ('<h1>Kế hoạch</h1><p style="color:red"></p>', "has style="),
        ('<h1>Kế hoạch</h1><p onclick="x()"></p>', "has onclick="),
        ("<h1>Kế hoạch</h1><script>1</script>", "inline script"),
        ('<h1>Kế hoạch</h1><a href=" JavaScript:x()">y</a>', "javascript:"),
        ('<h1>Kế hoạch</h1><form method="post" action="#"></form>', "0 form tokens"),
        ('<h1>Kế hoạch</h1><form method="post"></form>', "has no action"),
        ('<h1>Kế hoạch</h1><input name="q">', "has no label"),
        ('<h1>Kế hoạch</h1><label for="b">x</label>', "not on the page"),
        ("<h1>Kế hoạch</h1><p><b>x</p>", "line"),
        ("<h1>Kế hoạch</h1><table><div></div></table>", "table"),
    ],
)
def test_the_page_checker_sees_what_is_wrong(body: str, complaint: str) -> None:
    assert complaint in " ".join(problems_of(PAGE.format(body)))


def test_the_page_checker_is_content_with_a_good_page() -> None:
    assert problems_of(PAGE.format("<h1>Kế hoạch</h1><p>2026</p>")) == []
    assert problems_of("<tr><td>1</td></tr>") == []


def test_a_bad_page_fails_the_test_that_loads_it(app: Flask) -> None:
    def bad() -> str:
        return "<p id=a><p id=a>"

    app.view_functions["pages.calendar"], before = bad, app.view_functions["pages.calendar"]
    try:
        client: FlaskClient = app.test_client()
        with pytest.raises(AssertionError, match="stands 2 times"):
            client.get("/calendar")
    finally:
        app.view_functions["pages.calendar"] = before


@pytest.mark.parametrize("path", ["/tasks", "/nothing", "/static/css/portal.css"])
@pytest.mark.parametrize("host", ["evil.example", "portal.example:x", "a b<>"])
def test_a_request_under_a_foreign_name_is_refused(path: str, host: str) -> None:
    room = make_web_room()
    room.config["TRUSTED_HOSTS"] = ["portal.example"]
    client = room.test_client()
    assert client.get("/tasks", headers={"Host": "portal.example"}).status_code == 200
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
