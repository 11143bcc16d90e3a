"""Where somebody may be sent after signing in."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 2000


def safe_next(target: str | None) -> str | None:
    """`target` if it is a path of this portal, else None: never another site, scheme or host."""
    if not target or len(target) > _LONGEST or not target.startswith("/"):
        return None
    # Browsers read a backslash as a slash and drop control characters: /\\evil, /<tab>/evil.
    if target.startswith("//") or "\\" in target or not target.isprintable():
        return None
    return target
