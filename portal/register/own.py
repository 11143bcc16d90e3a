"""What the pages of the province's own versions ask."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import select, text

from portal.compliance import version_files
from portal.compliance.enacted import law_in_force
from portal.compliance.models import RuleVersion, VersionState
from portal.compliance.regulations import NotInForce, Version
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.core.errors import NotFound
from portal.extensions import db, settings

MOST_BYTES: Final = 1024 * 1024
"""Of a file of versions."""
MAKERS: Final = frozenset({Scope.FOCAL, Scope.CHAIR, Scope.INSPECTOR})
"""Who sees drafts and what they would change (row-level security says the same)."""

_NAMES: Final = text("SELECT id, name FROM user_account WHERE id = ANY(:ids)")


def rows() -> list[RuleVersion]:
    """Every version the acting person may see, latest first."""
    return list(db.session.scalars(select(RuleVersion).order_by(RuleVersion.id.desc())))


def get(version_id: int) -> RuleVersion:
    """One of them. Raises NotFound."""
    row = db.session.get(RuleVersion, version_id)
    if row is None:
        raise NotFound
    return row


def exported() -> bytes:
    """What is published, as YAML, in the order of publishing."""
    published = RuleVersion.state == VersionState.PUBLISHED
    found = db.session.scalars(select(RuleVersion).where(published).order_by(RuleVersion.id))
    return version_files.write(found)


def sees_drafts(actor: Actor | None) -> bool:
    return actor is not None and actor.scope in MAKERS


def people_of(row: RuleVersion) -> dict[str, str]:
    """Who drafted it and who settled it, by name."""
    ids = [id_ for id_ in (row.drafted_by, row.settled_by) if id_ is not None]
    names: dict[int, str] = {row[0]: row[1] for row in db.session.execute(_NAMES, {"ids": ids})}
    return {
        "drafted": names.get(row.drafted_by, ""),
        "settled": names.get(row.settled_by or 0, ""),
    }


def replaced_by(new: Version) -> Version | NotInForce:
    """The version that holds, or would hold, on the day the new one begins."""
    found = [v for v in law_in_force().versions(new.rule) if v.id != new.id]
    own = [v for v in found if v.jurisdiction == new.jurisdiction and v.valid_from < new.valid_from]
    national = [v for v in found if v.jurisdiction == "vn" and v.is_in_force(new.valid_from)]
    latest = max(own, key=lambda v: v.valid_from, default=None)
    return latest or (national[0] if national else NotInForce(new.rule, new.valid_from))


def as_typed(rule: str) -> dict[str, Any]:
    """A new draft begins with today's numbers and the first day of next year."""
    today = clock.today()
    now = law_in_force().version_in_force(rule, settings().province, today)
    params = now.params if isinstance(now, Version) else {}
    return {
        "valid_from": date(today.year + 1, 1, 1),
        **{f"param_{name}": value for name, value in params.items()},
    }


def as_stored(row: RuleVersion) -> dict[str, Any]:
    """The fields of the form as a draft holds them."""
    definition, document = row.definition, row.document
    return {
        "valid_from": row.valid_from,
        "revision": row.revision,
        "number": document["number"],
        "title_vi": document["title"]["vi"],
        "title_en": document["title"]["en"],
        "dated": date.fromisoformat(document["date"]),
        "level": document["level"],
        "address": document["address"],
        "clause": definition["legal_basis"][0]["clause"],
        **{f"param_{name}": value for name, value in definition["params"].items()},
    }
