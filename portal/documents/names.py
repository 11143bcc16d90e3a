"""File names as people see them: NFC, one line, no folders, an extension."""

from __future__ import annotations

import unicodedata
from typing import Final

from portal.core.errors import FieldErrors
from portal.web.text import forbidden

LONGEST: Final = 180
"""Characters; in UTF-8 at most 255 bytes are left for who saves the file."""
MOST_BYTES: Final = 240

BAD_NAME: Final = (
    "The name of this file contains a folder or a character that cannot be printed. Rename it and "
    "choose it again."
)
LONG_NAME: Final = "The name of this file is too long. Give it a shorter name and choose it again."
NO_NAME: Final = "This file has no proper name. Name it, for example, Thư mời.pdf, and try again."


def checked(raw: str, *, field: str) -> tuple[str, str]:
    """The name to keep and its extension in small letters; FieldErrors at `field` otherwise."""
    if "/" in raw or "\\" in raw or "\t" in raw or "\n" in raw or forbidden(raw):
        raise FieldErrors({field: BAD_NAME})
    name = " ".join(unicodedata.normalize("NFC", raw).split())
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem.strip(". ") or not extension:
        raise FieldErrors({field: NO_NAME})
    if len(name) > LONGEST or len(name.encode()) > MOST_BYTES:
        raise FieldErrors({field: LONG_NAME})
    return name, extension.casefold()
