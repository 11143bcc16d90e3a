"""The JSON Schema of a case, written down by the readers of the case file themselves.

Copies of their functions run with a `Fields` that reads nothing but notes what it is asked for:
which keys, of which type, from which words, required or not. What the readers take is what the
document says; nobody keeps a second list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, Final

from portal.compliance import case_activities, cases
from portal.compliance.facts import KINDS, Kind
from portal.compliance.reader import FIRST_YEAR, Path
from portal.compliance.rules import RULE_IDS

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
ID: Final[Schema] = {"type": "string", "pattern": r"\S"}
FLAG: Final[Schema] = {"type": "boolean"}
COUNTRY: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{2}$"}
DAY: Final[Schema] = {
    "type": "string",
    "format": "date",
    "pattern": rf"^{FIRST_YEAR // 100}[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}$",
}
_EXAMPLE: Final = "x"
"""Every id that a noting reader gets, so that whatever it looks up is declared."""


class _Raw(dict[str, Any]):
    """A value that a reader looks at itself; knows where its schema is to be noted."""

    def __init__(self, parent: Noted, key: str) -> None:
        super().__init__()
        self.parent, self.key = parent, key

    def note(self, schema: Schema) -> None:
        self.parent.properties[self.key] = schema


class Noted:
    """Stands for `reader.Fields`: answers with examples and notes each question."""

    def __init__(self, value: object, path: Path, allowed: Iterable[str], _what: str) -> None:
        self.path = path
        self.allowed = tuple(allowed)
        self.properties: dict[str, Schema] = {}
        self.required: set[str] = set()
        if isinstance(value, _Raw):
            value.note({"object": self})

    @property
    def schema(self) -> Schema:
        """Raises KeyError for a key that the reader allows and never asks for."""
        found = {
            key: _finished(self.properties[key], key not in self.required) for key in self.allowed
        }
        closed: Schema = {"type": "object", "properties": found, "additionalProperties": False}
        return closed | ({"required": sorted(self.required)} if self.required else {})

    def has(self, key: str) -> bool:
        return key in self.allowed

    def demand(self, key: str, _what: str) -> None:
        self.required.add(key)

    def raw(self, key: str) -> _Raw:
        self.properties.setdefault(key, {})
        return _Raw(self, key)

    def at(self, key: str) -> Path:
        return (*self.path, key)

    def text(self, key: str) -> str:
        self.properties[key] = TEXT
        return _EXAMPLE

    def stated(self, key: str) -> bool:
        return bool(self.text(key))

    def id(self, key: str) -> str:
        self.required.add(key)
        self.properties[key] = ID
        return _EXAMPLE

    def day(self, key: str) -> date:
        self.properties[key] = DAY
        return date(FIRST_YEAR, 1, 1)

    def required_day(self, key: str) -> date:
        self.required.add(key)
        return self.day(key)

    def flag(self, key: str) -> bool:
        self.properties[key] = FLAG
        return False

    maybe_flag = flag

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        self.properties[key] = {"enum": list(allowed)}
        return allowed[0]

    def required_choice(self, key: str, allowed: tuple[str, ...]) -> str:
        self.required.add(key)
        return self.choice(key, allowed)

    def integer(self, key: str, lowest: int, highest: int | None) -> int:
        limits = {"minimum": lowest} | ({} if highest is None else {"maximum": highest})
        self.properties[key] = {"type": "integer", **limits}
        return lowest

    def required_integer(self, key: str, lowest: int, highest: int | None) -> int:
        self.required.add(key)
        return self.integer(key, lowest, highest)

    def each(self, key: str, read: Callable[..., Any]) -> tuple[Any, ...]:
        """A list, of plain values or of objects that `read` reads in their turn."""
        example = read(_Raw(self, key), (*self.at(key), 0))
        self.properties[key] = {"type": "array", "items": self.properties[key]}
        return () if example is None else (example,)

    def choices(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        self.properties[key] = {"type": "array", "items": {"enum": list(allowed)}}
        return ()


def schema_of(read: Callable[[Any], object]) -> Schema:
    """What a noting reader of one mapping takes."""
    root = Noted({}, (), ("document",), "")
    read(root.raw("document"))
    return _finished(root.properties["document"], optional=False)


@cache
def case_schema() -> Schema:
    """One case as `read_case` takes it."""
    readers = noting(
        cases,
        read_activity=_read_activity,
        _declared_in_activity=lambda *_facts: None,
        _as_rule=_leaf({"enum": sorted(RULE_IDS)}),
    )
    return schema_of(readers["read_case"])


@cache
def activity_schema(*, history: bool) -> Schema:
    """One activity of any kind; an entry of the history says its status too."""
    return {"oneOf": [_of_kind(kind, history) for kind in KINDS]}


def noting(module: ModuleType, **others: object) -> dict[str, Any]:
    """The functions of a reader's module, copied, with everything they call noting too."""
    names: dict[str, Any] = vars(module) | _LEAVES | {"Fields": Noted} | others
    functions = [one for one in vars(module).values() if isinstance(one, FunctionType)]
    for function in functions:
        name = function.__name__
        if function.__module__ == module.__name__ and names[name] is function:
            copied = FunctionType(function.__code__, names, name, function.__defaults__)
            copied.__kwdefaults__ = function.__kwdefaults__
            names[name] = copied
    return names


def _of_kind(kind: Kind, history: bool) -> Schema:
    readers = noting(case_activities)
    keys, read = readers["_KINDS"][kind]
    where, extra = ("history", ("status",)) if history else ("proposal", ())
    fields = Noted({}, (where,), (*case_activities.COMMON, *extra, *keys), "")
    readers[read.__name__](fields)
    fields.demand("kind", "")
    fields.properties["kind"] = {"const": kind}
    schema = fields.schema
    carried = schema["properties"].get("secret_documents")
    if carried is not None:  # the one fact that is either a yes or no, or more exact
        either = {"anyOf": [{**carried, "type": "object"}, {"type": ["boolean", "null"]}]}
        schema["properties"]["secret_documents"] = either
    return {"title": kind, **schema}


def _read_activity(value: _Raw, _path: Path, *, history: bool) -> None:
    value.note(activity_schema(history=history))


def _leaf(schema: Schema) -> Callable[[_Raw, Path], None]:
    """Stands for one of the readers of a single value."""
    return lambda value, _path: value.note(schema)


_LEAVES: Final = {
    "as_text": _leaf(TEXT),
    "as_id": _leaf(ID),
    "as_flag": _leaf(FLAG),
    "as_country": _leaf(COUNTRY),
}


def _finished(noted: Schema, optional: bool) -> Schema:
    """The objects inside as schemas; null counts as absent wherever absent is allowed."""
    schema = noted["object"].schema if "object" in noted else dict(noted)
    if "items" in schema:
        schema["items"] = _finished(schema["items"], optional=False)
    if optional and "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    elif optional and "type" in schema:
        schema["type"] = [schema["type"], "null"]
    return schema
