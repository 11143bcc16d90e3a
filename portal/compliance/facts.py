"""The facts a compliance question is asked about: who, what, when, and whether a paper is there.

Free text (purpose, content, necessity, reasons, guests' names) is held only as "given or not": the
rules need no more, and a stored verdict must never carry names or passport numbers.

They are msgspec's structs: a million kept verdicts are read back from their JSON (`verdicts.py`).
A fact that equals its default is not written, so that the classes can grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final, Literal, get_args

from msgspec import Struct, field

Kind = Literal["outbound", "inbound", "conference", "project", "agreement"]
Province = Literal["quang-nam", "da-nang"]
AgencyKind = Literal[
    "department",
    "district",
    "commune",
    "mass-organisation",
    "socio-political",
    "party-body",
    "people-council",
    "public-unit",
    "police",
    "focal",
    "chair-office",
]
ManagedBy = Literal["central", "standing-committee", "chair", "agency"]
PlanStatus = Literal["draft", "submitted", "approved"]
Origin = Literal["original", "supplement", "carried-over"]
Status = Literal[
    "draft",
    "submitted",
    "in-appraisal",
    "appraised",
    "approved",
    "under-way",
    "completed",
    "reported",
    "rejected",
    "withdrawn",
    "cancelled",
]
Stage = Literal["submission", "decision"]
Classified = Literal["none", "mat", "toi-mat", "tuyet-mat"]
Role = Literal["head", "deputy", "member"]
Funding = Literal["state", "host", "enterprise", "personal"]
Organiser = Literal["agency", "enterprise"]
LeaderRank = Literal["province-leader", "province-deputy", "department"]
SecretDocuments = Literal["none", "without-permission", "permitted"]
ReceivedBy = Literal["province-leader", "agency"]
Area = Literal["border", "sea-island", "defence-security"]
OrganiserOrigin = Literal["vietnamese", "foreign"]
ForeignRank = Literal["minister", "below-minister"]
ConferenceDocument = Literal["request", "form-01"]
ProjectType = Literal["grant-aid", "oda", "investment", "other"]
DonorKind = Literal["ngo", "government", "enterprise", "individual"]
ProjectDocument = Literal["request", "donor-agreement", "project-document", "donor-status"]
Signatory = Literal["province", "department", "district", "border-commune", "mass-organisation"]
Procedure = Literal["standard", "shortened"]
AgreementDocument = Literal["proposal", "draft-vi", "draft-foreign"]
Authority = Literal[
    "central",
    "standing-committee",
    "chair",
    "prime-minister",
    "party-rules",
    "managing-body",
    "agency",
]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
DAYS_OF: Final[dict[Kind, tuple[str, str]]] = {
    "outbound": ("departs", "returns"),
    "inbound": ("arrives", "leaves"),
    "conference": ("starts", "ends"),
    "project": ("starts", "ends"),
    "agreement": ("signing", "signing"),
}
"""What each kind calls its first and its last day."""
NOTHING_CARRIED: Final[SecretDocuments] = "none"
DECIDED: Final[frozenset[str]] = frozenset({"approved", "under-way", "completed", "reported"})
PENDING: Final[frozenset[str]] = frozenset({"submitted", "in-appraisal", "appraised"})
SCREENING_QUESTIONS: Final = (
    "sensitive_area",
    "data_leaves_country",
    "ethnic_or_religious_community",
    "policy_drafting",
    "media_or_data_infrastructure",
    "unregistered_donor",
)


def given(text: str | None) -> bool:
    """Whether a free text says anything at all; only blanks say nothing."""
    return text is not None and text.strip() != ""


class Fact(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What can be written as JSON and read back as it was."""


class Agency(Fact, frozen=True):
    id: str
    kind: AgencyKind
    succeeds: tuple[str, ...] = ()


class Person(Fact, frozen=True):
    id: str
    agency: str
    key_leader: bool = False
    managed_by: ManagedBy | None = None
    sensitive_post: bool = False

    @property
    def manager(self) -> ManagedBy:
        """A key leader of whom nothing else is said is managed by the standing committee."""
        return self.managed_by or ("standing-committee" if self.key_leader else "agency")


class PlanItem(Fact, frozen=True):
    """One line of an annual plan; an absent fact means that the line says nothing about it."""

    id: str
    kind: Kind
    origin: Origin = "original"
    countries: tuple[str, ...] = ()
    month: int | None = None
    size: int | None = None
    leader: str | None = None


class Plan(Fact, frozen=True):
    agency: str
    year: int
    status: PlanStatus
    items: tuple[PlanItem, ...] = ()


class Member(Fact, frozen=True):
    person: str
    role: Role = "member"
    relative_of: str | None = None


class ProgrammeItem(Fact, frozen=True):
    on: date | None = None
    topics: tuple[str, ...] = ()


class Invitation(Fact, frozen=True):
    """`inviter`: is the inviter named? `document`: is the paper itself on file?"""

    inviter: bool = False
    dated: date | None = None
    document: bool = False


class Guest(Fact, frozen=True):
    """Which details of a foreign guest are known; the details themselves stay where they are."""

    name: bool = False
    title: bool = False
    nationality: bool = False
    passport_no: bool = False
    press: bool = False


class Opinion(Fact, frozen=True):
    """An opinion asked of a body; `objection` matters for agreements only."""

    body: str
    asked: date | None = None
    received: date | None = None
    objection: bool = False


class Donor(Fact, frozen=True):
    kind: DonorKind | None = None
    registered: bool = False


class Waiver(Fact, frozen=True):
    """A recorded exception; `document` and `reason` say whether each was stated."""

    rule: str
    by: Authority | None = None
    document: bool = False
    dated: date | None = None
    reason: bool = False


class Activity(Fact, frozen=True, kw_only=True, tag_field="kind"):
    """What every kind has. `status` is None for the proposal, set for the history."""

    kind: ClassVar[Kind]
    id: str
    agency: str
    plan_item: str | None = None
    stage: Stage = "submission"
    classified: Classified = "none"
    submitted: date | None = None
    status: Status | None = None
    reported: date | None = None

    @property
    def start(self) -> date | None:
        """The day whose law applies to the activity."""
        raise NotImplementedError

    @property
    def end(self) -> date | None:
        """The day from which its follow-up duties are counted."""
        raise NotImplementedError

    def reported_by(self, day: date) -> bool:
        """Whether its report was in on `day`; without a date the status must say so."""
        if self.reported is not None:
            return self.reported <= day
        return self.status == "reported"


class Outbound(Activity, frozen=True, kw_only=True, tag="outbound"):
    kind: ClassVar[Kind] = "outbound"
    departs: date | None = None
    returns: date | None = None
    countries: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    purpose: bool = False
    host_partner: bool = False
    content: bool = False
    programme: tuple[ProgrammeItem, ...] = ()
    invitation: Invitation | None = None
    necessity: bool = False
    funding: Funding | None = None
    organiser: Organiser | None = None
    leader_rank: LeaderRank | None = None
    important_event: bool = False
    secret_documents: SecretDocuments = NOTHING_CARRIED
    passports_returned: date | None = None

    @property
    def start(self) -> date | None:
        return self.departs

    @property
    def end(self) -> date | None:
        return self.returns


class Inbound(Activity, frozen=True, kw_only=True, tag="inbound"):
    kind: ClassVar[Kind] = "inbound"
    arrives: date | None = None
    leaves: date | None = None
    guests: tuple[Guest, ...] = ()
    press_permit: bool = False
    received_by: ReceivedBy | None = None
    areas: tuple[Area, ...] = ()
    police_notified: date | None = None

    @property
    def start(self) -> date | None:
        return self.arrives

    @property
    def end(self) -> date | None:
        return self.leaves


class Conference(Activity, frozen=True, kw_only=True, tag="conference"):
    """`None` in one of the three foreign facts means not known yet, which is not no."""

    kind: ClassVar[Kind] = "conference"
    starts: date | None = None
    ends: date | None = None
    organiser_origin: OrganiserOrigin | None = None
    foreign_participants: bool | None = None
    foreign_funding: bool | None = None
    press_conference: bool = False
    highest_foreign_rank: ForeignRank | None = None
    topics: tuple[str, ...] = ()
    documents: tuple[ConferenceDocument, ...] = ()
    opinions: tuple[Opinion, ...] = ()

    @property
    def start(self) -> date | None:
        return self.starts

    @property
    def end(self) -> date | None:
        return self.ends


class Project(Activity, frozen=True, kw_only=True, tag="project"):
    """`screening` holds only the questions that were answered."""

    kind: ClassVar[Kind] = "project"
    type: ProjectType = "grant-aid"
    starts: date | None = None
    ends: date | None = None
    donor: Donor | None = None
    topics: tuple[str, ...] = ()
    documents: tuple[ProjectDocument, ...] = ()
    screening: Mapping[str, bool] = field(default_factory=dict)
    dossier_complete: date | None = None
    appraised: date | None = None
    opinions: tuple[Opinion, ...] = ()

    @property
    def start(self) -> date | None:
        return self.starts

    @property
    def end(self) -> date | None:
        return self.ends


class Agreement(Activity, frozen=True, kw_only=True, tag="agreement"):
    kind: ClassVar[Kind] = "agreement"
    signatory: Signatory | None = None
    signing: date | None = None
    procedure: Procedure = "standard"
    topics: tuple[str, ...] = ()
    documents: tuple[AgreementDocument, ...] = ()
    non_binding_clause: bool = False
    opinions: tuple[Opinion, ...] = ()

    @property
    def start(self) -> date | None:
        return self.signing

    @property
    def end(self) -> date | None:
        return self.signing


AnyActivity = Outbound | Inbound | Conference | Project | Agreement


class Case(Fact, frozen=True, kw_only=True):
    """One question: may this proposal go on, as of that day, given all that counts with it?"""

    as_of: date
    province: Province
    proposal: AnyActivity
    agencies: Mapping[str, Agency]
    people: Mapping[str, Person]
    plans: tuple[Plan, ...] = ()
    history: tuple[AnyActivity, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def event_date(self) -> date:
        """The day that chooses the version of every rule."""
        return self.proposal.start or self.as_of

    @property
    def line(self) -> frozenset[str]:
        """The proposing agency and, over any number of steps, those it succeeds."""
        found = {self.proposal.agency}
        waiting = [self.proposal.agency]
        while waiting:
            earlier = set(self.agencies[waiting.pop()].succeeds) - found
            found |= earlier
            waiting.extend(earlier)
        return frozenset(found)
