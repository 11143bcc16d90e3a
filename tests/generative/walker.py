"""A visitor of the portal who signs in as everybody and sends what nobody should.

Everything is drawn from one seeded random generator: the same seed on the same code sends the same
requests, and a failure names seed and number.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote_from_bytes, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.activities.words import ACTIONS
from portal.extensions import redis
from tests.generative import nonsense, pages
from tests.generative.nonsense import Sent, encoded
from tests.generative.pages import Form
from tests.generative.truth import Truth
from tests.generative.world import World
from tests.support.browsers import PASSWORD, give_passwords
from tests.support.pages import check_response

BOUNDARY: Final = b"walkerwalkerwalker"
TELLTALES: Final = (
    b"Traceback (most recent",
    b"psycopg.",
    b"sqlalchemy.",
    b"jinja2.",
    b"werkzeug.exc",
)
AMENDMENT: Final = (
    "submit-amendment", "withdraw-amendment", "settle-amendment", "appraise-amendment",
    "approve-amendment", "refuse-amendment",
)  # fmt: skip
RULES: Final = ("outbound.leader-trips", "any.x", "outbound.lead-time", "%", "outbound.overlap")
TABLES: Final = {
    "activity_id": "activity",
    "attachment_id": "attachment",
    "person_id": "person",
    "user_id": "user_account",
    "tenant_id": "tenant",
    "membership_id": "membership",
    "stand_in_id": "stand_in",
    "session_id": "user_session",
    "plan_id": "plan",
}
SANE: Final = {
    "document_no": "12/QĐ-UBND",
    "document_date": "04/09/2026",
    "consent_no": "3/TB-TU",
    "consent_date": "04/09/2026",
    "reason": "theo đề nghị của đối tác",
    "note": "phù hợp",
    "recommendation": "approve",
    "opinion": "agree",
    "results": "đã ký biên bản",
    "username": "officer",
    "password": PASSWORD,
}
"""What a form wants to hear."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request exactly as it is sent."""

    who: str | None
    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    content_type: str = ""

    def __str__(self) -> str:
        lines = [f"{self.method} {self.path!r} ? {_short(self.query)} as {self.who}"]
        lines += [
            f"  {name}: {_short(text.encode(errors='replace'))}" for name, text in self.headers
        ]
        if self.content_type or self.body:
            lines.append(f"  {self.content_type!r}: {_short(self.body)}")
        return "\n".join(lines)


def _short(data: bytes, most: int = 1500) -> str:
    return repr(data) if len(data) <= most else f"{data[:most]!r}… ({len(data)} bytes)"


@dataclass(slots=True)
class Failure:
    """A broken promise, once for each place where it is broken."""

    number: int
    request: Request
    what: str


class _Alarms(logging.Handler):
    """Whatever the portal logs as an error is one, also behind a polite page."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@dataclass(slots=True)
class Walker:
    """Walks; `failures` tells what was found."""

    world: World
    app: Flask
    random: Random
    failures: dict[str, Failure] = field(default_factory=dict)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    number: int = 0
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)
    tokens: dict[str | None, str] = field(default_factory=dict)
    forms: dict[Any, tuple[str | None, Form]] = field(default_factory=dict)
    links: dict[str | None, list[str]] = field(default_factory=dict)
    last: Request | None = None
    truth: Truth = field(init=False)
    rules: list[Rule] = field(init=False)
    alarms: _Alarms = field(default_factory=_Alarms)
    ids: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.truth = Truth(self.world)
        self.rules = sorted(
            self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)
        )

    # ── The walk ──────────────────────────────────────────────────────────────────────────────────

    def walk(self, requests: int) -> None:
        """Send that many requests."""
        logger = logging.getLogger("portal")
        logger.addHandler(self.alarms)
        try:
            people = [None, *self.world.province.users]
            self._mend()
            for who in people:
                self._look_round(who)
            while self.number < requests:
                if self.number % 400 == 0:
                    self._mend()
                who = self.random.choice(people)
                if who is not None and (who not in self.clients or self.random.random() < 0.002):
                    self._sign_in(who)
                self.send(self._next(who))
        finally:
            logger.removeHandler(self.alarms)

    def _mend(self) -> None:
        """Put the cast back into its offices: somebody has been dismissed meanwhile."""
        connection = self.world.connection
        give_passwords(connection)
        connection.execute("UPDATE user_account SET active = true, one_time_password = false")
        mine = [list(self.world.memberships)]
        connection.execute(
            "UPDATE membership SET revoked_at = NULL, valid_to = NULL WHERE id = ANY(%s)", mine
        )
        connection.execute("UPDATE membership SET revoked_at = now() WHERE NOT id = ANY(%s)", mine)
        self.ids = {
            name: self.world.ids(table) for name, table in TABLES.items()
        }  # fmt: skip
        for who in [who for who in self.clients if who is not None]:
            if self.clients[who].get("/notices").status_code != 200:
                self._sign_in(who)

    def _sign_in(self, who: str | None) -> None:
        with self.app.app_context():
            redis().flushdb()
        client = FlaskClient(self.app, TestResponse, use_cookies=True)
        self.clients[who] = client
        page = client.get("/sign-in").get_data(as_text=True)
        found = pages.TOKEN.search(page)
        assert found, "the door has no form"
        self.tokens[who] = found[1]
        if who is not None:
            data = {"username": who, "password": PASSWORD, "csrf_token": found[1]}
            answer = client.post("/sign-in", data=data)
            assert answer.status_code == 303, f"{who} cannot sign in: {answer.status_code}"

    def _look_round(self, who: str | None) -> None:
        """Open every page once as it is meant to be opened, own and foreign ones."""
        self._sign_in(who)
        for rule in self.rules:
            if "GET" not in (rule.methods or ()):
                continue
            for _ in range(2 if rule.arguments else 1):
                self.send(Request(who, "GET", self._path(rule, foolish=False)))

    def _next(self, who: str | None) -> Request:
        dice = self.random.random()
        if dice < 0.03 and self.last is not None:
            return self.last
        if dice < 0.50 and self.forms:
            made = self._fill(who)
        elif dice < 0.62 and self.links.get(who):
            made = self._follow(who)
        else:
            made = self._knock(who)
        if self.random.random() < 0.2:
            made = self._dress(made)
        self.last = made
        return made

    # ── Making requests ───────────────────────────────────────────────────────────────────────────

    def _path(self, rule: Rule, *, foolish: bool) -> bytes:
        def argument(match: re.Match[str]) -> str:
            kind, _, name = match[1].rpartition(":")
            if foolish and self.random.random() < 0.3:
                text = nonsense.value(self.random, "id" if kind == "int" else "")[:3000]
                return text.decode("latin-1")
            if kind == "int":
                return str(self.random.choice(self.ids.get(name) or [1]))
            choices = {
                "action": (*ACTIONS, *AMENDMENT), "rule": RULES, "what": ("agencies", "countries"),
                "filename": ("css/portal.css", "js/portal.js", "../portal/config.py"),
            }  # fmt: skip
            return self.random.choice(choices.get(name, ("x",)))

        return re.sub(r"<([^>]+)>", argument, rule.rule).encode("latin-1")

    def _knock(self, who: str | None) -> Request:
        """Any route, any method, any query, any body."""
        rule = self.random.choice(self.rules)
        declared = sorted(rule.methods or {"GET"})
        method = self.random.choice(declared if self.random.random() < 0.8 else nonsense.METHODS)
        names = [
            b"q",
            b"after",
            b"before",
            b"month",
            b"file",
            b"year",
            b"agency",
            b"member",
            b"view",
        ]
        names += [
            b"people_query",
            b"state",
            b"country",
            b"since",
            b"until",
            b"order",
            b"next",
            b"leader",
        ]
        query = b"&".join(
            self.random.choice(names) + b"=" + self._quoted(nonsense.value(self.random, "after"))
            for _ in range(self.random.choice((0, 0, 1, 1, 2, 5)))
        )
        path = self._path(rule, foolish=True)
        if method == "GET":
            return Request(who, method, path, query)
        if self.random.random() < 0.4:
            body, kind = self.random.choice(nonsense.BODIES), self.random.choice(nonsense.TYPES)
            headers = (("X-CSRFToken", self.tokens.get(who, "")),)
            return Request(who, method, path, query, headers, body, kind)
        return Request(
            who, method, path, query, **self._body(self._any_fields(who), multipart=False)
        )

    def _any_fields(self, who: str | None) -> list[tuple[bytes, bytes | Sent]]:
        fields: list[tuple[bytes, bytes | Sent]] = [
            (b"csrf_token", self.tokens.get(who, "").encode())
        ]
        known = sorted({one.name for _, form in self.forms.values() for one in form.fields})
        for name in self.random.sample(known, min(len(known), self.random.randrange(6))):
            if name != "csrf_token":
                fields.append((encoded(name), nonsense.value(self.random, name)))
        return fields

    def _follow(self, who: str | None) -> Request:
        """A link of a page, its query spoilt now and then."""
        parts = urlsplit(self.random.choice(self.links[who]))
        query = parts.query.encode()
        if query and self.random.random() < 0.6:
            pairs = query.split(b"&")
            at = self.random.randrange(len(pairs))
            name = pairs[at].partition(b"=")[0]
            pairs[at] = (
                name + b"=" + self._quoted(nonsense.value(self.random, name.decode("latin-1")))
            )
            query = b"&".join(pairs)
        return Request(who, "GET", parts.path.encode(), query)

    def _fill(self, who: str | None) -> Request:
        """A form as somebody fills it: sane, or with a few fields of nonsense."""
        own = [form for owner, form in self.forms.values() if owner == who]
        everybodys = [form for _, form in self.forms.values()]
        form = self.random.choice(own if own and self.random.random() < 0.75 else everybodys)
        fields = self._sane(who, form)
        if self.random.random() < 0.6:
            self._spoil(fields)
        parts = urlsplit(form.action)
        path, query = parts.path.encode(), parts.query.encode()
        if self.random.random() < 0.1:
            path = re.sub(
                rb"\d+", lambda _: str(self.random.choice(self.ids["activity_id"])).encode(), path
            )
        if form.method == "GET":
            pairs = [(name, text) for name, text in fields if isinstance(text, bytes)]
            return Request(who, "GET", path, b"&".join(self._pair(*pair) for pair in pairs))
        return Request(
            who, form.method, path, query, **self._body(fields, multipart=form.multipart)
        )

    def _sane(self, who: str | None, form: Form) -> list[tuple[bytes, bytes | Sent]]:
        fields: list[tuple[bytes, bytes | Sent]] = []
        pressed = False
        for one in form.fields:
            name = encoded(one.name)
            if one.name == "csrf_token":
                fields.append((name, self.tokens.get(who, "").encode()))
            elif one.kind == "file":
                if self.random.random() < 0.5:
                    fields.append((name, self.random.choice(nonsense.FILES)))
            elif one.kind in ("submit", "button"):
                if not pressed and self.random.random() < 0.5:
                    pressed = True
                    fields.append((name, encoded(self.random.choice(one.choices))))
            elif one.kind == "checkbox":
                if self.random.random() < 0.6:
                    fields.append((name, encoded(one.value or "on")))
            elif one.choices and (not one.value or self.random.random() < 0.3):
                fields.append((name, encoded(self.random.choice(one.choices))))
            else:
                fields.append((name, encoded(one.value or SANE.get(one.name, ""))))
        return fields

    def _spoil(self, fields: list[tuple[bytes, bytes | Sent]]) -> None:
        """Bad values, missing and repeated fields, foreign tokens, five hundred rows."""
        for _ in range(self.random.choice((1, 1, 1, 2, 4))):
            if not fields:
                return
            at = self.random.randrange(len(fields))
            name, text = fields[at]
            dice = self.random.random()
            if name == b"csrf_token" and dice < 0.7:
                continue
            if dice < 0.08:
                del fields[at]
            elif dice < 0.16:
                fields.append((name, nonsense.value(self.random, name.decode("utf-8", "replace"))))
            elif dice < 0.19 and re.search(rb"-\d+-", name):
                rows = range(self.random.choice((30, 500)))
                fields += [(re.sub(rb"-\d+-", b"-%d-" % row, name), text) for row in rows]
            elif isinstance(text, Sent):
                fields[at] = (name, self.random.choice(nonsense.FILES))
            elif name == b"version" and text.isdigit() and dice < 0.6:
                fields[at] = (name, str(int(text) + self.random.choice((-1, 1, 2**31))).encode())
            else:
                fields[at] = (name, nonsense.value(self.random, name.decode("utf-8", "replace")))

    def _dress(self, made: Request) -> Request:
        """Headers that no honest browser sends, or that htmx does."""
        chosen = self.random.sample(nonsense.HEADERS, self.random.choice((1, 1, 2, 4)))
        headers = tuple((name, self.random.choice(values)) for name, values in chosen)
        return Request(
            made.who, made.method, made.path, made.query, (*made.headers, *headers), made.body,
            made.content_type,
        )  # fmt: skip

    def _body(self, fields: list[tuple[bytes, bytes | Sent]], *, multipart: bool) -> dict[str, Any]:
        if not multipart and self.random.random() < 0.95:
            pairs = [self._pair(name, text) for name, text in fields if isinstance(text, bytes)]
            return {"body": b"&".join(pairs), "content_type": "application/x-www-form-urlencoded"}
        body = b"".join(_part(name, text) for name, text in fields) + b"--" + BOUNDARY + b"--\r\n"
        if self.random.random() < 0.05:
            body = body[: self.random.randrange(len(body))]
        return {
            "body": body,
            "content_type": f"multipart/form-data; boundary={BOUNDARY.decode()}",
        }

    @staticmethod
    def _quoted(text: bytes) -> bytes:
        return text if text.startswith(b"%") else quote_from_bytes(text[:20_000]).encode()

    def _pair(self, name: bytes, text: bytes) -> bytes:
        return quote_from_bytes(name).encode() + b"=" + quote_from_bytes(text).encode()

    # ── Sending and judging ───────────────────────────────────────────────────────────────────────

    def send(self, request: Request) -> TestResponse | None:
        """Send it and look at the answer."""
        self.number += 1
        self.alarms.heard.clear()
        client = self.clients.get(request.who)
        if client is None:
            self._sign_in(request.who)
            client = self.clients[request.who]
        try:
            answer = client.open(
                "/",
                method=request.method,
                headers=list(request.headers),
                data=request.body or None,
                content_type=request.content_type or None,
                environ_overrides={
                    "PATH_INFO": request.path.decode("latin-1"),
                    "QUERY_STRING": request.query.decode("latin-1"),
                    "REQUEST_URI": "",
                    "RAW_URI": "",
                },
            )
        except Exception as error:  # noqa: BLE001 (whatever escapes is what is looked for)
            where = traceback.extract_tb(error.__traceback__)
            ours = [
                f"{at.filename.rpartition('portal/')[2]}:{at.lineno}"
                for at in where
                if "/portal/" in at.filename
            ]
            key = f"{type(error).__name__} at {ours[-1] if ours else where[-1]}"
            self._fail(key, request, "".join(traceback.format_exception(error)[-14:]))
            return None
        self._judge(request, answer)
        return answer

    def _fail(self, key: str, request: Request, what: str) -> None:
        self.failures.setdefault(key, Failure(self.number, request, what))

    def _judge(self, request: Request, answer: TestResponse) -> None:
        endpoint = (answer.request.environ.get("werkzeug.request") and "") or self._endpoint(
            request
        )
        place = f"{request.method} {endpoint}"
        first = (endpoint, answer.status_code) not in self.answers
        self.answers[endpoint, answer.status_code] += 1
        data = answer.get_data()
        if answer.status_code >= 500:
            self._fail(f"{answer.status_code} {place}", request, "\n".join(self.alarms.heard))
        elif self.alarms.heard:
            self._fail(f"logged an error: {place}", request, "\n".join(self.alarms.heard))
        for telltale in (*TELLTALES, nonsense.PRODUCT):
            if telltale in data and endpoint != "static":
                self._fail(f"{telltale!r} on {place}", request, data[:300].decode(errors="replace"))
        html = answer.mimetype == "text/html"
        if html and nonsense.RAW_MARKUP in data:
            self._fail(f"unescaped markup: {place}", request, answer.get_data(as_text=True)[:300])
        self._judge_headers(request, answer, place)
        if endpoint != "static":
            text = data.decode("utf-8", "replace") + str(answer.headers)
            asked = f"{request.path!r}{request.query!r}{request.body!r}"
            for leak in self.truth.leaks(request.who, text, asked):
                self._fail(f"{request.who} learns of {leak} by {place}", request, text[:2000])
        if html and (first or self.number % 50 == 0):
            try:
                check_response(answer)
            except AssertionError as wrong:
                self._fail(f"page of {place} {answer.status_code}", request, str(wrong)[:2000])
        if html and answer.status_code in (200, 409, 422):
            self._learn(request, answer, first)

    def _judge_headers(self, request: Request, answer: TestResponse, place: str) -> None:
        for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url"):
            target = answer.headers.get(name)
            parts = urlsplit(target) if target else None
            if parts and (parts.netloc or parts.scheme) and parts.netloc != "localhost":
                self._fail(f"{name} leads away: {place}", request, str(target))
        if "Set-Cookie" in answer.headers and "a=b" in answer.headers["Set-Cookie"]:
            self._fail(f"a header was smuggled in: {place}", request, str(answer.headers))

    def _endpoint(self, request: Request) -> str:
        adapter = self.app.url_map.bind("localhost")
        try:
            rule, _ = adapter.match(request.path.decode("utf-8", "replace"), method=request.method)
        except Exception:  # noqa: BLE001 (no such page)
            return "nowhere"
        return str(rule)

    def _learn(self, request: Request, answer: TestResponse, first: bool) -> None:
        """Keep the token, and now and then the forms and links, of a page."""
        text = answer.get_data(as_text=True)
        found = pages.TOKEN.search(text)
        if found:
            self.tokens[request.who] = found[1]
        if not first and self.random.random() > 0.15:
            return
        forms, links = pages.read(text)
        for form in forms:
            if form.action.startswith("/"):
                self.forms[request.who, form.shape] = (request.who, form)
        if links:
            kept = self.links.setdefault(request.who, [])
            kept += links
            del kept[:-300]


def _part(name: bytes, text: bytes | Sent) -> bytes:
    head = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="' + name + b'"'
    if isinstance(text, bytes):
        return head + b"\r\n\r\n" + text + b"\r\n"
    head += b'; filename="' + encoded(text.name) + b'"\r\nContent-Type: ' + encoded(text.claims)
    return head + b"\r\n\r\n" + text.data + b"\r\n"
