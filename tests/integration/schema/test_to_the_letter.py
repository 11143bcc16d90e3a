"""Verdicts from before migration 0067 keep their hashes: what they say becomes what was hashed."""

from importlib import import_module

import orjson
import psycopg
from psycopg.types.json import Jsonb

from portal.compliance.engine import judge
from portal.compliance.verdicts import SealedVerdict, seal, to_bytes
from tests.unit.compliance.own_cases import CASES

CANONICAL = import_module("migrations.versions.0067_verdicts_to_the_letter").CANONICAL
ODD = {
    "b": [],
    "ab": {},
    "a": ['"', "\\", "\n\t\x01", "é", "Nam Giang"],
    "Z": [None, True, 0.5, -3],
}


def written(database: psycopg.Connection, sealed: bytes) -> bytes:
    found = database.execute("SELECT canonical_json(%s)", [Jsonb(orjson.loads(sealed))]).fetchone()
    assert found
    return str(found[0]).encode()


def test_every_case_and_odd_texts_are_written_as_they_were_hashed(
    superuser: psycopg.Connection,
) -> None:
    superuser.execute(CANONICAL)
    try:
        assert written(superuser, to_bytes(ODD)) == to_bytes(ODD)
        for name, case in CASES.items():
            kept = seal(case, judge(case))
            facts, result = written(superuser, kept.facts), written(superuser, kept.result)
            assert SealedVerdict(facts, result, kept.digest).is_intact, name
    finally:
        superuser.execute("DROP FUNCTION canonical_json(jsonb)")
