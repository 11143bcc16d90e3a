"""The demo's data files as values. A mistake in a file is an error at loading, never a guess."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "data"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the province as `data/units.yaml` has it."""

    slug: str
    code: str
    kind: str
    staff: str
    vi: str
    en: str
    themes: tuple[str, ...]
    trips: int
    holds: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    review: bool = True
    highland: bool = False

    @property
    def alias(self) -> str:
        """The code in the old ordering: the widest level last, filled with zeros."""
        return ".".join(["000", "00", *reversed(self.code.split("."))])

    @property
    def place(self) -> str:
        """The unit as a post names it: "huyện Tây Giang"."""
        return self.vi.removeprefix("UBND ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a unit and the account of whoever holds it."""

    post: str
    key: bool = False
    managed: str = "agency"
    sensitive: bool = False
    account: str = ""
    roles: tuple[str, ...] = ()
    fields: tuple[str, ...] | str = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One journey of a theme."""

    title: str
    countries: tuple[str, ...]
    host: str
    purpose: str
    months: tuple[int, ...]
    days: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What delegations of a kind are about. `topics` gives topics by place in the programme."""

    field: str
    content: str
    programme: tuple[str, ...]
    to: tuple[Destination, ...]
    topics: Mapping[int, list[str]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """Parts of names."""

    family: tuple[str, ...]
    highland_family: tuple[str, ...]
    men: Mapping[str, list[str]]
    women: Mapping[str, list[str]]


@cache
def units() -> tuple[Unit, ...]:
    """Every unit, in the order of the file."""
    return tuple(Unit(**_tuples(row)) for row in read("units.yaml")["units"])


@cache
def successions() -> tuple[Mapping[str, str], ...]:
    """Which unit takes over from which."""
    return tuple(read("units.yaml")["successions"])


@cache
def posts_of(unit: Unit) -> tuple[Post, ...]:
    """The posts of a unit, leaders first, the names of its divisions filled in."""
    raw = read("staff.yaml")
    divisions = iter(unit.divisions)
    rows = [*raw[unit.staff], *raw["extra"].get(unit.slug, ())]
    return tuple(
        Post(**_tuples(row) | {"post": _named(row["post"], unit, divisions)}) for row in rows
    )


@cache
def themes() -> Mapping[str, Theme]:
    """Every theme by its name."""
    return {
        name: Theme(
            **_tuples(row) | {"to": tuple(Destination(**_tuples(place)) for place in row["to"])}
        )
        for name, row in read("trips.yaml")["themes"].items()
    }


@cache
def names() -> Names:
    """Parts of Vietnamese names."""
    return Names(**_tuples(read("names.yaml")))


def fields_of(unit: Unit) -> tuple[str, ...]:
    """The fields of work of the unit's delegations."""
    return tuple(sorted({themes()[name].field for name in unit.themes} | {"general"}))


def _named(post: str, unit: Unit, divisions: Any) -> str:
    if "{division}" in post:
        post = post.replace("{division}", next(divisions, "Tổng hợp"))
    return post.replace("{unit}", unit.place)


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


@cache
def read(name: str) -> Any:
    """A data file as plain values."""
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
