"""Who sees waivers and signals, and what narrows them, as portal_app under row-level security."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask

from portal.core.context import Actor
from portal.oversight.queries import signals, waivers
from portal.oversight.types import SignalFilter, WaiverFilter
from tests.support.province import Province, insert

Acting = Callable[[Actor | None], AbstractContextManager[None]]


def a_signal(province: Province, files: list[int], years: list[int], kind: str) -> int:
    return insert(
        province.connection,
        "signal",
        kind=kind,
        key="-".join(map(str, files)),
        tenant_ids=json.dumps([province.tenants["hoi-an"]]),
        facts=json.dumps({"files": files, "years": years}),
        created_at="now",
    )


@pytest.mark.parametrize("who", ["focal_officer", "inspector"])
def test_the_focal_point_and_the_inspector_narrow_signals(
    app: Flask, province: Province, acting: Acting, who: str
) -> None:
    first = a_signal(province, [7, 8], [2025, 2026], "split-trip")
    second = a_signal(province, [9], [2026], "one-inviter")
    asked = {
        SignalFilter(): [second, first],
        SignalFilter(kind="split-trip"): [first],
        SignalFilter(year=2025): [first],
        SignalFilter(files=(8, 11)): [first],
        SignalFilter(tenant_id=province.tenants["nam-giang"]): [],
        SignalFilter(tenant_id=province.tenants["hoi-an"], settled=False): [second, first],
        SignalFilter(settled=True): [],
    }
    with app.app_context(), acting(province[who]):
        for wanted, found in asked.items():
            assert [row.id for row in signals(wanted)] == found, wanted
        assert [row.id for row in signals(SignalFilter(), limit=1)] == [second]
        assert [row.id for row in signals(SignalFilter(), before=second)] == [first]


@pytest.mark.parametrize(
    "who", ["officer", "head", "police", "chair", "chair_officer", "committee", "administrator"]
)
def test_nobody_else_is_shown_a_signal_by_the_database(
    app: Flask, province: Province, acting: Acting, who: str
) -> None:
    a_signal(province, [7, 8], [2026], "split-trip")
    with app.app_context(), acting(province[who]):
        assert signals(SignalFilter()) == []


def test_waivers_are_narrowed_by_grantor_agency_rule_and_year(
    app: Flask, province: Province, acting: Acting
) -> None:
    file = province.activity("hoi-an", state="approved", submitted_on=date(2026, 3, 2))
    waiver = insert(
        province.connection,
        "waiver",
        tenant_id=province.tenants["hoi-an"],
        activity_id=file,
        rule="outbound.leader-trips",
        by="standing-committee",
        document_no="9-TB/TU",
        document_date=date(2026, 3, 10),
        reason="việc của tỉnh",
        created_at="now",
    )
    fitting = [
        WaiverFilter(),
        WaiverFilter(by="standing-committee", rule="outbound.leader-trips", year=2026),
        WaiverFilter(tenant_id=province.tenants["hoi-an"], files=(file,)),
    ]
    other = [
        WaiverFilter(by="chair"),
        WaiverFilter(year=2025),
        WaiverFilter(rule="outbound.size"),
        WaiverFilter(tenant_id=province.tenants["nam-giang"]),
        WaiverFilter(files=()),
    ]
    with app.app_context(), acting(province["inspector"]):
        assert [[row.id for row in waivers(wanted)] for wanted in fitting] == [[waiver]] * 3
        assert [waivers(wanted) for wanted in other] == [[]] * 5
    with app.app_context(), acting(province["outsider"]):
        assert waivers(WaiverFilter()) == []
