"""Cases in bulk: one JSON object a line, read one at a time however many there are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Final

from portal.compliance.cases import CaseFileError, LoadedCase, read_case
from portal.compliance.reader import Path
from portal.compliance.strict_yaml import (
    FORBIDDEN,
    MAX_BYTES,
    ROOT,
    MalformedError,
    Odd,
    dotted,
    one_line,
)

_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def load_lines(stream: BinaryIO, file: str) -> Iterator[LoadedCase]:
    """Every case of `stream` in order. The document number of a case is its line.

    Raises `CaseFileError` at the first line that is no case; a line has at most 1 MiB.
    """
    number = 0
    while line := stream.readline(MAX_BYTES + 2):
        number += 1
        try:
            yield read_case(read_json(line.removesuffix(b"\n")))
        except MalformedError as error:
            here = MalformedError(error.key, error.expected, number, number)
            raise CaseFileError(file, here) from None
    if number == 0:
        raise CaseFileError(file, MalformedError(ROOT, "expected a case, found an empty file"))


def read_json(line: bytes) -> object:
    """One JSON value, read as strictly as a case file; raises `MalformedError`."""
    if len(line) > MAX_BYTES:
        raise MalformedError(ROOT, "expected at most 1 MiB a line")
    try:
        text = line.decode("utf-8")
        value: object = _DECODER.decode(text.removeprefix("\ufeff"))
        if _SUSPECT.search(line):
            _refuse_forbidden(value)
    except _GivenTwiceError:
        raise _given_twice(text.removeprefix("\ufeff")) from None
    except UnicodeDecodeError as error:
        raise MalformedError(ROOT, f"expected UTF-8, byte {error.start} is not") from None
    except json.JSONDecodeError as error:
        expected = f"expected one JSON object, column {error.colno}: {one_line(error.msg, 80)}"
        raise MalformedError(ROOT, expected, line=error.lineno) from None
    except RecursionError:
        raise MalformedError(ROOT, "expected at most 50 levels") from None
    return value


def _refuse_forbidden(value: object) -> None:
    for path, inner in _places(value):
        if any(isinstance(text, str) and FORBIDDEN.search(text) for text in (*path[-1:], inner)):
            raise MalformedError(_place(path), "expected text without NUL and surrogate characters")


def _places(value: object) -> Iterator[tuple[Path, object]]:
    """Everything in a JSON value with its place, in the order of the text."""
    waiting: list[tuple[Path, object]] = [((), value)]
    while waiting:
        path, inner = waiting.pop()
        yield path, inner
        if isinstance(inner, dict):
            waiting += [((*path, key), inner[key]) for key in reversed(inner)]
        elif isinstance(inner, list):
            waiting += [((*path, n), inner[n]) for n in reversed(range(len(inner)))]


class _GivenTwiceError(Exception):
    """A mapping has a key twice; where it stands only a second reading tells."""


class _Twice(str):
    """The key that a mapping gives twice, in place of the mapping."""

    __slots__ = ()


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _GivenTwiceError
    return found


def _marked(pairs: Sequence[tuple[str, object]]) -> dict[str, object] | _Twice:
    counts = Counter(name for name, _ in pairs)
    twice = next((name for name, count in counts.items() if count > 1), None)
    return dict(pairs) if twice is None else _Twice(twice)


def _given_twice(text: str) -> MalformedError:
    """The first key that is given twice, with its place."""
    marked = _decoder(_marked).decode(text)
    path, key = next((p, inner) for p, inner in _places(marked) if isinstance(inner, _Twice))
    return MalformedError(_place((*path, key)), "expected each key once, this one is given twice")


def _place(path: Path) -> str:
    return dotted(tuple(one_line(str(part), 60) for part in path))


def _no_number(text: str) -> Odd:
    return Odd(one_line(text, 40))


def _whole_number(text: str) -> object:
    return int(text) if len(text) <= 64 else Odd(one_line(text, 40))


def _decoder(mapping: Callable[[Sequence[tuple[str, object]]], object]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=mapping,
        parse_float=_no_number,
        parse_int=_whole_number,
        parse_constant=_no_number,
    )


_DECODER: Final = _decoder(_object)
