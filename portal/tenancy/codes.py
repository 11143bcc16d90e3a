"""Identifier codes of agencies (QĐ 20/2020/QĐ-TTg), which occur in three orderings.

The old form puts the widest level last and fills with zeros (000.00.15.H47), some systems only
drop the zeros (28.22.H17), the new form begins with the widest level (H47.15). One agency must be
found under each of them, so codes are stored and compared in the new form.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 35

_SEPARATORS: Final = re.compile(r"[.\-\s]+")
_FIRST_LEVEL: Final = re.compile(r"[A-Z]\d{2}")


def normalised(code: str) -> str:
    """The code with its widest level first and without filling zeros; other texts in capitals."""
    parts = [part for part in _SEPARATORS.split(code.strip().upper()) if part]
    if not any(_FIRST_LEVEL.fullmatch(part) for part in parts):
        return ".".join(parts)
    if not _FIRST_LEVEL.fullmatch(parts[0]):
        parts.reverse()
    while not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)
