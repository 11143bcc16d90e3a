"""Casbin and row-level security must agree (design.md §4): what either refuses nobody gets.

Compared on every route to a file × everybody of the cast × files of the own and of another agency,
against a third opinion that asks neither of the two (`truth.File.visible_from`).
"""

from __future__ import annotations

import re
from itertools import product
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from portal.access.declarations import access_of
from portal.access.roles import scope_of
from portal.extensions import db
from tests.generative.truth import File, Office
from tests.generative.world import World
from tests.support.browsers import PASSWORD, Browser

READING: Final = ("activities.view", "documents.listed", "verdicts.given")
"""Pages that say yes to whomever both guards let through."""
FILES: Final = "SELECT id, tenant_id, submitted_on IS NOT NULL, police_involved FROM activity"
PARTS: Final = """
    SELECT c.table_name FROM information_schema.columns c
      JOIN pg_class t ON t.relname = c.table_name AND t.relrowsecurity
     WHERE c.column_name = 'activity_id' AND c.table_schema = 'public' ORDER BY 1
"""
OTHERS: Final = {
    "activity_search": "read by a function alone, which asks the same questions",
    "notification": "for its addressee alone",
}
"""Tables that follow another rule than the file they are about → which."""


def office(world: World, who: str) -> Office:
    actor = world.province[who]
    assert actor.tenant_id is not None
    return Office(actor.tenant_id, scope_of(actor.roles))


def stored(world: World) -> dict[int, File]:
    return {row[0]: File(*row[1:]) for row in world.rows(FILES)}


@pytest.mark.slow
def test_row_level_security_shows_each_office_its_files_and_their_parts(
    world: World, app: Flask
) -> None:
    files = stored(world)
    parts = [row[0] for row in world.rows(PARTS) if row[0] not in OTHERS]
    assert {"outbound", "step", "verdict", "waiver", "delegation_member"} <= set(parts)
    wrong: list[str] = []
    for who in world.province.users:
        visible = {id_ for id_, file in files.items() if file.visible_from(office(world, who))}
        with app.app_context(), world.acting(world.province[who]):
            seen = set(db.session.scalars(text("SELECT id FROM activity")))
            wrong += [f"{who}: file {id_}" for id_ in seen ^ visible]
            for part in parts:
                query = f'SELECT activity_id, count(*) FROM "{part}" GROUP BY 1'
                rows = dict(world.rows(query))
                shown = {row[0]: row[1] for row in db.session.execute(text(query))}
                expected = {id_: count for id_, count in rows.items() if id_ in visible}
                if shown != expected:
                    wrong.append(f"{who}: {part} {shown} instead of {expected}")
    assert not wrong, "\n".join(wrong)


def some_files(world: World) -> list[int]:
    """Of each agency one nobody else may see, one submitted, one the police were asked about."""
    chosen: dict[Any, int] = {}
    for id_, file in sorted(stored(world).items()):
        chosen.setdefault((file.tenant_id, file.submitted, file.police), id_)
    return list(chosen.values())


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every way to ask about one file: method and route."""
    about = [rule for rule in app.url_map.iter_rules() if "activity_id" in rule.arguments]
    return [(m, rule) for rule in about for m in ("GET", "POST") if m in (rule.methods or ())]


def address(rule: Rule, activity_id: int) -> str:
    path = rule.rule.replace("<int:activity_id>", str(activity_id))
    path = re.sub(r"<string:\w+>", "outbound.leader-trips" if "waivers" in path else "submit", path)
    return re.sub(r"<int:\w+>", "1", path)


@pytest.mark.slow
def test_what_one_of_the_guards_refuses_no_route_gives(world: World, app: Flask) -> None:
    files, chosen, wrong = stored(world), some_files(world), []
    assert len(chosen) >= 5
    for who in world.province.users:
        browser = Browser(app)
        assert browser.sign_in(who, PASSWORD) == 303
        token = browser.token("/notices")
        for (method, rule), id_ in product(routes(app), chosen):
            access = access_of(app.view_functions[rule.endpoint])
            assert access is not None
            admitted = access.admits(world.province[who].permissions)
            visible = files[id_].visible_from(office(world, who))
            if method == "POST" and admitted and visible:
                continue  # both say yes: whether the step fits is the workflow's question
            before = world.rows("SELECT version FROM activity WHERE id = %(id)s", id=id_)
            data = {"csrf_token": token} if method == "POST" else None
            status = browser.open(address(rule, id_), method=method, data=data).status_code
            after = world.rows("SELECT version FROM activity WHERE id = %(id)s", id=id_)
            asked = f"{who}: {method} {rule.rule} of file {id_}: {status}"
            if not admitted and status != 403:
                wrong.append(f"{asked}, though Casbin refuses")
            elif admitted and not visible and status != 404:
                wrong.append(f"{asked}, though the row is not for them")
            elif admitted and visible and rule.endpoint in READING and status != 200:
                wrong.append(f"{asked}, though both guards agree")
            if before != after:
                wrong.append(f"{asked}, and the file changed")
    assert not wrong, "\n".join(wrong)
