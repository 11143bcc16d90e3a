"""Findings in the reader's language, and no more of them than the reader may see.

Of other agencies' people everybody sees the number of trips; the trips themselves are for those
who may see them (travel:view-all).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from portal.access.permissions import Permission
from portal.activities.kinds.outbound.choices import BODIES
from portal.activities.words import AUTHORITIES
from portal.compliance.findings import Finding, Judgement, Standing
from portal.compliance.messages.words import GRANTORS
from portal.compliance.names import Names
from portal.compliance.regulations import LegalBasis
from portal.core import clock
from portal.core.context import Actor, current_actor
from portal.core.working_days import add_working_days
from portal.web.i18n import _, locale
from portal.workflow.machine import machine_of

ANSWERED: Final = "warn"
"""Findings of this severity want a written answer of the proposer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding as the person who asks may see it."""

    rule: str
    severity: str
    message: str
    law: tuple[dict[str, str], ...]
    cures: tuple[dict[str, str], ...] = ()
    waived: bool = False
    grantor: str = ""
    """Who could waive it, in words; empty when nobody can or it is waived."""
    answer: str = ""
    first: bool = True
    """False for a further finding of a rule that stands above already: one answer serves both."""

    @property
    def wants_answer(self) -> bool:
        return self.severity == ANSWERED


@dataclass(frozen=True, slots=True)
class Assessment:
    """A judgement with its findings in words. `verdict_id` is None while it is not kept."""

    judgement: Judgement
    findings: tuple[Shown, ...]
    verdict_id: int | None = None

    def shown(self, findings: Iterable[Finding]) -> tuple[Shown, ...]:
        """These findings of the judgement in words."""
        pairs = dict(zip(map(id, self.judgement.findings), self.findings, strict=True))
        return tuple(pairs[id(finding)] for finding in findings)

    @property
    def kind(self) -> Standing:
        """The verdict line: pass, warn, waiver (it waits for one) or block."""
        return self.judgement.standing

    @property
    def summary(self) -> str:
        """What is to be done about it, in a few words."""
        if self.kind == "block":
            return _("Change what blocks, or let the head refer the file.")
        said = []
        if self.unanswered:
            said.append(_("Answer each warning in writing."))
        if self.judgement.asks_for_waivers:
            said.append(_("May be submitted; the decision waits for a waiver."))
        return " ".join(said)

    @property
    def blocks(self) -> int:
        return sum(1 for finding in self.judgement.findings if finding.stops)

    @property
    def warnings(self) -> int:
        return sum(1 for finding in self.judgement.findings if finding.severity == "warn")

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Rules whose warning has no written answer yet."""
        silent = (f.rule for f in self.findings if f.wants_answer and not f.answer.strip())
        return tuple(dict.fromkeys(silent))

    @property
    def waived(self) -> bool:
        """Whether a waiver bears on any finding."""
        return any(finding.waived for finding in self.findings)

    @property
    def explained(self) -> bool:
        """Whether every warning is answered and every block waived: nothing is left to ask."""
        return self.kind == "warn" and not self.unanswered and not self.blocks

    @property
    def authority(self) -> str:
        """Who decides, in words."""
        return str(AUTHORITIES.get(self.judgement.authority or "", ""))

    @property
    def opinions(self) -> tuple[str, ...]:
        """Whose opinions are needed, in words."""
        return tuple(str(BODIES.get(body, body)) for body in self.judgement.opinions_required)

    @property
    def columns(self) -> dict[str, Any]:
        """What the file itself keeps of a judgement."""
        return {
            "blocks": self.blocks,
            "warnings": self.warnings,
            "authority": self.judgement.authority,
            "stopped": bool(self.judgement.stops_submission),
        }

    def working_days(self, *, urgent: bool) -> int:
        """Working days from the submission to the decision by the clocks of the workflow."""
        clocks = machine_of("outbound").clocks
        days = {name: item.working_days or 0 for name, item in clocks.items()}
        police = days["police"] if "police" in self.judgement.opinions_required else 0
        appraisal = max(days["focal"], police) if urgent else days["focal"] + police
        committee = days["committee"] if self.judgement.authority == "standing-committee" else 0
        return appraisal + committee + days["chair"]

    def ready_on(self, *, urgent: bool) -> date:
        """The day on which a file submitted today would be decided if every clock runs out."""
        return add_working_days(clock.today(), self.working_days(urgent=urgent))


def in_words(
    judgement: Judgement,
    names: Names,
    answers: Mapping[str, str],
    agency_of: Mapping[str, int],
    cures: Mapping[int, Sequence[dict[str, str]]],
) -> Assessment:
    """The judgement as the acting person may see it; `agency_of` says whose the people are."""
    actor = current_actor()
    findings: list[Shown] = []
    rules: set[str] = set()
    for place, finding in enumerate(judgement.findings):
        shown = _shown(_for_eyes_of(actor, finding, agency_of), names, answers)
        first = finding.rule not in rules
        findings.append(replace(shown, first=first, cures=tuple(cures.get(place, ()))))
        rules.add(finding.rule)
    return Assessment(judgement, tuple(findings))


def _for_eyes_of(actor: Actor | None, finding: Finding, agency_of: Mapping[str, int]) -> Finding:
    """The finding itself, or with counts for trips that the actor may not see one by one."""
    person = finding.facts.get("person")
    if person is None or actor is None or actor.may(Permission.TRAVEL_VIEW_ALL):
        return finding
    own = agency_of.get(str(person)) == actor.tenant_id
    return finding if own else finding.concealed()


def _shown(finding: Finding, names: Names, answers: Mapping[str, str]) -> Shown:
    english = locale() == "en"
    message = finding.message_en(names) if english else finding.message_vi(names)
    return Shown(
        rule=finding.rule,
        severity=finding.severity,
        message=message[:1].upper() + message[1:],
        law=tuple(_law(basis, english=english) for basis in finding.legal_basis),
        waived=finding.waived,
        grantor=_grantor(finding, english=english),
        answer=answers.get(finding.rule, ""),
    )


def _law(basis: LegalBasis, *, english: bool) -> dict[str, str]:
    title = basis.title.en if english else basis.title.vi
    return {
        "text": basis.document,
        "quote": f"{basis.clause}. {title}." if basis.clause else f"{title}.",
        "url": basis.link,
    }


def _grantor(finding: Finding, *, english: bool) -> str:
    by = finding.version.waivable_by
    if by is None or not finding.waivable or finding.waived:
        return ""
    return GRANTORS[by][1 if english else 0] if by in GRANTORS else by
