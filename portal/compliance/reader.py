"""Reads one mapping strictly: closed keys, no conversion, errors that say where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, TypeVar

from portal.compliance.facts import given
from portal.compliance.strict_yaml import MalformedError, Odd, dotted, one_line

T = TypeVar("T")
E = TypeVar("E", bound=str)

Path = tuple[str | int, ...]
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
A_DATE: Final = "a date YYYY-MM-DD from 2000-01-01 to 2099-12-31 without a time"
A_COUNTRY: Final = "a two-letter country code such as LA"
NORWAY: Final = ' (an unquoted yes, no, NO, on or off is a boolean: write Norway as "NO" in quotes)'


def describe(value: object) -> str:
    """What was found instead, in a few words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Odd):
        return value.what
    return one_line(f"the text {value!r}" if isinstance(value, str) else f"{value}", 80)


def wrong(path: Path, expected: str, value: object) -> MalformedError:
    return MalformedError(dotted(path), f"expected {expected}, found {describe(value)}")


def missing(path: Path, expected: str) -> MalformedError:
    return MalformedError(dotted(path), f"expected {expected}, it is missing")


def as_date(value: object, path: Path) -> date:
    day = value
    if isinstance(day, str) and _DAY.fullmatch(day):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise wrong(path, A_DATE, value) from None
    if not isinstance(day, date) or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise wrong(path, A_DATE, value)
    return day


def as_text(value: object, path: Path) -> str:
    if not isinstance(value, str):
        raise wrong(path, "text" + NORWAY * isinstance(value, bool), value)
    return value


def as_id(value: object, path: Path) -> str:
    text = as_text(value, path)
    if not given(text):
        raise wrong(path, "text that is not blank", value)
    return text


def as_flag(value: object, path: Path) -> bool:
    if not isinstance(value, bool):
        raise wrong(path, "true or false", value)
    return value


def as_country(value: object, path: Path) -> str:
    if not isinstance(value, str) or not _COUNTRY.fullmatch(value):
        raise wrong(path, A_COUNTRY + NORWAY * isinstance(value, bool), value)
    return value


def as_choice(value: object, path: Path, allowed: tuple[E, ...]) -> E:
    if not isinstance(value, str) or value not in allowed:
        raise wrong(path, "one of " + ", ".join(allowed), value)
    return value


class Fields:
    """One mapping with its place in the file. Every getter treats null as absent."""

    __slots__ = ("_data", "path")

    def __init__(self, value: object, path: Path, allowed: Iterable[str], what: str) -> None:
        if not isinstance(value, dict):
            raise wrong(path, what, value)
        keys = tuple(allowed)
        for key in value:
            if key not in keys:
                known = ", ".join(keys)
                raise MalformedError(
                    dotted((*path, one_line(key, 60))), f"expected one of: {known}"
                )
        self._data: dict[str, object] = value
        self.path = path

    def has(self, key: str) -> bool:
        return self._data.get(key) is not None

    def demand(self, key: str, what: str) -> None:
        """Refuses a mapping without this key."""
        if not self.has(key):
            raise missing(self.at(key), what)

    def raw(self, key: str) -> object:
        return self._data.get(key)

    def at(self, key: str) -> Path:
        return (*self.path, key)

    def _optional(self, key: str, read: Callable[[object, Path], T]) -> T | None:
        value = self._data.get(key)
        return None if value is None else read(value, self.at(key))

    def _required(self, key: str, read: Callable[[object, Path], T], what: str) -> T:
        value = self._data.get(key)
        if value is None:
            raise missing(self.at(key), what)
        return read(value, self.at(key))

    def text(self, key: str) -> str | None:
        """The text, or None when it is absent or only blanks."""
        text = self._optional(key, as_text)
        return text if given(text) else None

    def stated(self, key: str) -> bool:
        """Whether the text is there and says something."""
        return self.text(key) is not None

    def id(self, key: str) -> str:
        return self._required(key, as_id, "text")

    def day(self, key: str) -> date | None:
        return self._optional(key, as_date)

    def required_day(self, key: str) -> date:
        return self._required(key, as_date, A_DATE)

    def flag(self, key: str) -> bool:
        return self._optional(key, as_flag) or False

    def maybe_flag(self, key: str) -> bool | None:
        """Yes, no, or not known."""
        return self._optional(key, as_flag)

    def choice(self, key: str, allowed: tuple[E, ...]) -> E | None:
        return self._optional(key, lambda value, path: as_choice(value, path, allowed))

    def required_choice(self, key: str, allowed: tuple[E, ...]) -> E:
        expected = "one of " + ", ".join(allowed)
        return self._required(key, lambda v, path: as_choice(v, path, allowed), expected)

    def integer(self, key: str, lowest: int, highest: int | None) -> int | None:
        value = self._data.get(key)
        return None if value is None else self.required_integer(key, lowest, highest)

    def required_integer(self, key: str, lowest: int, highest: int | None) -> int:
        value = self._data.get(key)
        limits = f"from {lowest}" if highest is None else f"from {lowest} to {highest}"
        if value is None:
            raise missing(self.at(key), f"a whole number {limits}")
        if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
            raise wrong(self.at(key), f"a whole number {limits}", value)
        if highest is not None and value > highest:
            raise wrong(self.at(key), f"a whole number {limits}", value)
        return value

    def items(self, key: str) -> list[tuple[object, Path]]:
        """The entries of a list with the place of each; absent is empty."""
        value = self._data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise wrong(self.at(key), "a list", value)
        path = self.at(key)
        return [(entry, (*path, number)) for number, entry in enumerate(value)]

    def each(self, key: str, read: Callable[[object, Path], T]) -> tuple[T, ...]:
        return tuple(read(value, path) for value, path in self.items(key))

    def choices(self, key: str, allowed: tuple[E, ...]) -> tuple[E, ...]:
        return self.each(key, lambda value, path: as_choice(value, path, allowed))
