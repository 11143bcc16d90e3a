"""What the engine answers: findings, who decides, by when. Ids only, never names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, get_args

from msgspec import Struct

from portal.compliance.facts import Authority
from portal.compliance.names import NO_NAMES, Names
from portal.compliance.regulations import LegalBasis, Severity, Version

Verdict = Literal["pass", "warn", "block"]
Standing = Literal["pass", "warn", "waiver", "block"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

_TRIP_LISTS: Final = ("decided", "pending", "used_by")


class Finding(Struct, frozen=True):
    """One thing one rule found, with the version of the law that was used and the facts it used."""

    rule: str
    severity: Severity
    version: Version
    facts: Mapping[str, Any]
    waived: bool = False
    waivable: bool = False

    @property
    def stops(self) -> bool:
        """An unwaived block."""
        return self.severity == "block" and not self.waived

    @property
    def subject(self) -> str:
        """Whom or what it is about, where a rule can find several in one case."""
        for key in ("person", "agency", "activity"):
            if key in self.facts:
                return str(self.facts[key])
        return ""

    @property
    def says_missing(self) -> bool:
        """Whether it only asks for facts or papers: giving them is the way out, no waiver is."""
        missing = self.facts.get("missing", ())
        return bool(missing) and all(isinstance(name, str) for name in missing)

    @property
    def legal_basis(self) -> tuple[LegalBasis, ...]:
        """The provisions that speak for the kind of activity that was judged."""
        kind = self.facts.get("kind")
        basis = self.version.legal_basis
        return tuple(b for b in basis if kind is None or not b.kinds or kind in b.kinds)

    def message_vi(self, names: Names = NO_NAMES) -> str:
        from portal.compliance.messages import render

        return render(self, names)[0]

    def message_en(self, names: Names = NO_NAMES) -> str:
        from portal.compliance.messages import render

        return render(self, names)[1]

    def concealed(self) -> Finding:
        """The same finding with counts in place of trips, for who may not see whose they are."""
        counts = {
            key: len(value) if key in _TRIP_LISTS and isinstance(value, list) else value
            for key, value in self.facts.items()
        }
        return Finding(self.rule, self.severity, self.version, counts, self.waived, self.waivable)

    def as_dict(self, names: Names = NO_NAMES) -> dict[str, Any]:
        from portal.compliance.messages import render

        vi, en = render(self, names)
        answer = self.stored()
        facts = answer.pop("facts")
        return answer | {
            "legal_basis": [basis.as_dict() for basis in self.legal_basis],
            "facts": facts,
            "message_vi": vi,
            "message_en": en,
        }

    def stored(self) -> dict[str, Any]:
        """What a stored verdict keeps: no sentence and no name."""
        kept: dict[str, Any] = {"rule": self.rule, "severity": self.severity}
        if self.waived:
            kept["waived"] = True
        return kept | {"version": self.version.id, "facts": dict(self.facts)}


class Deadline(Struct, frozen=True):
    """A duty the proposal itself will have: which rule, and the last day to fulfil it."""

    rule: str
    due: date

    def as_dict(self) -> dict[str, str]:
        return {"rule": self.rule, "due": self.due.isoformat()}


class Judgement(Struct, frozen=True):
    """The whole answer to one case. `authority` None: the facts do not yet say who decides."""

    authority: Authority | None
    opinions_required: tuple[str, ...]
    notify: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    rules: tuple[Version, ...]

    @property
    def verdict(self) -> Verdict:
        if any(finding.stops for finding in self.findings):
            return "block"
        return "warn" if any(f.severity == "warn" for f in self.findings) else "pass"

    @property
    def standing(self) -> Standing:
        """The verdict as people are told it: a block that can be waived asks, it does not stop."""
        if self.stops_submission:
            return "block"
        if self.asks_for_waivers:
            return "waiver"
        return "pass" if self.verdict == "pass" else "warn"

    @property
    def asks_for_waivers(self) -> tuple[Finding, ...]:
        """Blocks that do not stop a submission: the file goes on and waits at the decision."""
        return tuple(f for f in self.findings if f.stops and f.version.waivable_by is not None)

    @property
    def stops_submission(self) -> tuple[Finding, ...]:
        """Blocks that nobody can waive."""
        return tuple(f for f in self.findings if f.stops and f.version.waivable_by is None)

    def as_dict(self, case: str | None = None, names: Names = NO_NAMES) -> dict[str, Any]:
        """The JSON document of one case; `case` is its sentence in a case file."""
        answer = self._frame()
        answer["findings"] = [finding.as_dict(names) for finding in self.findings]
        return {"case": case} | answer if case is not None else answer

    def stored(self) -> dict[str, Any]:
        """What a stored verdict keeps."""
        return self._frame() | {"findings": [finding.stored() for finding in self.findings]}

    def _frame(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "authority": self.authority,
            "opinions_required": list(self.opinions_required),
            "notify": list(self.notify),
            "deadlines": [deadline.as_dict() for deadline in self.deadlines],
        }
