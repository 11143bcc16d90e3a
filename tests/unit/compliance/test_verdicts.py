"""Stored verdicts: no names inside, the same bytes again, and no quiet change unnoticed."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.compliance.cases import LoadedCase, load_file
from portal.compliance.engine import judge
from portal.compliance.facts import Donor
from portal.compliance.regulations import DEFAULT_FOLDER, Regulations, default_regulations
from portal.compliance.verdicts import (
    ReplayError,
    SealedVerdict,
    canonical,
    replay,
    restore,
    seal,
    to_bytes,
)


def _all() -> Iterator[LoadedCase]:
    for file in sorted((DEFAULT_FOLDER / "cases").glob("*.yaml")):
        yield from load_file(file)


ALL = list(_all())
BLOCKED = next(c for c in ALL if c.name.startswith("a key leader's third trip is stopped"))


@pytest.mark.parametrize("kind", ["outbound", "inbound", "conference", "project", "agreement"])
def test_every_case_of_the_kind_is_judged_again_to_the_same_bytes(kind: str) -> None:
    of_kind = [loaded for loaded in ALL if loaded.case.proposal.kind == kind]
    assert of_kind
    for loaded in of_kind:
        judgement = judge(loaded.case)
        sealed = seal(loaded.case, judgement)
        stored = SealedVerdict(
            json.loads(to_bytes(sealed.facts)), json.loads(to_bytes(sealed.result)), sealed.digest
        )
        assert to_bytes(replay(stored).as_dict()) == to_bytes(judgement.as_dict()), loaded.name


def test_what_is_restored_is_written_down_the_same_again() -> None:
    for loaded in ALL:
        written = canonical(loaded.case)
        assert to_bytes(canonical(restore(written))) == to_bytes(written), loaded.name


def test_no_name_and_no_passport_number_of_a_guest_is_stored() -> None:
    for loaded in ALL:
        sealed = seal(loaded.case, judge(loaded.case))
        text = to_bytes([sealed.facts, sealed.result]).decode()
        assert "Somchai" not in text
        assert "P1234567" not in text
        assert "message" not in text


def test_a_donor_of_whom_nothing_is_known_is_not_the_same_as_no_donor() -> None:
    loaded = next(c for c in ALL if c.name == "an unknown donor is asked about")
    case = replace(loaded.case, proposal=replace(loaded.case.proposal, donor=Donor()))
    judgement = judge(case)
    assert to_bytes(replay(seal(case, judgement)).as_dict()) == to_bytes(judgement.as_dict())


def test_an_altered_fact_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    facts = json.loads(to_bytes(sealed.facts))
    facts["case"]["history"].pop()
    with pytest.raises(ReplayError, match="hash"):
        replay(replace(sealed, facts=facts))


def test_an_altered_result_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    result = json.loads(to_bytes(sealed.result))
    result["judgement"]["verdict"] = "pass"
    assert not replace(sealed, result=result).is_intact


def test_an_altered_rule_is_noticed() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    versions = [
        replace(v, params={"limit": 5}) if v.rule == "outbound.leader-trips" else v
        for v in default_regulations()
    ]
    with pytest.raises(ReplayError, match="outbound.leader-trips"):
        replay(sealed, Regulations(versions))


def test_a_version_added_later_does_not_disturb_what_was_judged_before() -> None:
    sealed = seal(BLOCKED.case, judge(BLOCKED.case))
    versions = []
    for version in default_regulations():
        if version.rule == "outbound.leader-trips":
            last = BLOCKED.case.event_date.replace(month=6)
            versions.append(replace(version, valid_to=last))
            versions.append(replace(version, valid_from=last, severity="warn", waivable_by=None))
        else:
            versions.append(version)
    assert replay(sealed, Regulations(versions)).verdict == "block"


def test_the_digest_changes_with_every_deciding_fact() -> None:
    case = BLOCKED.case
    other = replace(case, proposal=replace(case.proposal, stage="decision"))
    assert seal(case, judge(case)).digest != seal(other, judge(other)).digest
