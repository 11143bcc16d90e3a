"""The codes of a pack in the reader's words, for spreadsheet and summary; the JSON keeps codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from portal.access.explain import named
from portal.access.permissions import Permission
from portal.activities.kinds.outbound.choices import BODIES
from portal.activities.words import (
    ACTIONS,
    AMENDMENT_STATES,
    ATTACHMENTS,
    AUTHORITIES,
    FUNDING,
    OPINIONS,
    ROLES,
)
from portal.compliance.labels import JURISDICTIONS, PARAMETERS, title_of
from portal.compliance.rules import RULE_IDS
from portal.oversight.words import GRANTORS, KINDS
from portal.plans.words import ORIGINS
from portal.web.i18n import gettext, lazy
from portal.web.states import STATES

_PERMISSIONS: Final = frozenset(Permission)
_FILE_STATES: Final = {code: state.label for code, state in STATES.items()}
_VERSION_STATES: Final = {
    "proposed": lazy("Proposed to the chair's office"),
    "published": lazy("Published"),
    "refused": lazy("Refused"),
}
_SEVERITIES: Final = {"block": lazy("Blocks"), "warn": lazy("Warning")}
_WORDS: Final[dict[str, Mapping[str, object]]] = {
    "state": {**_VERSION_STATES, **AMENDMENT_STATES, **_FILE_STATES},
    "jurisdiction": JURISDICTIONS,
    "waivable_by": {**GRANTORS, "deciding-authority": lazy("Deciding authority")},
    "from": _FILE_STATES,
    "to": _FILE_STATES,
    "kind": {"outbound": lazy("Outbound delegation"), **KINDS, **ATTACHMENTS},
    "action": {code: words.done for code, words in ACTIONS.items()},
    "outcome": _FILE_STATES,
    "act": {**ATTACHMENTS, "central": GRANTORS["central"]},
    "what": {"step": lazy("Step"), "access": lazy("Access refused")},
    "size": {"small": lazy("Small correction"), "large": lazy("Decided anew")},
    "authority": AUTHORITIES,
    "by": GRANTORS,
    "role": ROLES,
    "funding": FUNDING,
    "plan_origin": ORIGINS,
    "body": BODIES,
    "answer": OPINIONS,
    "stage": {
        "submission": lazy("For the submission"),
        "decision": lazy("For the decision"),
    },
    "severity": _SEVERITIES,
    "verdict": {"pass": lazy("Passes"), **_SEVERITIES},
}


def _numbers(params: Mapping[str, int]) -> str:
    return ", ".join(f"{PARAMETERS[name]}: {value}" for name, value in sorted(params.items()))


_OBJECTS: Final[dict[str, Callable[[Any], str]]] = {
    "params": _numbers,
    "definition": lambda stored: _numbers(stored["params"]),
    "document": lambda stored: f"{stored['number']}, {stored['date']}",
}


def in_words(key: str, value: Any) -> Any:
    """The value of the column `key` as people say it; what has no words stays as it is."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if not isinstance(value, str):
        return value
    if key in _OBJECTS:
        return _OBJECTS[key](json.loads(value))
    if value in _WORDS.get(key, ()):
        return str(_WORDS[key][value])
    if key == "action" and value in _PERMISSIONS:
        return named(Permission(value))
    if key == "rule" and value in RULE_IDS:
        return title_of(value)
    return gettext(value) if key == "reason" else value
