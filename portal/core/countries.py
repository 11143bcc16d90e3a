"""What countries and territories are called, by their ISO 3166 alpha-2 codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from babel import Locale

# Where CLDR differs from the foreign ministry: one China, and Palestine recognised since 1988.
_OFFICIAL: Final[Mapping[str, Mapping[str, str]]] = {
    "vi": {"TW": "Đài Loan (Trung Quốc)", "PS": "Nhà nước Palestine"},
    "en": {"TW": "Taiwan (China)", "PS": "State of Palestine"},
}


@cache
def country_names(language: str) -> Mapping[str, str]:
    """By code, in one language whoever reads; of codes that are no destination too."""
    names = {code: str(name) for code, name in Locale(language).territories.items()}
    return {**names, **_OFFICIAL[language]}
