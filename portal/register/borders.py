"""The borders of a rule, as the project's own cases draw them.

The cases of a file are written in order, subject by subject: what passes right before and after a
finding of a rule is what the law still allows there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.compliance.cases import load_file
from portal.compliance.engine import judge
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.compliance.rules import RULES
from portal.web.i18n import dgettext


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a file: its name, its kind, and what is found in it."""

    name: str
    file: str
    kind: str
    severities: dict[str, str]
    """By rule, of every finding."""

    @property
    def sentence(self) -> str:
        """The name in the language spoken now."""
        return dgettext("cases", self.name)

    @property
    def passes(self) -> bool:
        return not {"block", "warn"} & set(self.severities.values())


@dataclass(frozen=True, slots=True)
class Borders:
    """Where a rule speaks, and where it stays silent: in the cases beside those, and elsewhere."""

    speaks: tuple[CaseLine, ...]
    silent: tuple[CaseLine, ...]
    elsewhere: int
    """Cases of its kind that were written for other rules and in which it says nothing."""


@lru_cache(maxsize=len(RULES))
def borders_of(rule: str) -> Borders:
    """The borders of one rule; worked out once a process, for cases change with the software."""
    asked = [c for c in _cases() if rule in c.severities or RULES[rule].concerns(c.kind)]
    speaks = tuple(case for case in asked if rule in case.severities)
    silent = tuple(_beside(rule, _home(speaks)))
    return Borders(speaks, silent, len(asked) - len(speaks) - len(silent))


def _home(speaks: Sequence[CaseLine]) -> str:
    """The file written about a rule: where it alone speaks most often."""
    alone = [case for case in speaks if len(case.severities) == 1] or speaks
    files = Counter(case.file for case in alone)
    return max(files, key=files.__getitem__, default="")


def _beside(rule: str, file: str) -> Iterator[CaseLine]:
    """What passes in a file with nothing but passing cases between it and the rule's findings."""
    cases = [case for case in _cases() if case.file == file]
    told = [place for place, case in enumerate(cases) if rule in case.severities or not case.passes]
    for place, case in enumerate(cases):
        if place in told:
            continue
        before = max((one for one in told if one < place), default=None)
        after = min((one for one in told if one > place), default=None)
        if any(one is not None and rule in cases[one].severities for one in (before, after)):
            yield case


@lru_cache(maxsize=1)
def _cases() -> tuple[CaseLine, ...]:
    """The project's own cases, judged by the law that came with the software."""
    return tuple(
        CaseLine(
            loaded.name,
            file.name,
            loaded.case.proposal.kind,
            {finding.rule: finding.severity for finding in judge(loaded.case).findings},
        )
        for file in sorted((DEFAULT_FOLDER / "cases").rglob("*.yaml"))
        for loaded in load_file(file)
    )
