"""What people, agencies, plan items and files of the database are called in a case.

A case knows text ids only; each says by its first letter what it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.compliance.facts import Status

STATUSES: Final[Mapping[str, Status]] = {
    "submitted": "submitted",
    "in-appraisal": "in-appraisal",
    "returned": "submitted",  # sent back, not withdrawn: it still means to take its place
    "appraised": "appraised",
    "approved": "approved",
    "under-way": "under-way",
    "completed": "completed",
    "reported": "reported",
    "closed": "reported",
}
"""As what a file of each state counts beside others; a state that is not here counts as nothing."""


def person_key(person_id: int) -> str:
    return f"p{person_id}"


def agency_key(tenant_id: int) -> str:
    return f"t{tenant_id}"


def item_key(item_id: int) -> str:
    return f"i{item_id}"


def activity_key(activity_id: int) -> str:
    return f"a{activity_id}"


def number_of(key: str) -> int:
    """The database id in a key of a case ("p12" → 12)."""
    return int(key[1:])
