"""The words for facts about people."""

from __future__ import annotations

from typing import Final

from portal.identity.types import ManagedBy
from portal.web.i18n import LazyText, lazy

MANAGED_BY: Final[dict[str, LazyText]] = {
    ManagedBy.AGENCY: lazy("the agency"),
    ManagedBy.CHAIR: lazy("the chair of the provincial People's Committee"),
    ManagedBy.STANDING_COMMITTEE: lazy("the standing committee of the provincial Party Committee"),
    ManagedBy.CENTRAL: lazy("the central authorities"),
}

FIELDS_OF_WORK: Final[dict[str, LazyText]] = {
    "economy": lazy("economy"),
    "culture": lazy("culture, society"),
    "education": lazy("education"),
    "health": lazy("health"),
    "environment": lazy("environment"),
    "justice": lazy("justice"),
    "party": lazy("Party affairs"),
    "general": lazy("general affairs"),
}
"""Fields of work (lĩnh vực) in which a deputy signs; the codes are those of an activity's field."""

STAND_IN_STATUS: Final[dict[str, tuple[LazyText, str]]] = {
    "acting": (lazy("acting"), "green"),
    "coming": (lazy("begins later"), "blue"),
    "resting": (lazy("rests while abroad"), "amber"),
    "ended": (lazy("ended"), "grey"),
    "revoked": (lazy("taken back"), "grey"),
}
