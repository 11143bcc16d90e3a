"""What the events of the audit log are called."""

from __future__ import annotations

from typing import Final

from portal.activities.lifecycle import EVENTS
from portal.activities.words import ACTIONS
from portal.web.i18n import LazyText, lazy

_EVENTS: Final[dict[str, LazyText]] = {
    "access.refused": lazy("Refused"),
    "account.signed_in": lazy("Sign-in"),
    "account.signed_out": lazy("Signed out"),
    "account.sign_in_failed": lazy("Sign-in failed"),
    "account.created": lazy("Account created"),
    "account.enabled": lazy("Account enabled"),
    "account.disabled": lazy("Account disabled"),
    "account.password_changed": lazy("Password changed"),
    "session.revoked": lazy("Session ended"),
    "tenant.switched": lazy("Acts for another agency"),
    "tenant.changed": lazy("Agency changed"),
    "membership.granted": lazy("Role granted"),
    "membership.revoked": lazy("Role revoked"),
    "stand_in.appointed": lazy("Stand-in appointed"),
    "stand_in.ended": lazy("Stand-in ended"),
    "person.created": lazy("Person entered"),
    "person.changed": lazy("Person changed"),
    "api_token.issued": lazy("Token for another system issued"),
    "api_token.revoked": lazy("Token for another system revoked"),
    "activity.created": lazy("Draft begun"),
    "activity.wiped": lazy("Content wiped; the file is kept on paper"),
    "regulation.checked": lazy("Rule compared with its sources"),
    "regulation.drafted": lazy("Version of a rule drafted"),
    "regulation.changed": lazy("Draft of a version changed"),
    "regulation.proposed": lazy("Version of a rule proposed"),
    "regulation.published": lazy("Version of a rule published"),
    "regulation.refused": lazy("Version of a rule refused"),
    "travel.counted": lazy("Counted leaders' trips for a year's plans"),
    "travel.looked_up": lazy("Asked about somebody's trips"),
    "waiver.recorded": lazy("Waiver recorded"),
    "document.attached": lazy("Document added"),
    "document.removed": lazy("Document removed"),
    "pack.made": lazy("Inspector's pack made"),
    "signal.settled": lazy("Signal of evasion settled"),
    "demo.loaded": lazy("Sample data loaded"),
    "amendment.drafted": lazy("Amendment begun"),
    "amendment.submitted": lazy("Amendment submitted"),
    "amendment.appraised": lazy("Amendment appraised"),
    "amendment.applied": lazy("Amendment approved"),
    "amendment.refused": lazy("Amendment refused"),
    "amendment.withdrawn": lazy("Amendment withdrawn"),
}

#: The first action with an event names it.
_STEPS: Final = {
    f"activity.{event}": ACTIONS[action].done
    for action, event in reversed(EVENTS.items())
    if action in ACTIONS
}

GROUPS: Final[dict[str, tuple[LazyText, str]]] = {
    "refusals": (lazy("Refusals"), "access."),
    "files": (lazy("Files and steps"), "activity."),
    "documents": (lazy("Documents"), "document."),
    "amendments": (lazy("Amendments"), "amendment."),
    "waivers": (lazy("Waivers"), "waiver."),
    "signals": (lazy("Signals of evasion"), "signal."),
    "regulations": (lazy("Regulations"), "regulation."),
    "travel": (lazy("Questions about trips"), "travel."),
    "accounts": (lazy("Accounts and sign-ins"), "account."),
    "roles": (lazy("Roles"), "membership."),
    "stand-ins": (lazy("Stand-ins"), "stand_in."),
    "tokens": (lazy("Tokens of other systems"), "api_token."),
}
"""Groups of events to choose from: their name, and how the events begin."""


def event_name(action: str) -> LazyText | str:
    """The words for an event; its own name when there are none."""
    return _EVENTS.get(action) or _STEPS.get(action) or action
