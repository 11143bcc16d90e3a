"""Who may know what, told from the stored rows alone: neither Casbin nor row-level security is asked.

The rule of design.md §4: an agency sees its own files; the focal point, the chair's office and the
standing committee see what was submitted; the police what they were asked about; the inspector
everything; the administrator, and everybody else, nothing more than their own agency's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from portal.access.roles import scope_of
from portal.core.context import Scope
from tests.generative.world import CANARY, World

OVERSEERS: Final = frozenset({Scope.FOCAL, Scope.CHAIR, Scope.COMMITTEE})
# Digits as the portal writes them: others, as \uff11\uff12, are only ever an echo of what was sent.
LINKED: Final = re.compile(r'(?:href|action|hx-get|hx-post)="/(?:activities|outbound)/([0-9]+)')

_PARTS: Final = (
    "outbound", "attachment", "step", "amendment", "programme_item", "opinion", "decision",
    "trip_report", "waiver",
)  # fmt: skip
_FILES: Final = "SELECT id, tenant_id, submitted_on IS NOT NULL, police_involved FROM activity"
_CONTENT: Final = " UNION ALL ".join(
    ["SELECT id, to_jsonb(x)::text FROM activity x"]
    + [f"SELECT activity_id, to_jsonb(x)::text FROM {part} x" for part in _PARTS]
)
_PAPERS: Final = (
    "SELECT tenant_id, title FROM plan_item UNION ALL SELECT tenant_id, document_no FROM stand_in"
)
_OFFICES: Final = """
    SELECT m.tenant_id, m.role FROM membership m JOIN user_account u ON u.username = %(who)s
     WHERE m.revoked_at IS NULL
       AND (m.user_id = u.id
            OR EXISTS (SELECT 1 FROM stand_in s WHERE s.membership_id = m.id
                        AND s.user_id = u.id AND s.revoked_at IS NULL))
"""


@dataclass(frozen=True, slots=True)
class Office:
    """A tenant and how far one sees from there."""

    tenant_id: int
    scope: Scope


@dataclass(frozen=True, slots=True)
class File:
    """What decides who may see a file."""

    tenant_id: int
    submitted: bool
    police: bool

    def visible_from(self, office: Office) -> bool:
        return (
            self.tenant_id == office.tenant_id
            or office.scope is Scope.INSPECTOR
            or (office.scope in OVERSEERS and self.submitted)
            or (office.scope is Scope.POLICE and self.police)
        )


@dataclass(slots=True)
class Truth:
    """Judges answers. What is stored is read anew whenever an answer seems to tell too much."""

    world: World
    _offices: dict[str, list[Office]] = field(default_factory=dict)
    _files: dict[int, File] = field(default_factory=dict)
    _holders: dict[str, set[int]] = field(default_factory=dict)
    """Mark → the files that contain it."""
    _papers: dict[str, set[int]] = field(default_factory=dict)
    """Mark → the tenants of the plan or stand-in that contains it."""

    def forget(self) -> None:
        """Offices were given or taken: ask again who works where."""
        self._offices.clear()

    def leaks(self, readers: Iterable[str], text: str, asked: str) -> list[str]:
        """What stands in an answer and is for none of its readers; `asked` is what was sent."""
        marks = set(CANARY.findall(text)) - set(CANARY.findall(asked))
        files = {id_ for id_ in LINKED.findall(text) if f"/{id_}" not in asked}
        if not marks and not files:
            return []
        for fresh in (False, True):
            if fresh:
                self._read()
            offices = [office for who in readers for office in self._offices_of(who)]
            found = [f"canary {mark}" for mark in sorted(marks) if not self._told(mark, offices)]
            found += [f"file {id_}" for id_ in sorted(files) if not self._seen(int(id_), offices)]
            if not found:
                break
        return found

    def _seen(self, file_id: int, offices: list[Office]) -> bool:
        file = self._files.get(file_id)
        return file is not None and any(file.visible_from(office) for office in offices)

    def _told(self, mark: str, offices: list[Office]) -> bool:
        if any(self._seen(file_id, offices) for file_id in self._holders.get(mark, ())):
            return True
        tenants = self._papers.get(mark, set())
        return bool(tenants) and any(
            office.scope in OVERSEERS | {Scope.INSPECTOR} or office.tenant_id in tenants
            for office in offices
        )

    def _offices_of(self, username: str) -> list[Office]:
        if username not in self._offices:
            rows = self.world.rows(_OFFICES, who=username)
            self._offices[username] = [Office(row[0], scope_of([row[1]])) for row in rows]
        return self._offices[username]

    def _read(self) -> None:
        self.forget()
        self._files = {row[0]: File(*row[1:]) for row in self.world.rows(_FILES)}
        self._holders = _marked(self.world.rows(_CONTENT))
        self._papers = _marked(self.world.rows(_PAPERS))


def _marked(rows: Iterable[tuple[int, str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for owner, text in rows:
        for mark in CANARY.findall(text):
            found.setdefault(mark, set()).add(owner)
    return found
