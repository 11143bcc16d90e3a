"""When facts count as a signal: policies/oversight/signals.yaml, read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from portal.compliance.reader import Fields
from portal.compliance.regulations import Bilingual, Mark
from portal.compliance.strict_yaml import read_documents
from portal.config import ROOT
from portal.oversight.models import KINDS

FILE: Final = ROOT / "policies" / "oversight" / "signals.yaml"
PARAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "split-trip": ("gap_days",),
    "same-content": ("years", "alike_percent"),
    "urgent-chain": ("trips", "days"),
    "leaders-one-host": ("days",),
    "one-inviter": ("trips", "agencies"),
    "late-plan-items": ("items",),
}
"""The numbers that each finder asks for."""
_MARKS: Final[tuple[Mark, ...]] = ("V", "V-", "M", "D")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The numbers of one kind of signal, where they come from and how sure that is."""

    params: Mapping[str, int]
    mark: Mark
    source: Bilingual


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All of them; trips that departed longer ago than `look_back_years` are not looked at."""

    look_back_years: int
    kinds: Mapping[str, Threshold]

    def __getitem__(self, kind: str) -> Mapping[str, int]:
        return self.kinds[kind].params


@cache
def thresholds() -> Thresholds:
    """The shipped file; raises MalformedError when it is not complete."""
    return load(FILE)


def load(file: Path) -> Thresholds:
    """Read a file of thresholds; every kind of signal must be there."""
    (document,) = read_documents(file.read_bytes())
    root = Fields(document, (), ("look_back_years", "signals"), "a mapping")
    kinds = Fields(root.raw("signals"), ("signals",), KINDS, "a mapping of the kinds of signals")
    return Thresholds(
        root.required_integer("look_back_years", 1, 20),
        {kind: _threshold(kinds, kind) for kind in KINDS},
    )


def _threshold(kinds: Fields, kind: str) -> Threshold:
    path = kinds.at(kind)
    of_kind = Fields(kinds.raw(kind), path, ("params", "mark", "source"), "a mapping")
    params = Fields(of_kind.raw("params"), (*path, "params"), PARAMS[kind], "a mapping")
    source = Fields(of_kind.raw("source"), (*path, "source"), ("vi", "en"), "a mapping")
    return Threshold(
        {name: params.required_integer(name, 0, 10_000) for name in PARAMS[kind]},
        of_kind.required_choice("mark", _MARKS),
        Bilingual(source.id("vi"), source.id("en")),
    )
