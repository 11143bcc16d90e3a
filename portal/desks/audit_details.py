"""What an entry of the audit log says beside its event, in words; `portal audit export` has the
data as they are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from portal.access.explain import named
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.activities.words import ATTACHMENTS, AUTHORITIES
from portal.desks.audit_names import MEANT, Names
from portal.desks.words import KINDS
from portal.web.filters import date as shown_date
from portal.web.filters import file_size
from portal.web.i18n import LazyText, gettext, lazy, locale
from portal.web.states import STATES

LABELS: Final[dict[str, LazyText]] = {
    "account": lazy("Account"),
    "activities": lazy("Files"),
    "activity_id": lazy("Delegation file"),
    "address": lazy("Address"),
    "amendment_id": lazy("Amendment no."),
    "by": lazy("By"),
    "by_admin": lazy("By the administrator"),
    "changed": lazy("Changed"),
    "document_date": lazy("Date of the document"),
    "document_no": lazy("Number of the document"),
    "endpoint": lazy("Page"),
    "everywhere": lazy("On all devices"),
    "expires_on": lazy("Valid until"),
    "fields": lazy("Fields of work"),
    "from": lazy("From before"),
    "full": lazy("With the details"),
    "kind": lazy("Kind"),
    "loosens": lazy("Loosens the rule"),
    "membership_id": lazy("Role no."),
    "method": lazy("Method"),
    "more": lazy("More"),
    "name": lazy("Name of the token"),
    "number": lazy("Amendment in turn"),
    "on_paper": lazy("From the paper"),
    "over_limit": lazy("Above a limit"),
    "params": lazy("Numbers of the rule"),
    "people": lazy("People of other agencies"),
    "person_id": lazy("Person"),
    "person_ids": lazy("Officials"),
    "plan_item_id": lazy("Plan item"),
    "reason": lazy("Reason"),
    "revision": lazy("Revision no."),
    "role": lazy("Role"),
    "rule": lazy("Rule"),
    "sealed": lazy("Document outside the system"),
    "session_id": lazy("Session no."),
    "sha256": lazy("Fingerprint"),
    "size": lazy("Size"),
    "slots": lazy("Trips counted"),
    "stand_in_id": lazy("Stand-in no."),
    "tenant_id": lazy("Agency"),
    "to": lazy("To now"),
    "token_id": lazy("By another system, token no."),
    "unrecorded": lazy("Not recorded singly"),
    "user_id": lazy("Account"),
    "valid_from": lazy("First day"),
    "valid_to": lazy("Last day"),
    "version": lazy("Version"),
    "version_id": lazy("Version no."),
    "wanted": lazy("Wanted"),
    "year": lazy("Year"),
}
"""What the data of the events are called."""

SUBJECTS: Final[dict[str, LazyText]] = {
    "activity": lazy("Delegation file"),
    "api_token": lazy("Token of another system"),
    "attachment": lazy("Document"),
    "membership": lazy("Role"),
    "person": lazy("Person"),
    "signal": lazy("Signal of evasion"),
    "stand_in": lazy("Stand-in"),
    "tenant": lazy("Agency"),
    "user": lazy("Account"),
}
"""What the things are called that an entry is about."""

_WHY: Final[dict[str, LazyText]] = {
    "unknown": lazy("there is no such account"),
    "disabled": lazy("the account is disabled"),
    "password": lazy("wrong password"),
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FINGERPRINT: Final = 12
_FIRST: Final = ("from", "to")


def about(subject_type: str | None, subject_id: int | None, names: Names) -> str:
    """What an entry is about, by its name if it has one, else by its number."""
    words = SUBJECTS.get(subject_type or "", subject_type)
    if not words:
        return ""
    return f"{words} {names.get((subject_type or '', subject_id or 0), subject_id or '')}".strip()


def in_words(data: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """Label and value of each fact that says something; yes-or-no facts only when they hold."""
    state_stays = data.get("from") == data.get("to")
    shown = []
    # The database keeps the keys by their length: from would follow to.
    for key, value in sorted(data.items(), key=lambda item: (item[0] not in _FIRST, item[0])):
        if value is None or value is False or value in ([], {}):
            continue
        if key in ("from", "to") and state_stays:
            continue
        label = LABELS.get(key)
        shown.append((str(label) if label else key, _value(key, value, names)))
    return shown


def _value(key: str, value: Any, names: Names) -> str:
    if value is True:
        return gettext("yes")
    if key in MEANT and not isinstance(value, str):
        numbers = value if isinstance(value, list) else [value]
        return ", ".join(names.get((MEANT[key], number), str(number)) for number in numbers)
    if key in _SHOWN:
        return _SHOWN[key](value)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if key in _WORDS and value in _WORDS[key]:
        return str(_WORDS[key][value])
    if key == "reason":
        return gettext(value)
    return shown_date(date.fromisoformat(value)) if _DAY.fullmatch(value) else value


def _named(value: str) -> str:
    """A permission or a role by its name; an audit log may know some that are gone."""
    for kind in (Permission, Role):
        if value in set(kind):
            return named(kind(value))
    return value


_SHOWN: Final[dict[str, Callable[[Any], str]]] = {
    "wanted": _named,
    "role": _named,
    "size": lambda size: file_size(size, code=locale()),
    "sha256": lambda fingerprint: str(fingerprint)[:_FINGERPRINT],
    "params": lambda params: ", ".join(f"{name} {number}" for name, number in params.items()),
}
_STATES: Final = {code: state.label for code, state in STATES.items()}
_WORDS: Final[dict[str, Mapping[str, object]]] = {
    "kind": {**KINDS, **ATTACHMENTS},
    "by": AUTHORITIES,
    "reason": _WHY,
    "from": _STATES,
    "to": _STATES,
}
