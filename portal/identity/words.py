"""The words for facts about people, their roles and their fields of work."""

from __future__ import annotations

from typing import Final

from portal.access.roles import Role
from portal.identity.types import FieldOfWork, ManagedBy
from portal.web.i18n import LazyText, lazy, locale

MANAGED_BY: Final[dict[str, LazyText]] = {
    ManagedBy.AGENCY: lazy("the agency"),
    ManagedBy.CHAIR: lazy("the chair of the provincial People's Committee"),
    ManagedBy.STANDING_COMMITTEE: lazy("the standing committee of the provincial Party Committee"),
    ManagedBy.CENTRAL: lazy("the central authorities"),
}

FIELDS_OF_WORK: Final[dict[str, LazyText]] = {
    FieldOfWork.ECONOMY: lazy("Economy, trade, tourism"),
    FieldOfWork.CULTURE: lazy("Culture, sports, information"),
    FieldOfWork.EDUCATION: lazy("Education, science"),
    FieldOfWork.HEALTH: lazy("Health, social affairs"),
    FieldOfWork.ENVIRONMENT: lazy("Agriculture, environment"),
    FieldOfWork.JUSTICE: lazy("Justice, internal affairs"),
    FieldOfWork.PARTY: lazy("Party and mass work"),
    FieldOfWork.GENERAL: lazy("General"),
}

STAND_IN_STATUS: Final[dict[str, tuple[LazyText, str]]] = {
    "acting": (lazy("acting"), "green"),
    "coming": (lazy("begins later"), "blue"),
    "resting": (lazy("rests while abroad"), "amber"),
    "ended": (lazy("ended"), "grey"),
    "revoked": (lazy("taken back"), "grey"),
}


def role_name(role: str) -> str:
    """A role in the reader's language; a role of an older release by its code."""
    known = next((one for one in Role if one == role), None)
    if known is None:
        return role
    return known.vi if locale() == "vi" else known.en
