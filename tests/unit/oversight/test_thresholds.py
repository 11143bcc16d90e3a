"""The numbers of the signals are data, complete and with their source."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.compliance.strict_yaml import MalformedError
from portal.oversight.models import KINDS
from portal.oversight.thresholds import FILE, PARAMS, load, thresholds


def test_every_kind_of_signal_has_its_numbers_and_says_where_they_come_from() -> None:
    assert set(PARAMS) == set(thresholds().kinds) == set(KINDS)
    for threshold in thresholds().kinds.values():
        assert threshold.source.vi
        assert threshold.source.en


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("gap_days: 0", "gap_days: soon", "signals.split-trip.params.gap_days"),
        ("{days: 7}", "{}", "signals.leaders-one-host.params.days"),
        ("mark: V-", "mark: sure", "signals.same-content.mark"),
        ("one-inviter:", "one-host:", "signals.one-host"),
    ],
)
def test_a_number_that_is_wrong_or_missing_is_named(
    tmp_path: Path, before: str, after: str, key: str
) -> None:
    changed = tmp_path / "signals.yaml"
    changed.write_text(FILE.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(MalformedError) as wrong:
        load(changed)
    assert wrong.value.key == key
