"""Looks at every answer: what may never stand in one, whoever asked and whatever was sent."""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.test import TestResponse

from tests.generative import nonsense
from tests.generative.sending import Request
from tests.generative.truth import Truth
from tests.support.pages import check_response

TELLTALES: Final = (
    b"Traceback (most recent",
    b"psycopg.",
    b"sqlalchemy.",
    b"jinja2.",
    b"werkzeug.exc",
    nonsense.PRODUCT,
)
LEADING: Final = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url")
READ_EVERY: Final = 150
"""A page of a kind that was seen before is read by the validator only so often."""


@dataclass(slots=True)
class Failure:
    """A broken promise, told once for each place where it is broken."""

    number: int
    request: Request
    what: str


class Alarms(logging.Handler):
    """Whatever the portal logs as an error is one, also behind a polite page."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@dataclass(slots=True)
class Judge:
    """Counts answers and keeps what was wrong with them."""

    app: Flask
    truth: Truth
    failures: dict[str, Failure] = field(default_factory=dict)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    alarms: Alarms = field(default_factory=Alarms)
    number: int = 0
    map: MapAdapter = field(init=False)

    def __post_init__(self) -> None:
        self.map = self.app.url_map.bind("localhost")

    def begin(self) -> None:
        """The next request is about to be sent."""
        self.number += 1
        self.alarms.heard.clear()

    def fail(self, key: str, request: Request, what: str) -> None:
        """Keep the first finding of its kind."""
        self.failures.setdefault(key, Failure(self.number, request, what))

    def escaped(self, request: Request, error: Exception) -> None:
        """Something came out of the application instead of an answer."""
        where = traceback.extract_tb(error.__traceback__)
        ours = [
            f"{at.filename.rpartition('portal/')[2]}:{at.lineno}"
            for at in where
            if "/portal/" in at.filename
        ]
        key = f"{type(error).__name__} at {ours[-1] if ours else where[-1]}"
        self.fail(key, request, "".join(traceback.format_exception(error)[-14:]))

    def judge(self, request: Request, answer: TestResponse, readers: list[str]) -> bool:
        """Look at it; `readers` are those whose eyes it is for. True: a page of a new kind."""
        endpoint = self.endpoint(request)
        place = f"{request.method} {endpoint}"
        first = (place, answer.status_code) not in self.answers
        self.answers[place, answer.status_code] += 1
        if answer.status_code >= 500:
            self.fail(f"{answer.status_code} {place}", request, "\n".join(self.alarms.heard))
        elif self.alarms.heard:
            self.fail(f"logged an error: {place}", request, "\n".join(self.alarms.heard))
        self._look_at_headers(request, answer, place)
        if endpoint == "static":
            return False
        self._look_at_text(request, answer, place)
        text = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
        for leak in self.truth.leaks(readers, text, request.asked):
            self.fail(f"{request.who} learns of {leak} by {place}", request, text[:3000])
        if answer.mimetype == "text/html" and (first or self.number % READ_EVERY == 0):
            try:
                check_response(answer)
            except AssertionError as wrong:
                self.fail(f"page of {place} {answer.status_code}", request, str(wrong)[:2000])
        return first

    def endpoint(self, request: Request) -> str:
        """The route that this request means, whatever the guards made of it."""
        try:
            return self.map.match(request.path.decode("utf-8", "replace"), request.method)[0]
        except RequestRedirect:
            return "elsewhere"
        except HTTPException:
            return "nowhere"

    def _look_at_text(self, request: Request, answer: TestResponse, place: str) -> None:
        data = answer.get_data()
        for telltale in TELLTALES:
            if telltale in data:
                self.fail(f"{telltale!r} on {place}", request, data[:300].decode(errors="replace"))
        if answer.mimetype == "text/html" and nonsense.RAW_MARKUP in data:
            self.fail(f"unescaped markup: {place}", request, data[:300].decode(errors="replace"))

    def _look_at_headers(self, request: Request, answer: TestResponse, place: str) -> None:
        for name in LEADING:
            target = answer.headers.get(name)
            parts = urlsplit(target) if target else None
            if parts and (parts.netloc or parts.scheme) and parts.netloc != "localhost":
                self.fail(f"{name} leads away: {place}", request, str(target))
        if "a=b" in answer.headers.get("Set-Cookie", ""):
            self.fail(f"a header was smuggled in: {place}", request, str(answer.headers))
