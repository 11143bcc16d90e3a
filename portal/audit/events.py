"""The events that the audit log knows: names in the past tense, each with its exact data.

A room that has events of its own declares them when it is imported: `declare({"plan.approved":
"year ?document_no"})`. A key with `?` may be missing, the others must be there. Data hold ids,
states, days and numbers of documents; never the name of a person (`services.pseudonym`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class EventError(ValueError):
    """A programmer's mistake: an event that was never declared, or data with other keys."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the data of an event must hold and what they may hold besides."""

    required: frozenset[str]
    optional: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Keys:
        words = text.split()
        return cls(
            frozenset(word for word in words if not word.startswith("?")),
            frozenset(word[1:] for word in words if word.startswith("?")),
        )


_known: dict[str, Keys] = {}


def declare(events: Mapping[str, str]) -> None:
    """Make events known; declaring one again with other keys is refused."""
    for action, text in events.items():
        keys = Keys.parse(text)
        if _known.setdefault(action, keys) != keys:
            raise EventError(f"{action} is declared twice, with different keys")


def known() -> Mapping[str, Keys]:
    """Every declared event."""
    return _known


def check(action: str, data: Mapping[str, Any]) -> None:
    """Raise EventError unless `action` is declared and `data` has exactly its keys."""
    keys = _known.get(action)
    if keys is None:
        raise EventError(f"the audit event {action!r} is not declared")
    missing = keys.required - data.keys()
    unknown = data.keys() - keys.required - keys.optional
    if missing or unknown:
        raise EventError(
            f"{action}: missing {sorted(missing)}, unknown {sorted(unknown)} in its data"
        )


declare(
    {
        # Refused, each in a transaction of its own.
        "access.refused": "wanted reason ?endpoint ?method ?unrecorded ?more",
        # Sign-in; an account that does not exist appears as a pseudonym.
        "account.signed_in": "session_id",
        "account.signed_out": "session_id everywhere",
        "account.sign_in_failed": "account address reason",
        "account.created": "account",
        "account.enabled": "",
        "account.disabled": "",
        "account.password_changed": "by_admin",
        "session.revoked": "session_id",
        "tenant.switched": "from to stand_in_id",
        "membership.granted": "membership_id user_id role fields valid_from valid_to",
        "membership.revoked": "membership_id user_id role",
        "stand_in.appointed": "membership_id user_id document_no document_date valid_from valid_to",
        "stand_in.ended": "membership_id user_id",
        "tenant.changed": "changed",
        # Files.
        "activity.created": "kind plan_item_id",
        "waiver.recorded": "rule by document_no document_date ?expires_on",
        "amendment.drafted": "amendment_id number",
        "amendment.submitted": "amendment_id number",
        "amendment.appraised": "amendment_id number",
        "amendment.applied": "amendment_id number",
        "amendment.refused": "amendment_id number",
        "amendment.withdrawn": "amendment_id number",
        # Who asked about whose travel: of another agency's people even the number is a question.
        "travel.looked_up": "person_id year full ?token_id",
        # Dossier files.
        "document.attached": "activity_id kind sha256 size",
        "document.removed": "activity_id kind sha256",
        "demo.loaded": "activities",
    }
)
