"""A visitor of the portal who signs in as everybody and sends what nobody should.

Everything is drawn from one seeded random generator: the same seed on the same code sends the same
requests, and a failure names seed and number.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access.declarations import access_of
from portal.extensions import redis
from portal.identity.sessions import digest
from tests.generative import pages
from tests.generative.judge import Judge
from tests.generative.maker import Maker
from tests.generative.pages import Form
from tests.generative.sending import Request
from tests.generative.truth import Truth
from tests.generative.world import World
from tests.support.browsers import PASSWORD, give_passwords
from tests.support.pages import no_write_left_open

MEND_EVERY: Final = 400
"""Requests after which everybody is put back into office."""
LEARN: Final = 0.15
"""How often a page of a kind that was seen before is read for its forms and links."""
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
    "token_id": "api_token",
}
"""Whose keys an address carries, by the name that the route gives them."""
SETTLES: Final = ("/admin/", "/stand-ins")
"""Where offices are given and taken."""
FRAME: Final = frozenset({"/sign-out", "/language", "/notices/read"})
"""Forms that stand on every page."""


@dataclass(slots=True)
class Walker:
    """Walks; `judge` tells what was found, `ran` which views really worked."""

    world: World
    app: Flask
    random: Random
    judge: Judge = field(init=False)
    make: Maker = field(init=False)
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)
    ran: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(method, endpoint) → how often the view was called: nobody had turned the request away."""
    met: set[Any] = field(default_factory=set)
    """Shapes of forms and links that somebody has met."""
    fresh: deque[tuple[str | None, Form | str]] = field(default_factory=deque)
    """Forms and links of a shape that is new to this person: used once as they are meant."""
    keys: dict[str, str] = field(default_factory=dict)
    """The cookie with which somebody signed in."""
    last: Request | None = None

    def __post_init__(self) -> None:
        rules = sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
        self.judge = Judge(self.app, Truth(self.world))
        self.make = Maker(self.random, rules)

    # ── The walk ──────────────────────────────────────────────────────────────────────────────────

    def walk(self, requests: int) -> None:
        """A round through every door, then nonsense until so many requests are sent, and a tenth
        more for what the last of them met.
        """
        people = [None, *self.world.province.users]
        most = requests + requests // 10
        with self._watched():
            self._mend()
            for who in people:
                self._sign_in(who)
            for who in people:
                self._look_round(who)
            while self.judge.number < (most if self.fresh else requests):
                if self.judge.number % MEND_EVERY == 0:
                    self._mend()
                self._send_next(self.random.choice(people))

    def _send_next(self, who: str | None) -> None:
        if self.fresh:
            self._try_new(*self.fresh.popleft())
        elif self.last is not None and self.random.random() < 0.03:
            self.send(self.last)  # a double click
        else:
            self.last = self.make.any(who)
            self.send(self.last)

    def _try_new(self, who: str | None, thing: Form | str) -> None:
        if isinstance(thing, str):
            self.send(self.make.follow(who, thing, spoilt=False))
            return
        self.send(self.make.filled(who, thing, spoilt=False))

    def _look_round(self, who: str | None) -> None:
        """Open every page once as it is meant to be opened, and knock where one is let in."""
        for rule in self.make.rules:
            methods = rule.methods or set()
            if "GET" in methods:
                self.send(self.make.open(who, rule))
            if "POST" in methods and self._admitted(who, rule.endpoint):
                self.send(self.make.post(who, rule))

    def _admitted(self, who: str | None, endpoint: str) -> bool:
        access = access_of(self.app.view_functions[endpoint])
        if who is None or access is None:
            return True
        return access.admits(self.world.province[who].permissions)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Hear what the portal logs, note which views are called, look for open transactions."""

        def note() -> None:
            self.ran[request.method, str(request.endpoint)] += 1

        hooks = self.app.before_request_funcs[None]
        logger = logging.getLogger("portal")
        logger.addHandler(self.judge.alarms)
        hooks.append(note)
        try:
            with no_write_left_open(self.app):
                yield
        finally:
            hooks.remove(note)
            logger.removeHandler(self.judge.alarms)

    # ── The cast ──────────────────────────────────────────────────────────────────────────────────

    def _mend(self) -> None:
        """Put the cast back into its offices: somebody has been dismissed meanwhile."""
        mine = [list(self.world.memberships)]
        execute = self.world.connection.execute
        execute("UPDATE membership SET revoked_at = NULL, valid_to = NULL WHERE id = ANY(%s)", mine)
        execute("UPDATE membership SET revoked_at = now() WHERE NOT id = ANY(%s)", mine)
        give_passwords(self.world.connection)
        self.make.ids = {name: self.world.ids(table) for name, table in TABLES.items()}
        self.judge.truth.forget()

    def _sign_in(self, who: str | None) -> None:
        """A browser of this person, whatever became of their session, password and account."""
        self.clients[who] = client = FlaskClient(self.app, TestResponse, use_cookies=True)
        if who is None:
            self._read(who, client.get("/sign-in"), thoroughly=False)
            return
        self.world.connection.execute(
            "UPDATE user_account SET active = true, one_time_password = false WHERE username = %s",
            [who],
        )
        if who in self.keys:
            self._revive(client, who)
            return
        with self.app.app_context():
            redis().flushdb()
        found = pages.TOKEN.search(client.get("/sign-in").get_data(as_text=True))
        assert found, "the door has no form"
        data = {"username": who, "password": PASSWORD, "csrf_token": found[1]}
        answer = client.post("/sign-in", data=data)
        assert answer.status_code == 303, f"{who} cannot sign in: {answer.status_code}"
        self._read(who, client.get("/notices"), thoroughly=False)
        cookie = client.get_cookie(self.cookie)
        assert cookie is not None
        self.keys[who] = cookie.decoded_value

    def _revive(self, client: FlaskClient, who: str) -> None:
        """Signing in again costs a tenth of a second of hashing: open the first session anew."""
        client.set_cookie(self.cookie, self.keys[who])
        self.world.connection.execute(
            "UPDATE user_session SET revoked_at = NULL WHERE token_hash = %s",
            [digest(self._token(client) or "")],
        )

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        return str(self.app.config["SESSION_COOKIE_NAME"])

    def _token(self, client: FlaskClient) -> str | None:
        cookie = client.get_cookie(self.cookie)
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return signer.loads(cookie.decoded_value).get("_user_id") if cookie else None

    def _owner(self, token: str | None) -> str | None:
        """Whose browser this is in truth: who owns the open session of the token."""
        if token is None:
            return None
        found = self.world.rows(
            "SELECT u.username FROM user_session s JOIN user_account u ON u.id = s.user_id"
            " WHERE s.token_hash = %(hash)s AND s.revoked_at IS NULL AND u.active",
            hash=digest(token),
        )
        return found[0][0] if found else None

    # ── Sending ───────────────────────────────────────────────────────────────────────────────────

    def send(self, sent: Request) -> None:
        """Send it as the person it belongs to and have the answer judged."""
        client, before = self._browser(sent.who)
        self.judge.begin()
        try:
            answer = self._open(client, sent)
        except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
            self.judge.escaped(sent, error)
            return
        after = self._token(client)
        readers = [sent.who] if sent.who is not None else []
        if after not in (before, None):
            readers += self._arrived(sent, self._owner(after))
        if sent.method == "POST" and sent.path.decode("latin-1").startswith(SETTLES):
            self.judge.truth.forget()
        first = self.judge.judge(sent, answer, readers)
        if answer.mimetype == "text/html" and answer.status_code in (200, 409, 422):
            self._read(sent.who, answer, thoroughly=first)

    def _browser(self, who: str | None) -> tuple[FlaskClient, str | None]:
        """The browser of this person, signed in as nobody else, and its token."""
        if who in self.clients:
            token = self._token(self.clients[who])
            if self._owner(token) == who:
                return self.clients[who], token
        self._sign_in(who)
        return self.clients[who], self._token(self.clients[who])

    @staticmethod
    def _open(client: FlaskClient, sent: Request) -> TestResponse:
        return client.open(
            "/",
            method=sent.method,
            headers=list(sent.headers),
            data=sent.body or None,
            content_type=sent.content_type or None,
            buffered=True,  # read to its end and closed
            environ_overrides={
                "PATH_INFO": sent.path.decode("latin-1"),
                "QUERY_STRING": sent.query.decode("latin-1"),
                "REQUEST_URI": "",
                "RAW_URI": "",
            },
        )

    def _arrived(self, sent: Request, owner: str | None) -> list[str]:
        """Nobody becomes somebody but by that person's password, sent to the door."""
        if owner is None:
            return []
        knew = any(word.encode() in sent.body for word in (PASSWORD, quote(PASSWORD)))
        if sent.method != "POST" or sent.path != b"/sign-in" or not knew:
            self.judge.fail(f"{sent.who} became {owner} without a password", sent, "")
        return [owner]

    def _read(self, who: str | None, answer: TestResponse, *, thoroughly: bool) -> None:
        """Keep the token, and now and then the forms and links, of a page."""
        text = answer.get_data(as_text=True)
        found = pages.TOKEN.search(text)
        if found:
            self.make.tokens[who] = found[1]
        if not thoroughly and self.random.random() > LEARN:
            return
        forms, links = pages.read(text)
        for form in forms:
            if form.action.startswith("/"):
                self.make.forms[who, form.shape] = form
                self._meet(None if form.action in FRAME else who, form.shape, who, form)
        mine = self.make.links.setdefault(who, {})
        for link in links:
            shape = pages.shape_of(link)
            mine[shape] = [*mine.get(shape, [])[-9:], link]
            self._meet(who, shape, who, link)

    def _meet(self, reader: str | None, shape: Any, who: str | None, thing: Form | str) -> None:
        if (reader, shape) not in self.met:
            self.met.add((reader, shape))
            self.fresh.append((who, thing))
