"""Every kept verdict is given again as it was, and what was altered is named."""

from datetime import date
from itertools import islice

import psycopg
import pytest
from psycopg.types.json import Jsonb

from portal.compliance.cases import load_file
from portal.compliance.engine import judge
from portal.compliance.facts import Case
from portal.compliance.findings import Judgement
from portal.compliance.regulation_files import own_version
from portal.compliance.regulations import DEFAULT_FOLDER, Regulations, default_regulations
from portal.compliance.replay import Difference, Source, replay_all
from portal.compliance.verdicts import seal
from portal.core.roles import AUDIT
from portal.server.addresses import conninfo
from tests.support.cluster import Cluster
from tests.support.province import Province, arrange, insert
from tests.unit.compliance.test_own_versions import DOCUMENT, definition

OUTBOUND = sorted((DEFAULT_FOLDER / "cases").rglob("*outbound*.yaml"))


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    return arrange(superuser, today=date(2026, 11, 23))


@pytest.fixture
def source(database: Cluster) -> Source:
    return Source(conninfo(database.settings.migrate_database_url), AUDIT)


def keep(province: Province, law: Regulations, count: int = 40) -> list[int]:
    """Verdicts on so many of the cases, kept with one file."""
    file = province.activity("hoi-an", submitted_on=date(2026, 11, 23))
    cases = (loaded.case for path in OUTBOUND for loaded in load_file(path))
    return [_keep(province, file, case, judge(case, law)) for case in islice(cases, count)]


def _keep(province: Province, file: int, case: Case, judgement: Judgement) -> int:
    return insert(
        province.connection,
        "verdict",
        tenant_id=province.tenants["hoi-an"],
        activity_id=file,
        stage=case.proposal.stage,
        as_of=case.as_of,
        verdict=judgement.verdict,
        **seal(case, judgement).columns,
        created_at="now",
    )


def outcome(source: Source, processes: int = 1) -> tuple[int, list[Difference]]:
    parts = list(replay_all(source, processes))
    return sum(count for count, _ in parts), [d for _, differ in parts for d in differ]


def test_verdicts_are_read_by_the_role_that_reads_and_writes_nothing(source: Source) -> None:
    with source.connect() as connection:
        assert connection.execute("SELECT current_user").fetchone() == (AUDIT,)


def test_nothing_kept_is_nothing_to_replay(source: Source, province: Province) -> None:
    assert outcome(source) == (0, [])


def test_every_verdict_is_the_same_in_one_process_and_in_two(
    source: Source, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.compliance.replay.CHUNK", 7)
    kept = keep(province, default_regulations(), 5 * 7 + 1)
    assert kept[-1] - kept[0] == 5 * 7, "the last range holds the last verdict alone"
    assert outcome(source, 1) == outcome(source, 2) == (len(kept), [])


def test_an_altered_result_altered_facts_and_a_forged_hash_are_named(
    source: Source, province: Province
) -> None:
    first, second, third, *_ = kept = keep(province, default_regulations())
    change = "UPDATE verdict SET {} WHERE id = %s"
    alter = province.connection.execute
    alter(change.format("result = result || ' '"), [first])
    alter(change.format('facts = replace(facts, \'"as_of":"20\', \'"as_of":"19\')'), [second])
    alter(change.format("hash = decode(repeat('00', 32), 'hex')"), [third])
    count, differ = outcome(source)
    assert count == len(kept)
    (file,) = province.connection.execute("SELECT DISTINCT activity_id FROM verdict").fetchone()
    said = "the stored verdict does not match its hash"
    assert differ == [(id_, file, said) for id_ in (first, second, third)]
    assert str(differ[0]) == f"verdict {first} of file {file}: {said}"


def test_a_row_that_tells_of_another_verdict_than_the_sealed_one_is_named(
    source: Source, province: Province
) -> None:
    first, second, third, *_ = keep(province, default_regulations())
    change = "UPDATE verdict SET {} WHERE id = %s"
    other = "CASE verdict WHEN 'pass' THEN 'block' ELSE 'pass' END"
    province.connection.execute(change.format(f"verdict = {other}"), [first])
    province.connection.execute(change.format("as_of = as_of - 1"), [second])
    province.connection.execute(change.format("stage = 'decision'"), [third])
    _, differ = outcome(source)
    assert [one.verdict_id for one in differ] == [first, second, third]
    assert {one.what for one in differ} == {
        "the row tells of another verdict than the one that is sealed in it"
    }


def test_a_verdict_by_the_provinces_own_version_is_replayed_by_it(
    source: Source, province: Province
) -> None:
    stated = definition(valid_from="2024-10-15")
    own = own_version("outbound.leader-trips", "quang-nam", stated, DOCUMENT)
    kept = keep(province, default_regulations().with_own([own]), 60)
    _, without = outcome(source)
    assert without
    assert all("outbound.leader-trips: version quang-nam/" in d.what for d in without)
    row = insert(
        province.connection,
        "rule_version",
        rule=own.rule,
        jurisdiction=own.jurisdiction,
        valid_from=own.valid_from,
        definition=Jsonb(stated),
        document=Jsonb(DOCUMENT),
        loosens=False,
        state="published",
        revision=1,
        drafted_by=province.users["focal_officer"],
        settled_at="now",
        created_at="now",
    )
    assert row
    assert outcome(source) == (len(kept), [])
