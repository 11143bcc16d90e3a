"""A YAML reader that trusts nobody: YAML 1.1 by events, no aliases, no merge keys, no own tags.

Documents come out as plain dicts, lists and scalars. Whatever a safe loader would turn into
something that no file of ours may hold (a time of day, 2024-02-30, binary) comes out as `Odd`,
which no reader accepts. Size, depth and the length of numbers are bounded before anything is
built from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from typing import Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver
from yaml.scanner import ScannerError

MAX_BYTES: Final = 1024 * 1024
MAX_LEVELS: Final = 50
_LONGEST_NUMBER: Final = 64
_MOST_KNOWN: Final = 4096
_MOST_READ_SLOWLY: Final = 64 * 1024
_TAG: Final = "tag:yaml.org,2002:"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTAINER_TAGS: Final = {
    "mapping": frozenset({None, "!", _TAG + "map"}),
    "list": frozenset({None, "!", _TAG + "seq"}),
}
_SCALAR_TAGS: Final = frozenset(
    _TAG + name for name in ("bool", "float", "int", "null", "str", "timestamp")
)
_SEPARATOR: Final = re.compile(rb"^---(?=\s|\Z)", re.MULTILINE)
FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")
ROOT: Final = "(document)"


class MalformedError(Exception):
    """The first thing wrong: document and line (from 1), dotted key, what was expected there."""

    def __init__(self, key: str, expected: str, document: int = 1, line: int | None = None) -> None:
        super().__init__(key, expected, document)
        self.key = key
        self.expected = expected
        self.document = document
        self.line = line


class Odd:
    """A value of YAML that no key of ours can hold; `what` names it for the error message."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what


def one_line(text: str, longest: int = 300) -> str:
    """`text` fit for one line of a terminal: nothing that breaks, hides or reorders it."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path) or ROOT


def read_documents(data: bytes) -> Iterator[object]:
    """Each document of the file in order; raises `MalformedError` at the first thing wrong."""
    text = _decode(data)
    composer = _Composer()
    try:
        for event in _events(text):
            if composer.take(event):
                yield composer.result
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = composer.line if mark is None else mark.line + 1
        where = dotted(composer.path())
        raise MalformedError(where, _syntax(error), composer.document, line) from None
    if composer.count == 0:
        raise MalformedError(ROOT, "expected a case, found an empty file")


def line_of(data: bytes, document: int, key: str) -> int:
    """The line on which `key` stands, or the nearest mapping around it, in data that was read."""
    composer = _Composer()
    line, longest, deepest = 1, -1, key.count(".") + 1
    with suppress(yaml.YAMLError):  # what follows the error may be no YAML at all
        for event in _events(_decode(data)):
            here = composer.document == document and composer.levels <= deepest
            if here and isinstance(event, yaml.NodeEvent):
                place = composer.place_of(event)
                length = 0 if place == ROOT else len(place)
                inside = length == 0 or key == place or key.startswith(place + ".")
                if inside and length > longest and event.start_mark is not None:
                    line, longest = event.start_mark.line + 1, length
            composer.take(event)
            if composer.count > document:
                break
    return line


def _events(text: str) -> Iterator[yaml.Event]:
    """What libyaml reads; where it stumbles over `{a:, b: c}`, which is YAML, the loader in Python.

    That one is thirty times slower: a long file has to say null there.
    """
    count = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield event
            count += 1
    except ScannerError as error:
        if error.problem != "found unexpected ':'" or len(text) > _MOST_READ_SLOWLY:
            raise
        yield from islice(yaml.parse(text, Loader=yaml.SafeLoader), count, None)


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise MalformedError(ROOT, "expected at most 1 MiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        expected = f"expected UTF-8, byte {error.start} is not"
        line = before.count(b"\n") + 1
        raise MalformedError(ROOT, expected, _document_at(before), line) from None
    nul = data.find(b"\0")
    if nul >= 0:
        before = data[:nul]
        line = before.count(b"\n") + 1
        expected = f"expected text, byte {nul} is NUL"
        raise MalformedError(ROOT, expected, _document_at(before), line)
    return text.removeprefix("\ufeff")


def _document_at(before: bytes) -> int:
    """The document that goes on after `before`; comments and directives are none yet."""
    first, *later = _SEPARATOR.split(before.removeprefix(b"\xef\xbb\xbf"))
    lines = (line.strip() for line in first.splitlines())
    begun = any(line and not line.startswith((b"#", b"%")) for line in lines)
    return max(1, len(later) + begun)


def _syntax(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
    return f"expected plain YAML: {problem}"


class _Frame:
    """An open mapping or list: what is in it so far and the key that waits for its value."""

    __slots__ = ("items", "key", "mapping", "waiting")

    def __init__(self, mapping: bool) -> None:
        self.mapping = mapping
        self.items: dict[str, object] | list[object] = {} if mapping else []
        self.key: str = ""
        self.waiting = False


class _Composer:
    """Builds one document at a time without recursion: depth costs nothing."""

    def __init__(self) -> None:
        self.result: object = None
        self.count = 0
        self.line = 1
        self._inside = False
        self._stack: list[_Frame] = []
        self._resolve: Callable[..., str] = Resolver().resolve
        self._constructor = SafeConstructor()
        self._known: dict[str, object] = {}
        self._anchors: set[str] = set()

    @property
    def document(self) -> int:
        return self.count if self._inside else self.count + 1

    @property
    def levels(self) -> int:
        return len(self._stack)

    def path(self) -> tuple[str | int, ...]:
        parts: list[str | int] = []
        for frame in self._stack:
            if isinstance(frame.items, list):
                parts.append(len(frame.items))
            elif frame.waiting:
                parts.append(one_line(frame.key, 60))
        return tuple(parts)

    def place_of(self, event: yaml.NodeEvent) -> str:
        """The dotted key of a value that comes next, or of the key itself."""
        if self._awaits_key() and isinstance(event, yaml.ScalarEvent):
            return dotted((*self.path(), one_line(event.value, 60)))
        return dotted(self.path())

    def take(self, event: yaml.Event) -> bool:
        """True when the event ended a document, which is then in `result`."""
        if event.start_mark is not None:
            self.line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._put(self._stack.pop().items)
        elif isinstance(event, yaml.AliasEvent):
            self._fail("expected plain values, found an alias (*)")
        elif isinstance(event, yaml.DocumentStartEvent):
            self.count += 1
            self._inside = True
            self._anchors.clear()
        elif isinstance(event, yaml.DocumentEndEvent):
            self._inside = False
            return True
        return False

    def _fail(self, expected: str) -> None:
        raise MalformedError(dotted(self.path()), expected, self.document, self.line)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._once(event.anchor)
        mapping = isinstance(event, yaml.MappingStartEvent)
        what = "mapping" if mapping else "list"
        if event.tag not in _CONTAINER_TAGS[what]:
            self._fail(f"expected a plain {what}, found the tag {one_line(str(event.tag), 60)}")
        if self._awaits_key():
            self._fail(f"expected a text key, found a {what} as a key")
        if len(self._stack) >= MAX_LEVELS:
            self._fail(f"expected at most {MAX_LEVELS} levels")
        self._stack.append(_Frame(mapping))

    def _awaits_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].mapping and not self._stack[-1].waiting

    def _once(self, anchor: str | None) -> None:
        """An anchor that nobody refers to does no harm; the same one twice is no YAML."""
        if anchor is None:
            return
        if anchor in self._anchors:
            self._fail("expected each anchor (&) once")
        self._anchors.add(anchor)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._once(event.anchor)
        if self._awaits_key():
            self._key(event)
        else:
            self._put(self._value(event))

    def _key(self, event: yaml.ScalarEvent) -> None:
        frame = self._stack[-1]
        if event.implicit[0] and event.value == "<<":
            self._fail("expected plain keys, found a merge key (<<)")
        key = self._value(event)
        if not isinstance(key, str):
            self._fail(f"expected a text key, found {one_line(event.value, 60)!r}")
            return
        if isinstance(frame.items, dict) and key in frame.items:
            frame.key, frame.waiting = key, True
            self._fail("expected each key once, this one is given twice")
        frame.key, frame.waiting = key, True

    def _put(self, value: object) -> None:
        if not self._stack:
            self.result = value
            return
        frame = self._stack[-1]
        if isinstance(frame.items, dict):
            frame.items[frame.key] = value
            frame.waiting = False
        else:
            frame.items.append(value)

    def _value(self, event: yaml.ScalarEvent) -> object:
        """The value of a scalar; the same few plain words come again and again."""
        text: str = event.value
        if event.tag is not None or not event.implicit[0]:
            return self._read(event, text)
        if text not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = self._read(event, text)
        return self._known[text]

    def _read(self, event: yaml.ScalarEvent, text: str) -> object:
        if FORBIDDEN.search(text):
            self._fail("expected text without NUL and surrogate characters")
        tag = event.tag
        if tag in (None, "!"):
            tag = self._resolve(ScalarNode, text, event.implicit)
        elif tag not in _SCALAR_TAGS:
            self._fail(f"expected plain YAML types, found the tag {one_line(tag, 60)}")
        return text if tag == _TAG + "str" else self._plain(tag[len(_TAG) :], text)

    def _plain(self, name: str, text: str) -> object:
        if name == "null":
            return None
        if name not in ("bool", "int", "timestamp") or len(text) > _LONGEST_NUMBER:
            return Odd(one_line(text, 40))
        node = ScalarNode(_TAG + name, text)
        construct = getattr(self._constructor, f"construct_yaml_{name}")
        try:
            value: object = construct(node)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return Odd(one_line(text, 40))
        if isinstance(value, datetime) or not isinstance(value, (int, date)):
            return Odd(one_line(text, 40))
        return value
