"""A test client that checks every page it ever loads, and axe-core for browser tests.

A page that breaks a rule fails the test that loaded it, whatever the test was about.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, request_finished
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.extensions import db

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.test import TestResponse

_TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
#: html5lib knows no newer elements; what it says about these is not our mistake.
_TOLERATED = {"unknown-element", "invalid-codepoint"}
ADDRESSES: Final = frozenset(
    {"href", "src", "action", "formaction", "data", "hx-get", "hx-post", "hx-push-url"}
)
"""Attributes whose value a browser goes to."""
_seen: set[str] = set()


class PageClient(FlaskClient):
    """A browser without JavaScript whose every page must keep the house rules."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with no_write_left_open(self.application):
            response = super().open(*args, **kwargs)
        check_response(response)
        return response

    def htmx(self, url: str, method: str = "GET", **kwargs: Any) -> TestResponse:
        """The same request as htmx sends it."""
        headers = {"HX-Request": "true", **kwargs.pop("headers", {})}
        return self.open(url, method=method, headers=headers, **kwargs)

    def token(self, url: str) -> str:
        """A form token of this session, from the first form of a page."""
        match = re.search(r'name="csrf_token" value="([^"]*)"', self.get(url).text)
        assert match, f"{url} has no form"
        return match.group(1)

    def submit(self, url: str, data: dict[str, Any], page: str | None = None) -> TestResponse:
        """Load ``page`` (else ``url``) for its token, then post ``data`` to ``url``."""
        return self.post(url, data={"csrf_token": self.token(page or url), **data})


@contextmanager
def no_write_left_open(app: Flask) -> Iterator[None]:
    """Fail when a request wrote to the database and ended without a commit or a rollback."""
    writes: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if _WRITE.match(statement):
            writes.append(statement)

    def forget(_session: Session) -> None:
        writes.clear()

    def look(_app: Flask, **_rest: Any) -> None:
        session = db.session()
        pending = [*session.new, *session.dirty, *session.deleted]
        assert not pending, f"uncommitted changes at the end of the request: {pending}"
        assert not writes, f"a write without a commit: {writes}"

    if "sqlalchemy" not in app.extensions:
        yield
        return
    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", note)
    event.listen(Session, "after_commit", forget)
    event.listen(Session, "after_rollback", forget)
    try:
        with request_finished.connected_to(look, app):
            yield
    finally:
        event.remove(engine, "after_cursor_execute", note)
        event.remove(Session, "after_commit", forget)
        event.remove(Session, "after_rollback", forget)


def check_response(response: TestResponse) -> None:
    """Check an HTML answer: whole pages by every rule, fragments by those that fit them."""
    if response.mimetype != "text/html":
        return
    text = response.text
    where = f"{response.request.method} {response.request.path} ({response.status_code})"
    problems = problems_of(text)
    if "Content-Security-Policy" not in response.headers:
        problems.append("no Content-Security-Policy header")
    assert not problems, f"{where}:\n  " + "\n  ".join(problems)


def problems_of(text: str) -> list[str]:
    """What is wrong with this page or fragment; a page seen before is not read again."""
    stable = _TOKEN.sub(r"\1", text)
    digest = hashlib.sha256(stable.encode()).hexdigest()
    if digest in _seen or not text.strip():
        return []
    whole = text.lstrip()[:9].lower() == "<!doctype"
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text) if whole else parser.parseFragment(text, container=_container(text))
    problems = [
        f"line {position[0]}: {code} {data or ''}".rstrip()
        for position, code, data in parser.errors
        if code not in _TOLERATED
    ]
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    for rule in (*_EVERYWHERE, *(_WHOLE_PAGES if whole else ())):
        problems += rule(elements)
    if not problems:
        _seen.add(digest)
    return problems


def _container(fragment: str) -> str:
    start = fragment.lstrip()[:4].lower()
    return {"<tr>": "tbody", "<tr ": "tbody", "<td ": "tr", "<td>": "tr"}.get(start, "div")


def _show(element: Element) -> str:
    marks = " ".join(
        f'{name}="{element.get(name)}"' for name in ("id", "name", "class") if element.get(name)
    )
    return f"<{element.tag} {marks}>" if marks else f"<{element.tag}>"


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _unique_ids(elements: list[Element]) -> list[str]:
    counts = Counter(element.get("id") for element in elements if element.get("id"))
    return [f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1]


def _nothing_inline(elements: list[Element]) -> list[str]:
    found: list[str] = []
    for element in elements:
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            found.append(f"inline {element.tag}")
        for name, value in element.attrib.items():
            if str(name).startswith("on") or name == "style" or str(name).startswith("hx-on"):
                found.append(f"{_show(element)} has {name}=")
            elif name in ADDRESSES and str(value).strip().lower().startswith("javascript:"):
                found.append(f"{_show(element)} has a javascript: address")
    return found


def _honest_forms(elements: list[Element]) -> list[str]:
    found: list[str] = []
    for form in elements:
        if form.tag != "form":
            continue
        if form.get("action") is None:
            found.append(f"{_show(form)} has no action")
        method = (form.get("method") or "get").lower()
        tokens = [each for each in form.iter("input") if each.get("name") == "csrf_token"]
        if method == "post" and len(tokens) != 1:
            found.append(f"{_show(form)} has {len(tokens)} form tokens instead of one")
        if method == "get" and tokens:
            found.append(f"{_show(form)} would put its token into the address")
        if method not in ("get", "post"):
            found.append(f"{_show(form)} has the method {method}")
    return found


def _labelled_fields(elements: list[Element]) -> list[str]:
    labels = {each.get("for") for each in elements if each.tag == "label"}
    wrapped = {id(each) for label in elements if label.tag == "label" for each in label.iter()}
    return [
        f"{_show(field)} has no label"
        for field in elements
        if field.tag in ("input", "select", "textarea")
        and field.get("type") not in _UNLABELLED
        and field.get("id") not in labels
        and id(field) not in wrapped
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
    ]


def _living_references(elements: list[Element]) -> list[str]:
    ids = {each.get("id") for each in elements}
    return [
        f"{_show(element)}: {name} names {reference!r}, which is not on the page"
        for element in elements
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for reference in (element.get(name) or "").split()
        if reference not in ids
    ]


def _one_heading(elements: list[Element]) -> list[str]:
    headings = [_words(each) for each in elements if each.tag == "h1"]
    titles = [_words(each) for each in elements if each.tag == "title"]
    if len(headings) != 1:
        return [f"{len(headings)} <h1> instead of one: {headings}"]
    if not headings[0]:
        return ["the <h1> is empty"]
    if len([*titles]) < 1 or not titles[0].startswith(headings[0]):
        return [f"the title {titles[:1]} does not start with the <h1> {headings[0]!r}"]
    return []


def _language_and_images(elements: list[Element]) -> list[str]:
    found = [
        f"{_show(each)} has no alt"
        for each in elements
        if each.tag == "img" and each.get("alt") is None
    ]
    if elements and not any(each.tag == "html" and each.get("lang") for each in elements):
        found.append("<html> has no lang")
    return found


_Rule = Callable[[list[Element]], list[str]]
_EVERYWHERE: tuple[_Rule, ...] = (_unique_ids, _nothing_inline, _honest_forms)
_WHOLE_PAGES: tuple[_Rule, ...] = (
    _labelled_fields,
    _living_references,
    _one_heading,
    _language_and_images,
)


def serious_axe_problems(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core calls serious or critical on the open page, one sentence each.

    ``contrast=False`` leaves out its slowest rule, for a page whose colours were looked at already.
    The browser context must have been made with ``bypass_csp=True``: axe is an inline script.
    """
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    return [
        f"{found['impact']} {found['id']}: {found['help']} ({node['target']})"
        for found in Axe().run(page, options=options).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
