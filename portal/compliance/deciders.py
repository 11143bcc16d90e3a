"""Who decides, whose opinions are needed, who is told: the same in both provinces, always."""

from __future__ import annotations

from typing import Any, Final, cast

from portal.compliance.context import Check
from portal.compliance.facts import (
    Agreement,
    Authority,
    Conference,
    Inbound,
    Outbound,
    Project,
)

PRIME_MINISTER_TOPICS: Final = frozenset(
    {
        *("sovereignty", "security", "defence", "ethnic", "religion", "human-rights"),
        "state-secret",
    }
)
POLICE_TOPICS: Final = frozenset({"defence", "security"})
GRANT_AID_TOPICS: Final = frozenset({"security", "defence", "religion"})
MINISTRY_OF_TOPIC: Final = {"defence": "mod", "security": "mps", "investment": "mof"}
NAMED_TOPICS: Final = PRIME_MINISTER_TOPICS | set(MINISTRY_OF_TOPIC)


def authority(check: Check[Any]) -> Authority | None:
    """Who decides; None while the facts do not say (silence never picks the lower authority)."""
    proposal = check.proposal
    if isinstance(proposal, Outbound):
        return _outbound_authority(check)
    if isinstance(proposal, Inbound):
        return "chair" if proposal.received_by == "province-leader" else "agency"
    if isinstance(proposal, Conference):
        return conference_authority(check)
    if isinstance(proposal, Project):
        return _project_authority(proposal)
    return _agreement_authority(cast("Agreement", proposal), check)


def opinions_required(check: Check[Any]) -> list[str]:
    """The bodies whose opinion is needed, sorted."""
    proposal = check.proposal
    if isinstance(proposal, Outbound):
        return _outbound_opinions(check)
    if isinstance(proposal, Inbound):
        return ["focal", "police"] if proposal.received_by == "province-leader" else []
    if isinstance(proposal, Conference):
        return conference_opinions(check)
    if isinstance(proposal, Project):
        first = grant_aid_opinions() if proposal.type == "grant-aid" else ("focal", "police")
        return sorted({*first, *screening_opinions(proposal)})
    return agreement_opinions(cast("Agreement", proposal))


def notify(check: Check[Any]) -> list[str]:
    """The bodies that are told of an inbound delegation, sorted; nobody for the other kinds."""
    visit = check.proposal
    if not isinstance(visit, Inbound):
        return []
    told = {"focal", "police"}
    if "border" in visit.areas or "sea-island" in visit.areas:
        told.add("border-guard")
    if "defence-security" in visit.areas:
        told.add("military-command")
    return sorted(told)


def _outbound_authority(check: Check[Outbound]) -> Authority:
    people = check.case.people
    managers = {people[member.person].manager for member in check.proposal.members}
    if "central" in managers:
        return "central"
    return "standing-committee" if "standing-committee" in managers else "chair"


def _outbound_opinions(check: Check[Outbound]) -> list[str]:
    trip, people = check.proposal, check.case.people
    touchy = any(not POLICE_TOPICS.isdisjoint(item.topics) for item in trip.programme)
    if touchy or any(people[member.person].sensitive_post for member in trip.members):
        return ["focal", "police"]
    return ["focal"]


def is_out_of_scope(meeting: Conference) -> bool:
    """A press conference, or certainly nothing foreign; what is not known is in scope."""
    return meeting.press_conference or (
        meeting.foreign_participants is False
        and meeting.foreign_funding is False
        and meeting.organiser_origin == "vietnamese"
    )


def under_party_rules(check: Check[Conference]) -> bool:
    """Whether the organiser is the Front or one of the five socio-political organisations."""
    return check.case.agencies[check.proposal.agency].kind == "socio-political"


def conference_authority(check: Check[Conference]) -> Authority | None:
    meeting = check.proposal
    if is_out_of_scope(meeting):
        return None
    if under_party_rules(check):
        return "party-rules"
    if meeting.highest_foreign_rank == "minister":
        return "prime-minister"
    if not PRIME_MINISTER_TOPICS.isdisjoint(meeting.topics):
        return "prime-minister"
    if meeting.highest_foreign_rank is None and meeting.foreign_participants is not False:
        return None
    return "chair"


def conference_opinions(check: Check[Conference]) -> list[str]:
    decides = conference_authority(check)
    if decides == "prime-minister":
        return ["mofa", "mps"]
    return ["focal", "police"] if decides == "chair" else []


def grant_aid_opinions() -> tuple[str, ...]:
    return ("finance", "police")


def screening_opinions(project: Project) -> list[str]:
    """Any yes calls for all three; an unanswered question calls for nothing."""
    return ["focal", "military-command", "police"] if any(project.screening.values()) else []


def _project_authority(project: Project) -> Authority:
    touchy = not GRANT_AID_TOPICS.isdisjoint(project.topics)
    drafting = project.screening.get("policy_drafting", False)
    if project.type == "grant-aid" and (touchy or drafting):
        return "prime-minister"
    return "chair"


def _agreement_authority(agreement: Agreement, check: Check[Agreement]) -> Authority:
    if agreement.signatory == "mass-organisation":
        return "managing-body"
    objected = any(opinion.objection and check.came(opinion) for opinion in agreement.opinions)
    return "prime-minister" if agreement.signatory == "province" and objected else "chair"


def agreement_opinions(agreement: Agreement) -> list[str]:
    if agreement.signatory is None:
        return []
    required = {"mofa" if agreement.signatory == "province" else "focal"}
    if agreement.signatory in ("province", "department"):
        required |= {MINISTRY_OF_TOPIC[t] for t in agreement.topics if t in MINISTRY_OF_TOPIC}
    return sorted(required)
