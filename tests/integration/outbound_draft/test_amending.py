"""The same form writes the version that an amendment asks for; the approved one stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg.types.json import Jsonb

from portal.activities.kinds.outbound.content import Content
from tests.integration.outbound_draft.conftest import DAY, Form
from tests.support.province import Province, insert


def amendment(province: Province, state: str = "draft") -> int:
    file = province.activity(
        "hoi-an", state="approved", submitted_on=DAY, starts_on="2026-12-14", ends_on="2026-12-18"
    )
    content = Content(purpose="giao lưu biên giới", countries=("LA",)).to_json()
    insert(
        province.connection,
        "amendment",
        tenant_id=province.tenants["hoi-an"],
        activity_id=file,
        number=1,
        state=state,
        size="large",
        reason="",
        before=Jsonb(content),
        after=Jsonb(content),
        created_at="now",
    )
    return file


def after(province: Province) -> Any:
    row = province.connection.execute("SELECT after FROM amendment").fetchone()
    assert row is not None
    return row[0]


def test_an_amendment_is_written_beside_the_approved_version(
    signed_in: Callable[[str], Any], province: Province
) -> None:
    file = amendment(province)
    form = Form(signed_in("officer"), file, path="amend").open()
    assert form.values["purpose"] == "giao lưu biên giới"
    form.put(purpose="giao lưu và ký kết", returns="32/12/2026").press("save")
    assert form.values["returns"] == "32/12/2026"
    assert form.put(host_partner="tỉnh Sê Kông").autosave().status_code == 200
    assert after(province)["purpose"] == "giao lưu và ký kết"
    assert after(province)["host_partner"] == "tỉnh Sê Kông"
    assert set(after(province)) == set(Content().to_json())
    stored = province.connection.execute("SELECT purpose FROM outbound").fetchone()
    assert stored == ("giao lưu biên giới",)


def test_two_tabs_of_an_amendment_meet_without_loss(
    signed_in: Callable[[str], Any], province: Province
) -> None:
    file = amendment(province)
    browser = signed_in("officer")
    first = Form(browser, file, path="amend").open()
    second = Form(browser, file, path="amend").open()
    first.put(purpose="một").press("save")
    assert second.put(purpose="hai").press("save", follow=False).status_code == 409


def test_only_an_amendment_being_written_is_edited(
    signed_in: Callable[[str], Any], province: Province
) -> None:
    file = amendment(province, state="submitted")
    assert signed_in("officer").get(f"/outbound/{file}/amend").status_code == 409
    assert signed_in("outsider").get(f"/outbound/{file}/amend").status_code == 404
