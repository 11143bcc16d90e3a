"""Two languages: Vietnamese first, English by choice.

English is the msgid itself; Vietnamese is read from ``translations/vi/*.po`` at start, one file a
room; a file of DOMAINS is read when its page first asks. A browser's Accept-Language is not asked:
an office machine with an English system still belongs to a Vietnamese office. A program's is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from babel.messages.pofile import read_po
from blinker import Signal
from flask import has_request_context, request

from portal.core.context import current_actor

LOCALES: Final = ("vi", "en")
DEFAULT_LOCALE: Final = "vi"
LOCALE_COOKIE: Final = "portal_language"
TRANSLATIONS: Final = Path(__file__).parent / "translations"
#: Catalogues of many sentences that one page shows (`dgettext`): no start waits for them.
DOMAINS: Final = frozenset({"cases"})

#: Sent with ``locale=`` when a person chooses a language; identity stores it for signed-in people.
locale_chosen: Final = Signal("locale-chosen")

_forced: ContextVar[str | None] = ContextVar("portal_locale", default=None)
Key = TypeVar("Key", str, tuple[str, str])
Value = TypeVar("Value", str, tuple[str, ...])
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


class CatalogueError(ValueError):
    """A catalogue that would show wrong words; the application must not start with it."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language; an unknown msgid is its own translation."""

    singular: Mapping[str, str] = field(default_factory=dict)
    plural: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def gettext(self, msgid: str, /, **values: Any) -> str:
        text = self.singular.get(msgid, msgid)
        return text % values if values else text

    def ngettext(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """Vietnamese has a single form; English keeps two. ``%(n)s`` is always known."""
        return self.form_of(one, many, n) % {"n": n, **values}

    def form_of(self, one: str, many: str, n: int) -> str:
        """The message for ``n`` things with its placeholders unfilled."""
        forms = self.plural.get((one, many)) or (one, many)
        return forms[0 if n == 1 else -1]


def read_catalogue(folder: Path, domain: str | None = None) -> Catalogue:
    """Merge all ``*.po`` of a language but those of DOMAINS, or read the one of ``domain``.
    Contradictions and lost placeholders stop the start (CatalogueError).
    """
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in catalogue_files(folder, domain):
        with path.open("rb") as file:
            entries = read_po(file, abort_invalid=True)
        for message in entries:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, tuple):
                forms = tuple(str(text) for text in message.string or ())
                _enter(plural, (message.id[0], message.id[1]), forms, path)
                for text in forms:
                    _check_placeholders(message.id[1], text, path)
            else:
                _enter(singular, str(message.id), str(message.string), path)
                _check_placeholders(str(message.id), str(message.string), path)
    return Catalogue(singular, plural)


def catalogue_files(folder: Path, domain: str | None = None) -> list[Path]:
    """The files of a language that are read together: all but DOMAINS, or the one of ``domain``."""
    found = sorted(folder.glob("*.po"))
    return [p for p in found if (p.stem == domain if domain else p.stem not in DOMAINS)]


def _enter(messages: dict[Key, Value], key: Key, text: Value, path: Path) -> None:
    if not text or not text[0]:
        return
    known = messages.setdefault(key, text)
    if known != text:
        raise CatalogueError(f"{path}: {key!r} is {text!r} here and {known!r} in another file")


def _check_placeholders(msgid: str, text: str, path: Path) -> None:
    if text and set(_PLACEHOLDER.findall(msgid)) != set(_PLACEHOLDER.findall(text)):
        raise CatalogueError(
            f"{path}: the translation of {msgid!r} has other placeholders: {text!r}"
        )


_catalogues: Final = {code: read_catalogue(TRANSLATIONS / code) for code in LOCALES}


def catalogue(code: str) -> Catalogue:
    """The messages of ``vi`` or ``en``."""
    return _catalogues[code]


def locale() -> str:
    """The language spoken now, ``vi`` or ``en``: of ``use_locale``, else the signed-in person's,
    else the cookie's; of a program, the one that it prefers.
    """
    forced = _forced.get()
    if forced is not None:
        return forced
    actor = current_actor()
    if actor is not None:
        return actor.locale if actor.locale in LOCALES else DEFAULT_LOCALE
    if not has_request_context():
        return DEFAULT_LOCALE
    if by_program():
        return request.accept_languages.best_match(LOCALES, default=DEFAULT_LOCALE)
    cookie = request.cookies.get(LOCALE_COOKIE, "")
    return cookie if cookie in LOCALES else DEFAULT_LOCALE


def by_program() -> bool:
    """Whether a program asks: it reads JSON, and has neither a session nor a cookie."""
    return request.path.startswith("/api/")


@contextmanager
def use_locale(code: str) -> Iterator[None]:
    """Speak one language inside the block: official papers, jobs, tests."""
    token = _forced.set(code)
    try:
        yield
    finally:
        _forced.reset(token)


def gettext(msgid: str, /, **values: Any) -> str:
    """Translate now. ``%(name)s`` in the message is filled from ``values``."""
    return _catalogues[locale()].gettext(msgid, **values)


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """Translate a message that counts; ``%(n)s`` is the number."""
    return _catalogues[locale()].ngettext(one, many, n, **values)


def dgettext(domain: str, msgid: str) -> str:
    """Translate a message of one of DOMAINS now."""
    return _domain_catalogue(locale(), domain).gettext(msgid)


@lru_cache
def _domain_catalogue(code: str, domain: str) -> Catalogue:
    return read_catalogue(TRANSLATIONS / code, domain)


_ = gettext


class LazyText:
    """A message that is translated when it is shown: for labels written at module level."""

    __slots__ = ("_msgid", "_values")

    def __init__(self, msgid: str, values: Mapping[str, Any]) -> None:
        self._msgid = msgid
        self._values = values

    def __str__(self) -> str:
        return gettext(self._msgid, **self._values)

    def __repr__(self) -> str:
        return f"lazy({self._msgid!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, values: Any) -> str:
        return str(self) % values

    def __add__(self, other: str) -> str:
        return str(self) + other

    def __radd__(self, other: str) -> str:
        return other + str(self)

    def __len__(self) -> int:
        return len(str(self))


def lazy(msgid: str, /, **values: Any) -> LazyText:
    """Like ``_`` for module level: ``StringField(lazy("Purpose"))``."""
    return LazyText(msgid, values)
