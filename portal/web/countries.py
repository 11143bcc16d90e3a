"""Countries and territories that one can travel to, in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from portal.core.countries import country_names
from portal.web import i18n
from portal.web.text import sort_key

HOME: Final = "VN"
#: Codes of CLDR that are no place to travel to.
_NO_DESTINATION: Final = frozenset(
    ["AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


def countries() -> list[tuple[str, str]]:
    """(code, name) of each, in the alphabetical order of the current language."""
    return _countries(i18n.locale())


@cache
def _countries(code: str) -> list[tuple[str, str]]:
    chosen = [
        (key, name)
        for key, name in country_names(code).items()
        if len(key) == 2 and key.isalpha() and key not in _NO_DESTINATION
    ]
    return sorted(chosen, key=lambda pair: sort_key(pair[1]))


def countries_in_words(codes: Iterable[str]) -> str:
    """Lào, Thái Lan: by their names in the current language."""
    return ", ".join(map(country_name, codes))


def country_name(code: str) -> str:
    """The name of a country in the current language; an unknown code stays as it is."""
    return country_names(i18n.locale()).get(code, code)
