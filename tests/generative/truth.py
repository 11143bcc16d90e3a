"""Who may know what, told from the stored rows alone: neither Casbin nor row-level security is asked.

The rule of design.md §4: an agency sees its own files; the focal point, the chair's office and the
standing committee see what was submitted; the police what they were asked about; the inspector
everything; the administrator, and everybody else, nothing more than their own agency's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from portal.access.roles import scope_of
from portal.core.context import Scope
from tests.generative.world import CANARY, World

OVERSEERS: Final = frozenset({Scope.FOCAL, Scope.CHAIR, Scope.COMMITTEE})
LINKED: Final = re.compile(r'(?:href|action|hx-get|hx-post)="/(?:activities|outbound)/(\d+)')

# Everything that belongs to a file, as text.
_CONTENT: Final = """
    to_jsonb(a)::text
    || coalesce((SELECT to_jsonb(x)::text FROM outbound x WHERE x.activity_id = a.id), '')
    || coalesce((SELECT string_agg(to_jsonb(x)::text, '') FROM {} x WHERE x.activity_id = a.id), '')
"""
_PARTS: Final = (
    "attachment", "step", "amendment", "programme_item", "opinion", "decision", "trip_report",
    "waiver",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """A tenant and how far one sees from there."""

    tenant_id: int
    scope: Scope


def visible(office: Office, tenant_id: int, submitted: bool, police: bool) -> bool:
    """Whether a file is for the eyes of this office."""
    return (
        tenant_id == office.tenant_id
        or office.scope is Scope.INSPECTOR
        or (office.scope in OVERSEERS and submitted)
        or (office.scope is Scope.POLICE and police)
    )


@dataclass(slots=True)
class Truth:
    """Judges answers. What somebody was found to be allowed to know is remembered."""

    world: World
    _known: set[tuple[str, str]] = field(default_factory=set)

    def offices(self, username: str) -> list[Office]:
        """Where this person works now, standing in for others included."""
        found = self.world.rows(
            "SELECT m.tenant_id, m.role FROM membership m JOIN user_account u ON u.username = %(who)s"
            " WHERE m.revoked_at IS NULL AND (m.user_id = u.id OR EXISTS (SELECT 1 FROM stand_in s"
            " WHERE s.membership_id = m.id AND s.user_id = u.id))",
            who=username,
        )
        return [Office(tenant_id, scope_of([role])) for tenant_id, role in found]

    def sees_file(self, username: str, activity_id: int) -> bool:
        """Whether this person may know of the file."""
        found = self.world.rows(
            "SELECT tenant_id, submitted_on IS NOT NULL, police_involved FROM activity"
            " WHERE id = %(id)s",
            id=activity_id,
        )
        return not found or any(visible(at, *found[0]) for at in self.offices(username))

    def leaks(self, username: str | None, text: str, asked: str) -> list[str]:
        """What stands in an answer and is not for this person; `asked` is what they sent."""
        found = [
            f"canary {mark}" for mark in set(CANARY.findall(text)) - set(CANARY.findall(asked))
        ]
        found += [
            f"file {id_}" for id_ in set(LINKED.findall(text)) if f"/{id_}" not in asked
        ]  # fmt: skip
        return [one for one in found if not self._may_know(username, one)]

    def _may_know(self, username: str | None, what: str) -> bool:
        if username is None:
            return False
        if (username, what) in self._known:
            return True
        kind, _, name = what.partition(" ")
        allowed = (
            self.sees_file(username, int(name)) if kind == "file" else self._reads(username, name)
        )
        if allowed:
            self._known.add((username, what))
        return allowed

    def _reads(self, username: str, mark: str) -> bool:
        offices = self.offices(username)
        like = f"%{mark}%"
        plans = self.world.rows("SELECT tenant_id FROM plan_item WHERE title LIKE %(x)s", x=like)
        wide = any(at.scope in OVERSEERS | {Scope.INSPECTOR} for at in offices)
        own = {at.tenant_id for at in offices}
        if any(wide or tenant_id in own for (tenant_id,) in plans):
            return True
        stand_ins = self.world.rows(
            "SELECT tenant_id FROM stand_in WHERE document_no LIKE %(x)s", x=like
        )
        if any(wide or tenant_id in own for (tenant_id,) in stand_ins):
            return True
        content = " || ".join(_CONTENT.format(part) for part in _PARTS)
        files = self.world.rows(
            "SELECT a.tenant_id, a.submitted_on IS NOT NULL, a.police_involved FROM activity a"
            f" WHERE {content} LIKE %(x)s",
            x=like,
        )
        return any(visible(at, *file) for file in files for at in offices)
