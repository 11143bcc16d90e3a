"""Another system of Hội An that asks the compliance service with a token of its head."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from portal.api import tokens
from portal.api.openapi import CHECK, document
from portal.core import clock
from portal.core.context import Actor
from tests.support.province import Province

Acting = Callable[[Actor | None], AbstractContextManager[None]]
Issue = Callable[..., str]


@cache
def conforming(schema: str) -> Draft202012Validator:
    """Validates by a schema of the published document."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{schema}", **document()})


@dataclass(slots=True)
class System:
    """A program with a token; it has no cookies and follows nothing."""

    client: FlaskClient
    secret: str

    def post(self, data: Any = None, **headers: str) -> TestResponse:
        """Send bytes, or anything else as JSON; a header that is empty is not sent."""
        given = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        sent = {name: text for name, text in (given | headers).items() if text}
        if isinstance(data, bytes):
            return self.client.post(CHECK, data=data, headers=sent)
        return self.client.post(CHECK, json=data, headers=sent)

    def ask(self, case: dict[str, Any]) -> dict[str, Any]:
        """The answer to a case that is well formed; it has the published form."""
        answer = self.post(case)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        conforming("Answer").validate(told)
        return told


@pytest.fixture
def issue(app: Flask, province: Province, acting: Acting) -> Issue:
    """`issue("head")`: the secret of a new token of that person's agency."""

    def issued(who: str = "head", name: str = "eOffice", until: date | None = None) -> str:
        with app.app_context(), acting(province[who]):
            return tokens.issue(name, until or clock.today() + timedelta(days=30))

    return issued


@pytest.fixture
def eoffice(app: Flask, issue: Issue) -> System:
    return System(FlaskClient(app, TestResponse), issue())


@pytest.fixture
def case(province: Province) -> dict[str, Any]:
    """Hội An wants to send somebody to Laos in November; nothing is wrong with it."""
    return {
        "case": "Đoàn công tác Lào",
        "as_of": "2026-09-07",
        "province": "quang-nam",
        "agencies": [{"id": "hoi-an", "tenant_id": province.tenants["hoi-an"]}],
        "people": [{"id": "an", "agency": "hoi-an"}],
        "proposal": {
            "id": "VB-12",
            "kind": "outbound",
            "agency": "hoi-an",
            "submitted": "2026-09-07",
            "departs": "2026-11-16",
            "returns": "2026-11-20",
            "countries": ["LA"],
            "members": [{"person": "an", "role": "head"}],
            "purpose": "giao lưu biên giới",
            "host_partner": "huyện Đắc Chưng",
            "content": "hội đàm thường niên",
            "programme": [{"date": "2026-11-17", "item": "hội đàm"}],
            "invitation": {"from": "huyện Đắc Chưng", "date": "2026-08-20"},
            "necessity": "theo thỏa thuận",
            "funding": "state",
            "organiser": "agency",
            "leader_rank": "department",
        },
    }


@pytest.fixture
def travels(province: Province) -> Callable[..., int]:
    """`travels("nam-giang", [person], "2026-03-02")`: a finished trip of an agency; its id."""

    def made(agency: str, people: list[int], departs: str, **facts: Any) -> int:
        back = (date.fromisoformat(departs) + timedelta(days=4)).isoformat()
        plain = {"state": "closed", "submitted_on": "2026-01-12", "passports_returned_on": back}
        days = {"starts_on": departs, "ends_on": back, "reported_on": back}
        activity_id = province.activity(agency, **(plain | days | facts))
        for person in people:
            province.member(activity_id, agency, person)
        return activity_id

    return made
