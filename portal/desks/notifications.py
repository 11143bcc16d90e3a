"""The bell: who is told of what (written by the worker, set by set), and what a person has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import TextClause, text, update

from portal.access.enforcer import rights_table
from portal.access.permissions import Permission
from portal.core import clock
from portal.core.unit_of_work import unit_of_work
from portal.desks.models import Notification
from portal.extensions import db

PAGE: Final = 25
COUNTED: Final = 100
"""The bell counts no further."""


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox that waits: ids only."""

    id: int
    topic: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entrusted:
    """An office that was entrusted to the person told."""

    role: str
    principal: str
    document_no: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class RuleVersionTold:
    """A version of the province's own that waits to be published, or was settled."""

    id: int
    rule: str
    document_no: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Line:
    """One line under the bell, of a file, of an entrusted office or of a version of a rule.

    All three are None where it is a matter of another office of the person, as `title` is then.
    """

    id: int
    topic: str
    detail: str
    activity_id: int | None
    title: str | None
    desk: str
    created_at: datetime
    unread: bool
    entrusted: Entrusted | None
    version: RuleVersionTold | None


# Whoever holds, today and on that desk, a role that carries the task's permission; a deputy with
# fields of work only for files in them; and who stands in for such a person.
_TELL_DESKS = text("""
WITH message AS (
    SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[])) AS m(id, task_id)
), rights AS (
    SELECT * FROM unnest(CAST(:permissions AS text[]), CAST(:roles AS text[]))
        AS r(permission, role)
), holder AS (
    SELECT m.id AS outbox_id, k.desk_tenant_id, k.activity_id, k.kind, office.id, office.user_id
      FROM message m
      JOIN task k ON k.id = m.task_id AND k.closed_at IS NULL
      JOIN activity a ON a.id = k.activity_id
      JOIN rights r ON r.permission = k.permission
      JOIN membership office
        ON office.tenant_id = k.desk_tenant_id AND office.role = r.role
       AND office.revoked_at IS NULL AND office.valid_from <= :today
       AND (office.valid_to IS NULL OR office.valid_to >= :today)
       AND (office.fields = '{}' OR a.field = ANY (office.fields))
), told AS (
    SELECT outbox_id, desk_tenant_id, activity_id, kind, user_id FROM holder
    UNION
    SELECT h.outbox_id, h.desk_tenant_id, h.activity_id, h.kind, s.user_id
      FROM holder h JOIN stand_in s ON s.membership_id = h.id
     WHERE s.revoked_at IS NULL AND :today BETWEEN s.valid_from AND s.valid_to
)
INSERT INTO notification (user_id, desk_tenant_id, outbox_id, activity_id, topic, created_at)
SELECT t.user_id, t.desk_tenant_id, t.outbox_id, t.activity_id, :topic || ':' || t.kind, :now
  FROM told t JOIN user_account u ON u.id = t.user_id AND u.active
    ON CONFLICT (user_id, outbox_id) DO NOTHING
""")

# Whoever of the proposing agency has worked on the file and still works there, except who moved it.
_TELL_AUTHORS = text("""
WITH moved AS (
    SELECT m.id AS outbox_id, a.id AS activity_id, a.tenant_id, a.created_by, s.action, s.user_id
      FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[])) AS m(id, step_id)
      JOIN step s ON s.id = m.step_id
      JOIN activity a ON a.id = s.activity_id
), author AS (
    SELECT outbox_id, created_by AS user_id FROM moved
    UNION
    SELECT f.outbox_id, earlier.user_id
      FROM moved f
      JOIN step earlier ON earlier.activity_id = f.activity_id
                       AND earlier.actor_tenant_id = f.tenant_id
)
INSERT INTO notification (user_id, desk_tenant_id, outbox_id, activity_id, topic, created_at)
SELECT u.id, f.tenant_id, f.outbox_id, f.activity_id, :topic || ':' || f.action, :now
  FROM moved f
  JOIN author w USING (outbox_id)
  JOIN user_account u ON u.id = w.user_id AND u.active AND u.id IS DISTINCT FROM f.user_id
 WHERE EXISTS (
       SELECT 1 FROM membership office
        WHERE office.user_id = u.id AND office.tenant_id = f.tenant_id
          AND office.revoked_at IS NULL AND office.valid_from <= :today
          AND (office.valid_to IS NULL OR office.valid_to >= :today))
    ON CONFLICT (user_id, outbox_id) DO NOTHING
""")

_TELL_STAND_INS = text("""
INSERT INTO notification (user_id, desk_tenant_id, outbox_id, stand_in_id, topic, created_at)
SELECT s.user_id, s.tenant_id, m.id, s.id, :topic, :now
  FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[])) AS m(id, stand_in_id)
  JOIN stand_in s ON s.id = m.stand_in_id
  JOIN user_account u ON u.id = s.user_id AND u.active
    ON CONFLICT (user_id, outbox_id) DO NOTHING
""")

# Whoever may publish a version of a rule, and who stands in for such a person, while it waits.
_TELL_PUBLISHERS = text("""
WITH holder AS (
    SELECT office.id, office.user_id, office.tenant_id FROM membership office
     WHERE office.role = ANY (:roles) AND office.revoked_at IS NULL
       AND office.valid_from <= :today AND (office.valid_to IS NULL OR office.valid_to >= :today)
), told AS (
    SELECT user_id, tenant_id FROM holder
    UNION
    SELECT s.user_id, h.tenant_id FROM holder h JOIN stand_in s ON s.membership_id = h.id
     WHERE s.revoked_at IS NULL AND :today BETWEEN s.valid_from AND s.valid_to
)
INSERT INTO notification (user_id, desk_tenant_id, outbox_id, rule_version_id, topic, created_at)
SELECT t.user_id, t.tenant_id, m.id, v.id, :topic, :now
  FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[])) AS m(id, version_id)
  JOIN rule_version v ON v.id = m.version_id AND v.state = 'proposed'
 CROSS JOIN told t
  JOIN user_account u ON u.id = t.user_id AND u.active
    ON CONFLICT (user_id, outbox_id) DO NOTHING
""")

# Who drafted a version, where they may still draft one.
_TELL_DRAFTERS = text("""
INSERT INTO notification (user_id, desk_tenant_id, outbox_id, rule_version_id, topic, created_at)
SELECT u.id, office.tenant_id, m.id, v.id, :topic, :now
  FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[])) AS m(id, version_id)
  JOIN rule_version v ON v.id = m.version_id
  JOIN user_account u ON u.id = v.drafted_by AND u.active
  JOIN membership office ON office.user_id = u.id AND office.role = ANY (:roles)
   AND office.revoked_at IS NULL AND office.valid_from <= :today
   AND (office.valid_to IS NULL OR office.valid_to >= :today)
    ON CONFLICT (user_id, outbox_id) DO NOTHING
""")

_LINES = text("""
SELECT n.id, split_part(n.topic, ':', 1), split_part(n.topic, ':', 2), n.activity_id, a.title,
       CASE WHEN :locale = 'en' THEN t.name_en ELSE t.name_vi END, n.created_at, n.read_at IS NULL,
       office.role, principal.name, s.document_no, s.valid_from, s.valid_to,
       v.id, v.rule, v.document ->> 'number', v.valid_from
  FROM notification n
  JOIN tenant t ON t.id = n.desk_tenant_id
  LEFT JOIN activity a ON a.id = n.activity_id
  LEFT JOIN (stand_in s JOIN membership office ON office.id = s.membership_id
             JOIN user_account principal ON principal.id = office.user_id) ON s.id = n.stand_in_id
  LEFT JOIN rule_version v ON v.id = n.rule_version_id
 WHERE n.user_id = :user_id AND (CAST(:before AS bigint) IS NULL OR n.id < :before)
 ORDER BY n.id DESC LIMIT :many
""")

_UNREAD = text(
    "SELECT count(*) FROM (SELECT 1 FROM notification"
    " WHERE user_id = :user_id AND read_at IS NULL LIMIT :most) unread"
)


def tell_desks(topic: str, messages: Sequence[Message]) -> None:
    """Tell everybody who may do the task (`task_id`) that it waits, comes due or is overdue.

    Telling twice changes nothing. A task that is done meanwhile is not worth a word.
    """
    pairs = _rights()
    _tell(
        _TELL_DESKS,
        topic,
        messages,
        "task_id",
        permissions=[permission for permission, _ in pairs],
        roles=[role for _, role in pairs],
    )


def tell_authors(topic: str, messages: Sequence[Message]) -> None:
    """Tell those who work on a file that somebody else moved it (`step_id`)."""
    _tell(_TELL_AUTHORS, topic, messages, "step_id")


def tell_stand_ins(topic: str, messages: Sequence[Message]) -> None:
    """Tell somebody that an office is entrusted to them, or taken back before its time."""
    _tell(_TELL_STAND_INS, topic, messages, "stand_in_id")


def tell_publishers(topic: str, messages: Sequence[Message]) -> None:
    """Tell everybody who may publish a version of a rule (`version_id`) that it waits."""
    roles = _roles_with(Permission.REGULATION_PUBLISH)
    _tell(_TELL_PUBLISHERS, topic, messages, "version_id", roles=roles)


def tell_drafters(topic: str, messages: Sequence[Message]) -> None:
    """Tell who drafted a version of a rule (`version_id`) what became of it."""
    roles = _roles_with(Permission.REGULATION_DRAFT)
    _tell(_TELL_DRAFTERS, topic, messages, "version_id", roles=roles)


def _tell(
    statement: TextClause, topic: str, messages: Sequence[Message], about: str, **more: Any
) -> None:
    """`about`: which number of the payload says what each message is about."""
    db.session.execute(
        statement,
        {
            "topic": topic,
            "ids": [message.id for message in messages],
            "about": [int(message.payload[about]) for message in messages],
            "today": clock.today(),
            "now": clock.now(),
            **more,
        },
    )


def unread_count(user_id: int) -> int:
    """How many lines the person has not read, at most COUNTED."""
    found = db.session.execute(_UNREAD, {"user_id": user_id, "most": COUNTED})
    return int(found.scalar_one())


def lines(user_id: int, locale: str, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of the person's lines, newest first, older than `before`; and the next `before`."""
    rows = db.session.execute(
        _LINES, {"user_id": user_id, "locale": locale, "before": before, "many": PAGE + 1}
    ).all()
    page = [_line(row) for row in rows[:PAGE]]
    return page, page[-1].id if len(rows) > PAGE else None


def _line(row: Sequence[Any]) -> Line:
    office, version = row[8:13], row[13:]
    told = Entrusted(*office) if office[0] else None
    return Line(*[*row[:8], told, RuleVersionTold(*version) if version[0] else None])


def mark_read(user_id: int, up_to: int, *, only: bool = False) -> None:
    """Mark the person's lines up to one as read, or that one `only`."""
    these = Notification.id == up_to if only else Notification.id <= up_to
    with unit_of_work():
        db.session.execute(
            update(Notification)
            .where(Notification.user_id == user_id, Notification.read_at.is_(None), these)
            .values(read_at=clock.now())
        )


def _rights() -> list[tuple[str, str]]:
    """(permission, role) for every role that carries a permission."""
    return [
        (permission.value, role) for permission in Permission for role in _roles_with(permission)
    ]


def _roles_with(permission: Permission) -> list[str]:
    return [role.value for role in rights_table().roles_with(permission)]
