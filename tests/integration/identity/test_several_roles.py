"""Who holds several roles in an agency entrusts those they choose at once: all of them or none."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from portal.access.permissions import Permission
from tests.integration.identity.conftest import events
from tests.integration.identity.test_offices import choose, employ, opened
from tests.integration.identity.test_stand_ins import day, membership_of, wanted
from tests.support.province import Province


@pytest.fixture
def roles(province: Province) -> list[str]:
    """The head of Hội An reviews too: the memberships, head first."""
    own = str(employ(province, "head", "hoi-an", "reviewer"))
    return [membership_of(province, "head"), own]


def entrusted(province: Province) -> list[tuple[str, str]]:
    """(user name, role) of every appointment."""
    return province.connection.execute(
        "SELECT u.username, m.role FROM stand_in s JOIN user_account u ON u.id = s.user_id"
        " JOIN membership m ON m.id = s.membership_id ORDER BY s.id"
    ).fetchall()


def test_one_document_entrusts_the_head_and_the_reviewer_of_one_person(
    signed_in, app: Flask, province: Province, roles: list[str], superuser: psycopg.Connection
) -> None:
    head = signed_in("head")
    form = wanted(province, "officer", membership_ids=roles)
    assert head.submit("/stand-ins/new", form).status_code == 303
    assert entrusted(province) == [("officer", "head"), ("officer", "reviewer")]
    assert len(events(superuser, "stand_in.appointed")) == 2
    officer = signed_in("officer")
    own, *others = opened(app, officer).offices
    assert own.stand_in_id is None
    assert {one.roles for one in others} == {frozenset({"head"}), frozenset({"reviewer"})}
    for one in others:
        choose(officer, province, "hoi-an", "own", one.stand_in_id or 0)
        actor = opened(app, officer).actor
        assert actor.may(Permission.ACTIVITY_REVIEW) is ("reviewer" in one.roles)
        assert actor.may(Permission.ACTIVITY_SUBMIT) is ("head" in one.roles)
        assert not actor.may(Permission.STAND_IN_APPOINT)


def test_the_form_offers_every_role_of_the_office_and_one_may_be_kept(
    signed_in, province: Province, roles: list[str]
) -> None:
    head = signed_in("head")
    page = head.get("/stand-ins/new").text
    assert page.count('name="membership_ids"') == page.count(" checked>") == 2
    form = wanted(province, "officer", membership_ids=roles[1:])
    assert head.submit("/stand-ins/new", form).status_code == 303
    assert entrusted(province) == [("officer", "reviewer")]


def test_all_are_entrusted_or_none(signed_in, province: Province, roles: list[str]) -> None:
    head = signed_in("head")
    head.submit("/stand-ins/new", wanted(province, "officer", membership_ids=roles[1:]))
    page = head.submit("/stand-ins/new", wanted(province, "officer", membership_ids=roles))
    assert page.status_code == 422
    assert 'href="#user_id"' in page.text
    assert entrusted(province) == [("officer", "reviewer")]


def test_a_role_of_another_agency_of_another_part_or_of_somebody_else_is_not_entrusted_along(
    signed_in, province: Province, roles: list[str]
) -> None:
    abroad = str(employ(province, "head", "nam-giang", "reviewer"))
    focal = str(employ(province, "head", "so-ngoai-vu", "focal-officer"))
    past = str(employ(province, "head", "hoi-an", "clerk", valid_from="2020-01-01",
                      valid_to="2021-01-01"))  # fmt: skip
    for foreign in (abroad, focal, past, membership_of(province, "reviewer"), "x", "9" * 30):
        form = wanted(province, "officer", membership_ids=[*roles, foreign])
        assert signed_in("head").submit("/stand-ins/new", form).status_code == 422, foreign
    assert entrusted(province) == []


def test_at_least_one_role_is_chosen(signed_in, province: Province, roles: list[str]) -> None:
    page = signed_in("head").submit(
        "/stand-ins/new", wanted(province, "officer", membership_ids=[])
    )
    assert page.status_code == 422
    assert 'href="#membership_ids"' in page.text
    assert entrusted(province) == []


def test_the_same_role_twice_is_one_appointment(
    signed_in, province: Province, roles: list[str]
) -> None:
    twice = wanted(province, "officer", membership_ids=[roles[0], roles[0]], valid_to=day(1))
    assert signed_in("head").submit("/stand-ins/new", twice).status_code == 303
    assert entrusted(province) == [("officer", "head")]
