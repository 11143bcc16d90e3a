"""Cases in bulk: one JSON object a line, read one at a time however many there are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from portal.compliance.cases import CaseFileError, LoadedCase, read_case
from portal.compliance.strict_yaml import MAX_BYTES, ROOT, MalformedError, Odd, one_line

_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")


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
        if _SUSPECT.search(line) and any(map(_FORBIDDEN.search, _texts(value))):
            raise MalformedError(ROOT, "expected text without NUL and surrogate characters")
    except UnicodeDecodeError as error:
        raise MalformedError(ROOT, f"expected UTF-8, byte {error.start} is not") from None
    except json.JSONDecodeError as error:
        expected = f"expected one JSON object, column {error.colno}: {one_line(error.msg, 80)}"
        raise MalformedError(ROOT, expected, line=error.lineno) from None
    except RecursionError:
        raise MalformedError(ROOT, "expected at most 50 levels") from None
    return value


def _texts(value: object) -> Iterator[str]:
    """Every key and text in a JSON value."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict):
            waiting += [*inner.keys(), *inner.values()]
        elif isinstance(inner, list):
            waiting += inner


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise MalformedError(one_line(twice, 60), "expected each key once, this one is given twice")
    return found


def _no_number(text: str) -> Odd:
    return Odd(one_line(text, 40))


def _whole_number(text: str) -> object:
    return int(text) if len(text) <= 64 else Odd(one_line(text, 40))


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_no_number,
    parse_int=_whole_number,
    parse_constant=_no_number,
)
