"""Signals are said in words that name facts, in both languages, whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.oversight import words
from portal.oversight.models import KINDS
from portal.oversight.thresholds import thresholds
from portal.web import i18n

FACTS: dict[str, Any] = {
    "files": [4, 7],
    "items": [1, 2, 3],
    "host": "Sê Kông",
    "inviter": "Osan",
    "year": 2026,
}


@pytest.mark.parametrize("language", i18n.LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_a_threshold_and_a_source(kind: str, language: str) -> None:
    seen = words.Seen(FACTS, ["Hội An", "Nam Giang"], "Lào")
    with i18n.use_locale(language):
        said = words.sentence(kind, seen)
        told = [said, words.threshold(kind, thresholds()), words.source(kind, thresholds())]
    assert all(text and "%(" not in text and "%%" not in text for text in told)
    assert any(fact in said for fact in ("Hội An", "Osan"))
    for number in thresholds()[kind].values():
        assert not number or str(number) in told[1]


def test_a_gap_between_two_trips_is_said_when_there_is_one() -> None:
    numbers = thresholds()
    wider = replace(numbers.kinds["split-trip"], params={"gap_days": 2})
    changed = replace(numbers, kinds={**numbers.kinds, "split-trip": wider})
    with i18n.use_locale("en"):
        assert words.threshold("split-trip", numbers) == "Counted when the days of the two overlap."
        assert "at most 2 days after" in words.threshold("split-trip", changed)
