"""The demo's files are what the portal itself would have made of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.access.separation import FileSoFar, Taken, objection_to
from portal.access.separation import Step as Duty
from portal.activities.models import State
from portal.audit import source
from portal.audit.verify import check
from portal.compliance.verdicts import SealedVerdict, replay
from portal.core.context import Actor, Scope
from portal.workflow.machine import Transition, machine_of
from tests.support.cluster import Cluster

BESIDE_THE_TABLE = ("waive", "draft-amendment", "submit-amendment", "settle-amendment")

Row = dict[str, Any]


@pytest.fixture
def look(demo: Flask, database: Cluster) -> Any:
    """Rows of a statement, past row-level security."""

    def rows(statement: str) -> list[Row]:
        with database.superuser() as connection:
            cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
            return cursor.execute(statement).fetchall()

    return rows


def test_every_state_has_a_file(look: Any) -> None:
    found = {row["state"] for row in look("SELECT DISTINCT state FROM activity")}
    assert found == set(State)


def test_about_190_delegations_go_out_in_a_year(look: Any) -> None:
    years = look(
        "SELECT extract(year FROM starts_on)::int AS year, count(*) AS files FROM activity"
        " WHERE starts_on < '2027-01-01' GROUP BY 1"
    )
    assert {row["year"] for row in years} == {2025, 2026}
    assert all(175 <= row["files"] <= 205 for row in years), years


def test_a_file_is_where_its_last_step_left_it(look: Any) -> None:
    odd = look(
        "SELECT a.id FROM activity a JOIN LATERAL (SELECT to_state FROM step"
        " WHERE activity_id = a.id ORDER BY id DESC LIMIT 1) s ON true WHERE s.to_state <> a.state"
    )
    assert not odd


def test_steps_follow_the_table_and_each_other_and_leave_the_open_tasks(look: Any) -> None:
    files = {row["id"]: row for row in look("SELECT id, state, authority FROM activity")}
    tasks: dict[int, set[str]] = defaultdict(set)
    for row in look("SELECT activity_id, kind FROM task WHERE closed_at IS NULL"):
        tasks[row["activity_id"]].add(row["kind"])
    for activity_id, steps in _steps(look).items():
        state, open_now = "draft", set[str]()
        before = None
        for step in steps:
            assert before is None or step["at"] > before, step
            before = step["at"]
            assert step["from_state"] == state, step
            state = step["to_state"]
            if step["action"] in BESIDE_THE_TABLE:
                continue
            transition = _row_of_the_table(step, files[activity_id]["authority"])
            closes = transition.closes
            open_now = set() if closes is None else open_now - set(closes)
            open_now |= {opening.task for opening in transition.opens}
        expected = {kind for kind in tasks[activity_id] if kind != "appraise-amendment"}
        # An urgent file asks the police beside the focal point (effects.ask_the_police).
        assert expected - open_now <= {"give-opinion"}, (activity_id, expected, open_now)
        assert open_now <= expected, (activity_id, expected, open_now)


def _row_of_the_table(step: Row, authority: str | None) -> Transition:
    unfit = {
        "not consent needed" if authority == "standing-committee" else "consent needed",
        "not decided centrally" if authority == "central" else "decided centrally",
    }
    for transition in machine_of("outbound").transitions:
        fits = transition.action == step["action"] and step["from_state"] in transition.sources
        leads = (transition.target or step["from_state"]) == step["to_state"]
        if (
            fits
            and leads
            and (unfit.isdisjoint(transition.when) or step["action"] != "sign-appraisal")
        ):
            return transition
    raise AssertionError(f"no row of the table: {step}")


def test_nobody_takes_two_steps_that_must_be_apart(look: Any) -> None:
    owners = {
        row["id"]: (row["tenant_id"], frozenset(row["held"]), frozenset(row["members"]))
        for row in look(
            "SELECT a.id, a.tenant_id, ARRAY(SELECT capacity FROM tenant_capacity c"
            " WHERE c.tenant_id = a.tenant_id) AS held, ARRAY(SELECT person_id"
            " FROM delegation_member m WHERE m.activity_id = a.id) AS members FROM activity a"
        )
    }
    for activity_id, steps in _steps(look).items():
        tenant_id, held, members = owners[activity_id]
        taken: list[Taken] = []
        for step in steps:
            if "duty" not in step["data"]:
                continue
            duty = Duty(step["data"]["duty"])
            so_far = FileSoFar(tenant_id, held, members, tuple(taken))
            assert objection_to(duty, _taker(step), so_far) is None, step
            taken.append(
                Taken(duty, step["user_id"], step["person_id"], step["actor_tenant_id"],
                      step["acting_for_user_id"], step["acting_for_person_id"])
            )  # fmt: skip


def _taker(step: Row) -> Actor:
    return Actor(
        user_id=step["user_id"],
        username="",
        name=step["actor_name"],
        tenant_id=step["actor_tenant_id"],
        tenant_name="",
        scope=Scope.OWN,
        person_id=step["person_id"],
        acting_for_user_id=step["acting_for_user_id"],
        acting_for_person_id=step["acting_for_person_id"],
    )


def _steps(look: Any) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in look("SELECT * FROM step ORDER BY activity_id, id"):
        found[row["activity_id"]].append(row)
    return found


def test_what_was_approved_had_no_unwaived_block_on_that_day(look: Any) -> None:
    rows = look(
        "SELECT a.id, v.result::json -> 'judgement' -> 'findings' AS findings FROM activity a"
        " JOIN LATERAL (SELECT result FROM verdict WHERE activity_id = a.id"
        "   AND stage = 'decision' ORDER BY id DESC LIMIT 1) v ON true"
        " WHERE a.decided_on IS NOT NULL AND NOT a.after_the_fact"
    )
    assert len(rows) > 300
    for row in rows:
        blocks = [f for f in row["findings"] if f["severity"] == "block" and not f.get("waived")]
        assert not blocks, row


def test_every_verdict_can_be_judged_again_to_the_same_bytes(look: Any) -> None:
    rows = look("SELECT facts, result, hash FROM verdict ORDER BY id")
    assert len(rows) > 900
    for row in rows:
        replay(SealedVerdict.of(row["facts"], row["result"], bytes(row["hash"])))


def test_places_in_the_quotas_are_those_of_the_decided_files(look: Any) -> None:
    decided = "('approved', 'under-way', 'completed', 'reported', 'closed')"
    leaders = look(
        "SELECT m.person_id, a.id FROM activity a JOIN delegation_member m ON m.activity_id = a.id"
        f" JOIN person p ON p.id = m.person_id WHERE p.key_leader AND a.state IN {decided}"
    )
    out_of_plan = look(
        "SELECT a.tenant_id, a.id FROM activity a LEFT JOIN plan_item i ON i.id = a.plan_item_id"
        f" WHERE a.state IN {decided} AND (i.id IS NULL OR i.origin = 'supplement')"
    )
    places = look('SELECT rule, subject_id, activity_id, slot, "limit" FROM quota_use')
    held = {(r["rule"], r["subject_id"], r["activity_id"]) for r in places}
    wanted = {("outbound.leader-trips", r["person_id"], r["id"]) for r in leaders}
    wanted |= {("outbound.supplement-quota", r["tenant_id"], r["id"]) for r in out_of_plan}
    assert held == wanted
    above = [row for row in places if row["slot"] > row["limit"]]
    assert 2 <= len(above) <= 6, above


def test_the_audit_log_holds_and_tells_every_step(look: Any, database: Cluster) -> None:
    with database.superuser() as connection:
        report = check(source.links(connection), source.heads(connection))
    assert not report.faults
    steps = look("SELECT count(*) AS n FROM step")[0]["n"]
    assert report.entries > steps * 0.98


def test_the_demo_shows_what_may_be_seen_seldom(look: Any) -> None:
    one = look(
        "SELECT bool_or(urgent) AS urgent, bool_or(referred) AS referred,"
        " bool_or(after_the_fact) AS after, bool_or(paper_register_no IS NOT NULL) AS paper,"
        " bool_or(stopped) AS stopped, bool_or(authority = 'central') AS central,"
        " bool_or(state = 'completed' AND due_on < '2026-11-23') AS late,"
        " (SELECT count(*) FROM waiver) > 1 AS waived,"
        " (SELECT count(DISTINCT state) FROM amendment) = 2 AS amendments,"
        " (SELECT bool_or(due_on < '2026-11-23') FROM task WHERE closed_at IS NULL) AS overdue,"
        " (SELECT bool_or(due_on = '2026-11-23') FROM task WHERE closed_at IS NULL) AS today,"
        " (SELECT bool_or(acting_for IS NOT NULL) FROM step) AS stand_in,"
        " (SELECT bool_or(signs_for IS NOT NULL) FROM step) AS deputy,"
        " (SELECT count(DISTINCT origin) FROM plan_item) = 3 AS origins FROM activity"
    )[0]
    assert all(one.values()), one
