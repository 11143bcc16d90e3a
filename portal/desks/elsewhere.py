"""What waits in the other offices of the person: a stand-in's, another agency's, another part's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from portal.desks.queries import FACTS_COUNTED
from portal.extensions import db
from portal.identity.offices import office_label
from portal.identity.types import Office, OpenSession

_WAITING: Final = text("""
SELECT o.key, waiting_in(o.tenant, o.scope, o.rights, :most) AS waiting
  FROM jsonb_to_recordset(CAST(:offices AS jsonb))
    AS o(key text, tenant bigint, scope text, rights text[])
""")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another office of the person; `key` names it to the switch."""

    key: str
    label: str
    waiting: int


def other_offices(opened: OpenSession | None) -> list[Elsewhere]:
    """The person's offices beside the one acted as; who has no other asks the database nothing."""
    others = [one for one in opened.offices if one != opened.office] if opened else []
    if not others:
        return []
    waiting = _waiting(others)
    return [Elsewhere(one.key, office_label(one), waiting[one.key]) for one in others]


def _waiting(offices: Sequence[Office]) -> dict[str, int]:
    """By the key of the office: open tasks that it sees and may do, counted to FACTS_COUNTED."""
    asked = [
        {
            "key": one.key,
            "tenant": one.tenant_id,
            "scope": one.scope,
            "rights": sorted(one.permissions),
        }
        for one in offices
    ]
    found = db.session.execute(_WAITING, {"offices": json.dumps(asked), "most": FACTS_COUNTED})
    return {row.key: row.waiting for row in found}
