"""What plans and their items are called."""

from __future__ import annotations

from typing import Final

from portal.web.i18n import LazyText, lazy

STATUSES: Final[dict[str, tuple[LazyText, str, str]]] = {
    "draft": (lazy("Draft"), "grey", "pencil"),
    "submitted": (lazy("Submitted"), "blue", "send"),
    "approved": (lazy("Approved"), "green", "rubber-stamp"),
}
"""Word, colour and icon of a plan's status."""

ORIGINS: Final[dict[str, LazyText]] = {
    "original": lazy("In the plan"),
    "supplement": lazy("Supplement"),
    "carried-over": lazy("Carried over"),
}

KINDS: Final[dict[str, LazyText]] = {
    "outbound": lazy("Outbound delegation"),
    "inbound": lazy("Inbound delegation"),
    "conference": lazy("International conference"),
    "project": lazy("Project with foreign elements"),
    "agreement": lazy("International agreement"),
}
