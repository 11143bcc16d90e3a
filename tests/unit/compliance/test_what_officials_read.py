"""Every sort of finding word for word: the facts it keeps, its two sentences, the ways out."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.compliance.cases import LoadedCase
from portal.compliance.cures import cures
from portal.compliance.engine import judge
from portal.compliance.rules import RULES
from tests.unit.compliance.own_cases import OWN

READ = yaml.safe_load(Path(__file__).with_name("findings.yaml").read_text(encoding="utf-8"))


def _found(loaded: LoadedCase, rule: str) -> list[dict[str, Any]]:
    judgement = judge(loaded.case)
    ways_out = cures(loaded.case, judgement)
    found = []
    for finding in judgement.findings:
        if finding.rule == rule:
            vi, en = finding.message_vi(loaded.names), finding.message_en(loaded.names)
            entry: dict[str, Any] = {"facts": dict(finding.facts), "vi": vi, "en": en}
            buttons = [
                [c.action, list(c.target), c.text_vi(loaded.names), c.text_en(loaded.names)]
                for c in ways_out
                if c.finding == finding
            ]
            found.append(entry | ({"cures": buttons} if buttons else {}))
    return found


@pytest.mark.parametrize("read", READ, ids=[f"{r['rule']}: {r['case']}" for r in READ])
def test_an_official_reads_exactly_this(read: dict[str, Any]) -> None:
    assert _found(OWN[read["case"]], read["rule"]) == read["found"]


def test_every_rule_is_read() -> None:
    assert {read["rule"] for read in READ} == set(RULES)
