"""How a version of the province's own comes into force.

The focal point drafts it with the document it rests on and proposes it; the chair's office
publishes or refuses it. Nothing decided before changes: a version holds from a day that is not
yet past, and every verdict keeps the versions it was given by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.events import declare
from portal.audit.services import record
from portal.compliance import version_files
from portal.compliance.enacted import forget_law, law_in_force, read_own
from portal.compliance.models import RuleVersion, VersionState
from portal.compliance.regulation_files import OWN_DOCUMENT, own_version
from portal.compliance.regulations import Level, Regulations, Version
from portal.compliance.rules import RULES
from portal.compliance.strict_yaml import MalformedError, line_of
from portal.core import clock
from portal.core.errors import Conflict, FieldErrors, NotFound
from portal.core.outbox import post
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db, settings
from portal.web.i18n import gettext

declare(
    {
        "regulation.drafted": "rule version_id",
        "regulation.changed": "rule version_id revision",
        "regulation.proposed": "rule version_id",
        "regulation.published": "rule version_id valid_from params loosens document_no",
        "regulation.refused": "rule version_id",
    }
)

AUTHORITY: Final[dict[Level, int]] = {
    "design": 0,
    "practice-elsewhere": 0,
    "province": 1,
    "party": 2,
    "pm-decision": 3,
    "decree": 4,
    "law": 5,
}
"""Who may loosen what: a text of at least the rank of the one that set the limit."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the form of a draft holds; numbers by the name of the parameter."""

    valid_from: date
    params: Mapping[str, int]
    number: str
    title_vi: str
    title_en: str
    dated: date
    level: Level
    address: str
    clause: str


def draft(rule: str, given: Given) -> int:
    """Begin a version of `rule`; returns its id. Raises FieldErrors with what is wrong."""
    actor = require(Permission.REGULATION_DRAFT)
    version, definition, document = _made(rule, given)
    with unit_of_work():
        row = RuleVersion(
            rule=rule,
            jurisdiction=version.jurisdiction,
            valid_from=version.valid_from,
            definition=definition,
            document=document,
            loosens=loosens(version),
            drafted_by=actor.user_id,
        )
        db.session.add(row)
        db.session.flush()
        record("regulation.drafted", data={"rule": rule, "version_id": row.id})
    return row.id


def bring_in(data: bytes) -> list[int]:
    """Begin a draft for every version of an exported file; all or none; returns their ids.

    Raises FieldErrors at `file`. A draft still needs to be proposed and published here.
    """
    actor = require(Permission.REGULATION_DRAFT)
    try:
        entries = version_files.read(data)
        versions = [_brought(entry, number) for number, entry in enumerate(entries, start=1)]
    except MalformedError as error:
        raise FieldErrors({"file": _unread(error, data)}) from None
    with unit_of_work():
        rows = [
            RuleVersion(
                **entry,
                valid_from=version.valid_from,
                loosens=loosens(version),
                drafted_by=actor.user_id,
            )
            for entry, version in zip(entries, versions, strict=True)
        ]
        db.session.add_all(rows)
        db.session.flush()
        for row in rows:
            record("regulation.drafted", data={"rule": row.rule, "version_id": row.id})
    return [row.id for row in rows]


def _unread(error: MalformedError, data: bytes) -> str:
    return gettext(
        "The file cannot be read. Version %(number)s, line %(line)s, %(key)s: %(said)s.",
        number=error.document,
        line=error.line or line_of(data, error.document, error.key),
        key=error.key,
        said=error.expected,
    )


def _brought(entry: Mapping[str, Any], number: int) -> Version:
    here = settings().province
    if entry["jurisdiction"] != here:
        raise MalformedError("jurisdiction", f"expected {here}", number)
    try:
        version = own_version(entry["rule"], here, entry["definition"], entry["document"])
    except MalformedError as error:
        raise MalformedError(error.key, error.expected, number) from None
    if version.valid_to is not None:
        # The version before it has ended too: the rule would be gone, and nobody had loosened it.
        raise MalformedError("definition.valid_to", "expected nothing", number)
    if version.level != version.legal_basis[0].level:
        raise MalformedError("definition.level", "expected the level of the document", number)
    return version


def change(version_id: int, revision: int, given: Given) -> None:
    """Write a draft anew. Raises Conflict when somebody else did meanwhile."""
    require(Permission.REGULATION_DRAFT)
    with unit_of_work():
        row = _locked(version_id, VersionState.DRAFT, revision)
        version, row.definition, row.document = _made(row.rule, given)
        row.valid_from, row.loosens = version.valid_from, loosens(version)
        row.revision += 1
        data = {"rule": row.rule, "version_id": row.id, "revision": row.revision}
        record("regulation.changed", data=data)


def propose(version_id: int, revision: int) -> None:
    """Lay a draft before the chair's office."""
    actor = require(Permission.REGULATION_DRAFT)
    with unit_of_work():
        row = _locked(version_id, VersionState.DRAFT, revision)
        _check(read_own(row))
        row.state = VersionState.PROPOSED
        record("regulation.proposed", data={"rule": row.rule, "version_id": row.id})
        post("version-proposed", {"version_id": row.id}, tenant_id=actor.tenant_id)


def publish(version_id: int, revision: int) -> None:
    """Put a proposed version into force from its day on. Raises FieldErrors if it may not be."""
    actor = require(Permission.REGULATION_PUBLISH)
    with unit_of_work() as uow:
        row = _locked(version_id, VersionState.PROPOSED, revision)
        version = read_own(row)
        _check(version)
        row.loosens = loosens(version)
        row.state, row.settled_by, row.settled_at = (
            VersionState.PUBLISHED,
            actor.user_id,
            clock.now(),
        )
        try:
            db.session.flush()
        except IntegrityError:
            raise FieldErrors({"valid_from": _TAKEN}) from None
        data = {
            "rule": row.rule,
            "version_id": row.id,
            "valid_from": row.valid_from.isoformat(),
            "params": dict(version.params),
            "loosens": row.loosens,
            "document_no": version.legal_basis[0].document,
        }
        record("regulation.published", data=data)
        post("version-published", {"version_id": row.id}, tenant_id=actor.tenant_id)
        uow.after_commit("law", forget_law)


def refuse(version_id: int, revision: int, reason: str) -> None:
    """Send a proposed version away for good, with the reason."""
    actor = require(Permission.REGULATION_PUBLISH)
    if not reason.strip():
        raise FieldErrors({"reason": "Please give the reason."})
    with unit_of_work():
        row = _locked(version_id, VersionState.PROPOSED, revision)
        row.state, row.remark = VersionState.REFUSED, reason.strip()
        row.settled_by, row.settled_at = actor.user_id, clock.now()
        record("regulation.refused", data={"rule": row.rule, "version_id": row.id})
        post("version-refused", {"version_id": row.id}, tenant_id=actor.tenant_id)


def law_with(version: Version) -> Regulations:
    """The law as it would be with a version that is not published."""
    return law_in_force().with_own([version])


def loosens(version: Version) -> bool:
    """Whether it would let something pass that the version it replaces stops."""
    before = _before(version)
    return isinstance(before, Version) and version.loosens(before)


_TAKEN: Final = "Another version of this rule begins on that day. Choose another day."
_PAST: Final = "A version holds from today or a later day, never before."
_UNISSUED: Final = "The document cannot be dated after today."
_TOO_LOW: Final = "Only a document of the authority that set a limit, or a higher, may loosen it."


def _made(rule: str, given: Given) -> tuple[Version, dict[str, Any], dict[str, Any]]:
    """The version of what was typed, checked, and the two forms in which it is stored."""
    spec = RULES.get(rule)
    if spec is None:
        raise NotFound
    if not spec.params:
        raise FieldErrors({"": "This rule has no number that a version could change."})
    before = _version_on(rule, given.valid_from)
    if before is None:
        raise FieldErrors({"valid_from": "The rule is not in force on that day."})
    today = clock.today().isoformat()
    definition = {
        "valid_from": given.valid_from.isoformat(),
        "severity": before.severity,
        "waivable_by": before.waivable_by,
        "params": {name: given.params[name] for name in spec.params},
        "legal_basis": [{"document": OWN_DOCUMENT, "clause": given.clause}],
        "level": given.level,
        "mark": "V",
        "checked_on": today,
        "checked_by": require(Permission.REGULATION_DRAFT).tenant_name,
    }
    document = {
        "number": given.number,
        "title": {"vi": given.title_vi, "en": given.title_en},
        "date": given.dated.isoformat(),
        "level": given.level,
        "address": given.address,
    }
    try:
        version = own_version(rule, settings().province, definition, document)
    except MalformedError as error:
        raise FieldErrors({error.key.rpartition(".")[2]: error.expected}) from None
    _check(version)
    return version, definition, document


def _check(version: Version) -> None:
    """Raises FieldErrors when the law does not let this version be."""
    law = law_in_force()
    if version.valid_from < clock.today():
        raise FieldErrors({"valid_from": _PAST})
    if (version.legal_basis[0].date or "") > clock.today().isoformat():
        raise FieldErrors({"dated": _UNISSUED})
    if law.version(version.rule, version.id) is not None:
        raise FieldErrors({"valid_from": _TAKEN})
    national = [v for v in law.versions(version.rule) if v.jurisdiction == "vn"]
    if any(v.is_in_force(version.valid_from) and version.loosens(v) for v in national):
        raise FieldErrors({"params": "A province may tighten a rule of the State, not loosen it."})
    before = _before(version)
    if not isinstance(before, Version):
        return
    if dict(before.params) == dict(version.params):
        raise FieldErrors({"params": "Nothing would change: these are the numbers in force."})
    if any(version.loosens(higher) for higher in _above(version)):
        raise FieldErrors({"level": _TOO_LOW})


def _above(version: Version) -> list[Version]:
    """The last one before it that a higher authority set: no lower text since has repealed it."""
    earlier = [
        v
        for v in law_in_force().versions(version.rule)
        if v.jurisdiction == version.jurisdiction and v.valid_from < version.valid_from
    ]
    return [v for v in earlier if AUTHORITY[v.level] > AUTHORITY[version.level]][-1:]


def _before(version: Version) -> Version | None:
    return _version_on(version.rule, version.valid_from)


def _version_on(rule: str, day: date) -> Version | None:
    found = law_in_force().version_in_force(rule, settings().province, day)
    return found if isinstance(found, Version) else None


def _locked(version_id: int, state: VersionState, revision: int) -> RuleVersion:
    row = db.session.scalars(
        select(RuleVersion).where(RuleVersion.id == version_id).with_for_update()
    ).one_or_none()
    if row is None and db.session.get(RuleVersion, version_id) is None:
        raise NotFound
    # What is settled can be read and, by row-level security, no longer be locked.
    if row is None or row.state != state or row.revision != revision:
        raise Conflict("Somebody else changed this version meanwhile. Please look at it again.")
    return row
