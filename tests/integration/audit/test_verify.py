"""`portal audit verify`, `export`: what was tampered with, even by a superuser, is named."""

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from portal.audit.events import declare
from portal.audit.services import record
from portal.cli_audit import audit
from portal.config import Settings
from portal.core.context import Actor, Scope, acting_as
from portal.core.unit_of_work import unit_of_work
from tests.support.audit import fill

DATA = {"from": "rà soát", "to": 'x"\\\n\t\x01', "version": 12, "rules": ["b", "a"]}
declare({"test.happened": "from to version rules urgent on_paper"})
UNGUARDED = "SET session_replication_role = replica"


@pytest.fixture
def run(settings: Settings, database, monkeypatch: pytest.MonkeyPatch):
    """`run("verify", …)` as somebody at the server's console."""
    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(audit, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def chains(app_context, superuser: psycopg.Connection) -> psycopg.Connection:
    """Chains 3 and 4 with ten entries each, written by the portal; a superuser without triggers."""
    for tenant in (3, 4):
        actor = Actor(7, "an", "Lê An", tenant, "Hội An", Scope.OWN, acting_for_user_id=tenant)
        for number in range(5):
            with acting_as(actor), unit_of_work():
                record(
                    "test.happened",
                    subject_type="activity",
                    subject_id=number,
                    data={**DATA, "urgent": None, "on_paper": True},
                )
                record("account.enabled", subject_type='"; --', subject_id=number)
    superuser.execute(UNGUARDED)
    return superuser


def test_what_the_portal_wrote_holds(chains, run):
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "20 entries in 2 chains" in result.output


def test_an_empty_log_holds(run):
    assert run("verify").exit_code == 0


def test_the_links_of_the_generator_are_those_of_the_portal(superuser, run):
    fill(superuser, 1000, 7)
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "1,000 entries in 7 chains" in result.output


MOVE = "UPDATE audit_event SET seq = %s WHERE chain_id = 3 AND seq = %s"
TAMPERINGS = {
    "data changed": (
        ["""UPDATE audit_event SET data = '{"to": "closed"}' WHERE chain_id = 3 AND seq = 5"""],
        "chain 3, entry 5: altered",
    ),
    "actor changed": (
        ["UPDATE audit_event SET user_id = 8 WHERE chain_id = 4 AND seq = 10"],
        "chain 4, entry 10: altered",
    ),
    "actor removed": (
        ["UPDATE audit_event SET acting_for_user_id = NULL WHERE chain_id = 4 AND seq = 1"],
        "chain 4, entry 1: altered",
    ),
    "time changed by a microsecond": (
        ["UPDATE audit_event SET at = at + '1 us'::interval WHERE chain_id = 3 AND seq = 2"],
        "chain 3, entry 2: altered",
    ),
    "time made endless": (
        ["UPDATE audit_event SET at = 'infinity' WHERE chain_id = 3 AND seq = 2"],
        "chain 3, entry 2: altered",
    ),
    "hash edited": (
        ["UPDATE audit_event SET hash = sha256('x') WHERE chain_id = 3 AND seq = 4"],
        "chain 3, entry 4: altered",
    ),
    "hash cut": (
        ["UPDATE audit_event SET hash = '' WHERE chain_id = 3 AND seq = 4"],
        "chain 3, entry 4: altered",
    ),
    "one from the middle removed": (
        ["DELETE FROM audit_event WHERE chain_id = 3 AND seq = 6"],
        "chain 3, entry 6: removed",
    ),
    "the first removed": (
        ["DELETE FROM audit_event WHERE chain_id = 3 AND seq = 1"],
        "chain 3, entry 1: removed",
    ),
    "the tail removed": (
        ["DELETE FROM audit_event WHERE chain_id = 3 AND seq > 7"],
        "chain 3, entry 8: removed from the end (8 to 10 are missing)",
    ),
    "a whole chain removed": (
        ["DELETE FROM audit_event WHERE chain_id = 3"],
        "chain 3, entry 1: removed from the end (1 to 10 are missing)",
    ),
    "all of them removed": (["TRUNCATE audit_event"], "chain 4, entry 1: removed from the end"),
    "two swapped": (
        [MOVE % (99, 5), MOVE % (5, 6), MOVE % (6, 99)],
        "chain 3, entry 5: does not follow the entry before it",
    ),
    "removed and renumbered": (
        [
            "DELETE FROM audit_event WHERE chain_id = 3 AND seq = 6",
            "UPDATE audit_event SET seq = seq - 1 WHERE chain_id = 3 AND seq = 7",
        ],
        "chain 3, entry 6: does not follow the entry before it",
    ),
    "moved to another chain": (
        ["UPDATE audit_event SET chain_id = 4, seq = 11 WHERE chain_id = 3 AND seq = 10"],
        "chain 4, entry 11: does not follow the entry before it",
    ),
    "tail removed and the head set back": (
        [
            "DELETE FROM audit_event WHERE chain_id = 3 AND seq > 7",
            "UPDATE audit_head SET seq = 7 WHERE chain_id = 3",
        ],
        "chain 3, entry 7: is not the one that the head of its chain names",
    ),
    "head removed": (
        ["DELETE FROM audit_head WHERE chain_id = 3"],
        "chain 3, entry 1: stands behind the head of its chain",
    ),
    "numbered from zero": (
        ["UPDATE audit_event SET seq = 0 WHERE chain_id = 3 AND seq = 1"],
        "chain 3, entry 0: is there twice or out of order",
    ),
}


@pytest.mark.parametrize(("statements", "named"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_tampering_is_named(chains, run, statements, named):
    for statement in statements:
        chains.execute(statement)
    result = run("verify")
    assert result.exit_code == 1
    assert named in result.output


def test_only_the_first_fault_of_a_chain_is_told(chains, run):
    chains.execute("UPDATE audit_event SET action = 'x' WHERE seq IN (2, 3, 9)")
    assert run("verify").output.count("altered") == 2


def test_an_exported_file_can_be_verified_without_the_portal(chains, run, tmp_path, monkeypatch):
    exported = tmp_path / "log.jsonl"
    assert run("export", "--output", exported).exit_code == 0
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert [line["seq"] for line in lines[:-1]] == [*range(1, 11), *range(1, 11)]
    assert lines[0]["data"] == {**DATA, "urgent": None, "on_paper": True}
    assert [head[:2] for head in lines[-1]["checkpoint"]["heads"]] == [[3, 10], [4, 10]]
    chains.execute("TRUNCATE audit_event")
    assert run("verify", "--export", exported).exit_code == 0
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    result = run("verify", "--export", exported)
    assert result.exit_code == 0
    assert "signature" in result.output


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda lines: [*lines[:3], *lines[4:]], "chain 3, entry 4: removed"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "chain 3, entry 2: removed"),
        (lambda lines: [lines[0].replace("rà soát", "ra soat"), *lines[1:]], "altered"),
        (lambda lines: [*lines[:9], *lines[10:]], "chain 3, entry 10: removed from the end"),
        (lambda lines: [*lines[:-1], lines[-1].replace("[4, 10,", "[4, 9,")], "not signed"),
        (lambda lines: lines[:-1], "The checkpoint cannot be read"),
        (lambda lines: [lines[-1], *lines], "Line 2 stands behind the checkpoint"),
        (lambda lines: ["{}", *lines], "Line 1 is not an entry"),
        (lambda lines: ["\x00é", *lines], "Line 1 is not an entry"),
        (lambda lines: [], "The checkpoint cannot be read"),
    ],
)
def test_a_spoiled_export_is_named(chains, run, tmp_path: Path, spoil, named):
    exported = tmp_path / "log.jsonl"
    run("export", "--output", exported)
    lines = spoil(exported.read_text().splitlines())
    exported.write_text("".join(line + "\n" for line in lines))
    result = run("verify", "--export", exported)
    assert result.exit_code == 1
    assert named in result.output


def test_a_log_rewritten_as_a_whole_is_found_by_an_earlier_checkpoint(chains, run, tmp_path):
    sealed = tmp_path / "sealed.json"
    assert run("export", "--checkpoint-only", "--output", sealed).exit_code == 0
    assert len(sealed.read_text().splitlines()) == 1
    assert run("verify", "--checkpoint", sealed).exit_code == 0
    chains.execute("TRUNCATE audit_event, audit_head")
    fill(chains, 100, 4)
    assert run("verify").exit_code == 0
    result = run("verify", "--checkpoint", sealed)
    assert result.exit_code == 1
    assert "chain 3, entry 10: differs from the checkpoint; rewritten" in result.output


def test_a_log_cut_back_to_an_earlier_state_is_found_by_a_checkpoint(chains, run, tmp_path):
    sealed = tmp_path / "sealed.json"
    run("export", "--checkpoint-only", "--output", sealed)
    chains.execute("TRUNCATE audit_event, audit_head")
    result = run("verify", "--checkpoint", sealed)
    assert result.exit_code == 1
    assert "chain 4, entry 1: removed from the end (1 to 10 are missing)" in result.output


def test_the_auditor_reads_as_a_role_that_can_write_nothing(chains, run, settings, monkeypatch):
    asked: list[str] = []
    original = psycopg.Connection.transaction

    def spy(connection: psycopg.Connection, *args: object, **kwargs: object) -> object:
        asked.append(str(connection.execute("SELECT current_user").fetchone()))
        return original(connection, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "transaction", spy)
    assert run("verify").exit_code == 0
    assert asked == ["('portal_audit',)"]
