"""The demo's data files: real units, invented people, accounts that one can type."""

from __future__ import annotations

import json
import re
from collections import Counter

from click.testing import CliRunner

from portal.access.roles import Role, grantable
from portal.cli_demo import demo
from portal.demo import data, papers
from portal.demo.people import PASSWORD, SECOND_UNIT, STAND_IN, TOUR, account, accounts, people
from portal.identity.models import ManagedBy
from portal.identity.passwords import objection_to
from portal.identity.types import FieldOfWork
from portal.tenancy.codes import normalised
from portal.tenancy.models import TenantKind


def test_units_have_both_names_and_codes_of_their_own() -> None:
    units = data.units()
    assert {unit.kind for unit in units} <= set(TenantKind)
    for names in ([unit.vi for unit in units], [unit.en for unit in units]):
        assert len(set(names)) == len(names)
    assert len({unit.code for unit in units}) == len(units)
    assert all(normalised(unit.alias) == unit.code == normalised(unit.code) for unit in units)


def test_about_400_people_with_names_of_their_own_work_in_the_units() -> None:
    names = [person.full_name for person in people()]
    assert 380 <= len(names) <= 450
    assert len(set(names)) == len(names)
    assert {person.post.managed for person in people()} == set(ManagedBy)
    assert any(person.post.sensitive for person in people())
    counted = Counter(person.honorific for person in people())
    assert counted["ông"] > counted["bà"] > 100


def test_user_names_can_be_typed_on_any_keyboard() -> None:
    names = [one.username for one in accounts()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9.]{3,24}", name) for name in names)


def test_roles_are_given_where_they_may_be_given() -> None:
    holds = {unit.slug: unit.holds for unit in data.units()}
    for one in accounts():
        assert all(grantable(Role(role), holds[one.unit]) for role in one.roles), one.username


def test_a_small_unit_that_reviews_nothing_has_no_reviewer() -> None:
    without = {unit.slug for unit in data.units() if not unit.review}
    assert len(without) > 15
    assert not [one for one in accounts() if one.unit in without and "reviewer" in one.roles]


def test_the_tour_has_whoever_it_needs() -> None:
    held = [role for name in TOUR for role in account(name).roles]
    assert set(held) >= {"officer", "reviewer", "head", "focal-officer", "focal-head",
                         "police-officer", "chair"}  # fmt: skip
    assert accounts()[: len(TOUR)] == tuple(account(name) for name in TOUR)


def test_the_password_could_be_anybodys() -> None:
    assert objection_to(PASSWORD, username="hoian.cb") is None


def test_the_accounts_are_listed_for_programs_too() -> None:
    said = CliRunner().invoke(demo, ["accounts", "--json"])
    listed = json.loads(said.output)
    assert [one["username"] for one in listed[: len(TOUR)]] == list(TOUR)
    assert all(one.keys() >= {"tenant", "roles", "name", "username", "password"} for one in listed)
    assert len(listed) == len(accounts())


def test_the_accounts_are_listed_for_people_with_the_password_once() -> None:
    said = CliRunner().invoke(demo, ["accounts"]).output
    assert said.count(PASSWORD) == 1
    assert all(name in said for name in TOUR)
    assert max(len(line) for line in said.splitlines()) <= 100


def test_accounts_that_are_named_exist() -> None:
    for name in (*SECOND_UNIT, *STAND_IN):
        assert account(name).username == name


def test_themes_have_known_fields_and_every_unit_has_known_themes() -> None:
    themes = data.themes()
    assert {theme.field for theme in themes.values()} <= set(FieldOfWork)
    assert {name for unit in data.units() for name in unit.themes} <= set(themes)


def test_a_letter_of_invitation_is_a_pdf() -> None:
    letter = papers.invitation(data.themes()["twin"].to[0])
    assert letter.startswith(b"%PDF-1.4")
    start = int(letter.rsplit(b"startxref\n", 1)[1].split()[0])
    assert letter[start:].startswith(b"xref")
    for number, line in enumerate(letter[start:].split(b"\n")[3:9], start=1):
        place = int(line.split()[0])
        assert letter[place:].startswith(b"%d 0 obj" % number)
