"""Makes requests: any route, any link, any form, each more or less foolish."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

from werkzeug.routing import Rule

from portal.activities.words import ACTIONS
from tests.generative import nonsense
from tests.generative.nonsense import Sent, encoded
from tests.generative.pages import Field, Form
from tests.generative.sending import (
    MULTIPART,
    URLENCODED,
    Fields,
    Request,
    as_parts,
    as_query,
    quoted,
)
from tests.support.browsers import PASSWORD

AMENDMENT: Final = (
    "submit-amendment", "withdraw-amendment", "settle-amendment", "appraise-amendment",
    "approve-amendment", "refuse-amendment",
)  # fmt: skip
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "action": (*ACTIONS, *AMENDMENT),
    "rule": ("outbound.leader-trips", "any.x", "outbound.lead-time", "%", "outbound.overlap"),
    "what": ("agencies", "countries"),
    "filename": ("css/portal.css", "js/portal.js", "../portal/config.py"),
}
"""What fits the parts of an address that are words."""
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
    "current": PASSWORD,
    "wanted": "một mật khẩu khác hẳn",
    "repeated": "một mật khẩu khác hẳn",
}
"""What a form wants to hear."""
ASKED: Final = (
    b"q", b"after", b"before", b"month", b"file", b"year", b"agency", b"member", b"view",
    b"people_query", b"state", b"country", b"since", b"until", b"order", b"next", b"leader",
)  # fmt: skip
"""What addresses are asked with."""
ROW: Final = re.compile(rb"-\d+-")


@dataclass(slots=True)
class Maker:
    """Draws requests from one generator; `tokens` and `ids` are kept fresh by who walks."""

    random: Random
    rules: list[Rule]
    tokens: dict[str | None, str] = field(default_factory=dict)
    ids: dict[str, list[int]] = field(default_factory=dict)
    forms: dict[tuple[str | None, Any], Form] = field(default_factory=dict)
    links: dict[str | None, dict[str, list[str]]] = field(default_factory=dict)

    def any(self, who: str | None) -> Request:
        """Whatever comes to mind."""
        dice = self.random.random()
        if dice < 0.5 and self.forms:
            made = self.filled(who, self._any_form(who), spoilt=self.random.random() < 0.6)
        elif dice < 0.62 and self.links.get(who):
            kind = self.random.choice(list(self.links[who].values()))
            made = self.follow(who, self.random.choice(kind), spoilt=self.random.random() < 0.6)
        else:
            made = self._knock(who)
        return self._dress(made) if self.random.random() < 0.2 else made

    def open(self, who: str | None, rule: Rule) -> Request:
        """A page as it is meant to be opened, of one's own or of somebody else's thing."""
        return Request(who, "GET", self._path(rule, foolish=False))

    def post(self, who: str | None, rule: Rule) -> Request:
        """A route that is posted to, with the right token and any fields."""
        body, kind = self._body(self._any_fields(who), multipart=False, foolish=False)
        return Request(who, "POST", self._path(rule, foolish=False), body=body, content_type=kind)

    def filled(self, who: str | None, form: Form, *, spoilt: bool) -> Request:
        """A form as somebody fills it: sane, or with a few fields of nonsense."""
        fields = self._answers(who, form, sane=not spoilt)
        parts = urlsplit(form.action)
        path, query = parts.path.encode(), parts.query.encode()
        if spoilt:
            self._spoil(fields)
            if self.random.random() < 0.15:
                path = re.sub(rb"\d+", self._another, path)
        if form.method == "GET":
            return Request(who, "GET", path, as_query(fields))
        body, kind = self._body(fields, multipart=form.multipart, foolish=spoilt)
        return Request(who, form.method, path, query, (), body, kind)

    # ── Addresses ─────────────────────────────────────────────────────────────────────────────────

    def _path(self, rule: Rule, *, foolish: bool) -> bytes:
        def argument(match: re.Match[str]) -> str:
            kind, _, name = match[1].rpartition(":")
            whole = kind == "int"
            if foolish and self.random.random() < 0.3:
                text = nonsense.value(self.random, "id" if whole else "")[:3000]
                return text.decode("latin-1")
            if whole:
                return str(self.random.choice(self.ids.get(name) or [1]))
            return self.random.choice(CHOICES.get(name, ("x",)))

        return re.sub(r"<([^>]+)>", argument, rule.rule).encode("latin-1")

    def _another(self, _id: re.Match[bytes]) -> bytes:
        return str(self.random.choice(self.ids["activity_id"])).encode()

    def _knock(self, who: str | None) -> Request:
        """Any route, any method, any query, any body."""
        rule = self.random.choice(self.rules)
        declared = sorted(rule.methods or {"GET"})
        method = self.random.choice(declared if self.random.random() < 0.8 else nonsense.METHODS)
        query = b"&".join(
            self.random.choice(ASKED) + b"=" + quoted(nonsense.value(self.random, "after"))
            for _ in range(self.random.choice((0, 0, 1, 1, 2, 5)))
        )
        path = self._path(rule, foolish=True)
        if method == "GET":
            return Request(who, method, path, query)
        if self.random.random() < 0.4:
            body, kind = self.random.choice(nonsense.BODIES), self.random.choice(nonsense.TYPES)
            headers = (("X-CSRFToken", self.tokens.get(who, "")),)
            return Request(who, method, path, query, headers, body, kind)
        body, kind = self._body(self._any_fields(who), multipart=False, foolish=True)
        return Request(who, method, path, query, (), body, kind)

    def follow(self, who: str | None, link: str, *, spoilt: bool) -> Request:
        """A link of a page; spoilt: one value of its query is."""
        parts = urlsplit(link)
        query = parts.query.encode()
        if query and spoilt:
            pairs = query.split(b"&")
            at = self.random.randrange(len(pairs))
            name = pairs[at].partition(b"=")[0]
            pairs[at] = name + b"=" + quoted(self._nonsense_for(name))
            query = b"&".join(pairs)
        return Request(who, "GET", parts.path.encode(), query)

    def _dress(self, made: Request) -> Request:
        """Headers that no honest browser sends, or that htmx does."""
        chosen = self.random.sample(nonsense.HEADERS, self.random.choice((1, 1, 2, 4)))
        headers = tuple((name, self.random.choice(values)) for name, values in chosen)
        return replace(made, headers=(*made.headers, *headers))

    # ── Forms ─────────────────────────────────────────────────────────────────────────────────────

    def _any_form(self, who: str | None) -> Form:
        """Mostly one's own. The door out stands on every page and is taken seldom."""
        own = [form for (owner, _), form in self.forms.items() if owner == who]
        if not own or self.random.random() < 0.25:
            own = list(self.forms.values())
        form = self.random.choice(own)
        if form.action == "/sign-out" and self.random.random() < 0.8:
            form = self.random.choice(own)
        return form

    def _any_fields(self, who: str | None) -> Fields:
        fields: Fields = [(b"csrf_token", self.tokens.get(who, "").encode())]
        known = sorted({one.name for form in self.forms.values() for one in form.fields})
        chosen = self.random.sample(known, min(len(known), self.random.randrange(6)))
        fields += [
            (encoded(name), nonsense.value(self.random, name))
            for name in chosen
            if name != "csrf_token"
        ]
        return fields

    def _answers(self, who: str | None, form: Form, *, sane: bool) -> Fields:
        """At most one button, every field with what it holds, may hold or should hold."""
        buttons = [one for one in form.fields if one.kind in ("submit", "button")]
        pressed = self.random.choice(buttons) if buttons and self.random.random() < 0.7 else None
        fields: Fields = []
        for one in form.fields:
            if one.name == "csrf_token":
                fields.append((b"csrf_token", self.tokens.get(who, "").encode()))
            elif one not in buttons or one is pressed:
                fields += [(encoded(one.name), text) for text in self._answer(one, sane=sane)]
        return fields

    def _answer(self, one: Field, *, sane: bool) -> list[bytes | Sent]:
        if one.kind == "file":
            chosen = self.random.choice(nonsense.FILES[:4] if sane else nonsense.FILES)
            return [chosen] if sane or self.random.random() < 0.5 else []
        if one.kind == "checkbox":
            return [encoded(one.value or "on")] if self.random.random() < 0.6 else []
        if one.kind in ("submit", "button"):
            return [encoded(self.random.choice(one.choices))]
        if one.choices and (not one.value or self.random.random() < 0.3):
            some = [choice for choice in one.choices if choice] if sane else one.choices
            return [encoded(self.random.choice(some or one.choices))]
        usual = "07/09/2026" if "date" in one.name or one.name.endswith("_on") else "hai bên"
        wanted = SANE.get(one.name, usual if one.required else "")
        return [encoded(one.value or wanted)]

    def _spoil(self, fields: Fields) -> None:
        """Bad values, missing and repeated fields, foreign tokens, five hundred rows."""
        for _ in range(self.random.choice((1, 1, 1, 2, 4))):
            if not fields:
                return
            at = self.random.randrange(len(fields))
            if fields[at][0] == b"csrf_token" and self.random.random() < 0.7:
                continue
            self._blow()(fields, at)

    def _blow(self) -> Callable[[Fields, int], None]:
        dice = self.random.random()
        if dice < 0.08:
            return _lose
        if dice < 0.16:
            return self._repeat
        return self._multiply if dice < 0.19 else self._replace

    def _repeat(self, fields: Fields, at: int) -> None:
        fields.append((fields[at][0], self._nonsense_for(fields[at][0])))

    def _multiply(self, fields: Fields, at: int) -> None:
        name, text = fields[at]
        if ROW.search(name):
            rows = range(self.random.choice((30, 500)))
            fields += [(ROW.sub(b"-%d-" % row, name), text) for row in rows]

    def _replace(self, fields: Fields, at: int) -> None:
        name, text = fields[at]
        if isinstance(text, Sent):
            fields[at] = (name, self.random.choice(nonsense.FILES))
        elif name == b"version" and text.isdigit() and self.random.random() < 0.5:
            fields[at] = (name, str(int(text) + self.random.choice((-1, 1, 2**31))).encode())
        else:
            fields[at] = (name, self._nonsense_for(name))

    def _nonsense_for(self, name: bytes) -> bytes:
        return nonsense.value(self.random, name.decode("utf-8", "replace"))

    def _body(self, fields: Fields, *, multipart: bool, foolish: bool) -> tuple[bytes, str]:
        if not multipart and not (foolish and self.random.random() < 0.05):
            return as_query(fields), URLENCODED
        body = as_parts(fields)
        if foolish and self.random.random() < 0.05:
            body = body[: self.random.randrange(len(body))]
        return body, MULTIPART


def _lose(fields: Fields, at: int) -> None:
    del fields[at]
