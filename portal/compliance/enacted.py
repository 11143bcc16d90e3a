"""The law that the portal judges by: the shipped files and what the province itself published."""

from __future__ import annotations

import time
from datetime import datetime
from typing import cast

from flask import g
from sqlalchemy import func, select

from portal.compliance.engine import judge
from portal.compliance.facts import Case
from portal.compliance.findings import Judgement
from portal.compliance.models import RuleVersion, VersionState
from portal.compliance.regulation_files import own_version
from portal.compliance.regulations import Jurisdiction, Regulations, Version, default_regulations
from portal.extensions import db, settings

_Edition = tuple[int, datetime | None]

_editions: dict[_Edition, Regulations] = {}
"""The last edition of the law that this process saw; a published version never changes."""

_seen: dict[str, float] = {}
"""When, by the monotonic clock in seconds."""
SHOWN_FOR = 5.0
"""Seconds for which a page may tell the limit that was."""

_PUBLISHED = RuleVersion.state == VersionState.PUBLISHED
_LATEST = select(func.count(), func.max(RuleVersion.settled_at)).where(_PUBLISHED)


def law_in_force() -> Regulations:
    """The law as it is published now: one small statement a request, the rest is remembered."""
    if "law" not in g:
        count, settled_at = db.session.execute(_LATEST).one()
        g.law = _edition((count, settled_at))
    law: Regulations = g.law
    return law


def ask(case: Case) -> Judgement:
    """The compliance service as one call: the case by the law as it is published now."""
    return judge(case, law_in_force())


def law_shown() -> Regulations:
    """The law for pages that only tell a limit: as this process saw it a few seconds ago."""
    if time.monotonic() - _seen.get("at", float("-inf")) > SHOWN_FOR:
        return law_in_force()
    return next(iter(_editions.values()))


def forget_law() -> None:
    """To be called when a version is published: the same request may judge by it."""
    g.pop("law", None)
    _seen.clear()


def known_version(rule: str, id_: str) -> Version | None:
    """One version by its id, with what it rests on here.

    The database is asked only for one that this process never saw.
    """
    for law in (*_editions.values(), default_regulations()):
        if version := law.version(rule, id_):
            break
    else:
        version = law_in_force().version(rule, id_)
    return version.read_in(settings().province) if version else None


def _edition(edition: _Edition) -> Regulations:
    if edition not in _editions:
        law = default_regulations()
        if edition[0]:
            law = law.with_own(published())
        _editions.clear()
        _editions[edition] = law
    _seen["at"] = time.monotonic()
    return _editions[edition]


def published() -> list[Version]:
    """The province's own versions, by the order of publishing."""
    rows = db.session.scalars(select(RuleVersion).where(_PUBLISHED).order_by(RuleVersion.id))
    return [read_own(row) for row in rows]


def read_own(row: RuleVersion) -> Version:
    """A stored version, read as strictly as a file. Raises MalformedError."""
    return own_version(
        row.rule, cast("Jurisdiction", row.jurisdiction), row.definition, row.document
    )
