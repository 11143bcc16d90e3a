"""What a file really is: its content is read, its name is only a claim that must agree.

Papers of the province are PDF, scans, office documents of the two open formats, plain text.
Anything that can run (macros), that nobody can look into (passwords) or that swells when it is
opened is refused with the reason.
"""

from __future__ import annotations

import logging
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import puremagic

from portal.core.errors import FieldErrors

log = logging.getLogger(__name__)

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TEXT: Final = "text/plain"

MEDIA_TYPES: Final = {
    "pdf": PDF,
    "docx": DOCX,
    "xlsx": XLSX,
    "odt": ODT,
    "ods": ODS,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "txt": TEXT,
}
"""Extension → media type: all that is accepted."""

MOST_MEMBERS: Final = 5_000
MOST_UNPACKED: Final = 300 * 1024 * 1024
"""Bytes of an office document once unpacked."""
MOST_SWOLLEN: Final = 200
"""Times that an office document may grow when unpacked, above a megabyte."""
_READ_AT_MOST: Final = 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS: Final = ("vbaproject", "vbadata", "activex", "macrosheets", "basic/", "scripts/")
_MAIN_PART: Final = {
    DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}

OTHER_TYPE: Final = (
    "This kind of file is not accepted. Save it as PDF, DOCX, XLSX, ODT, ODS, JPG, PNG or TXT."
)
LIES: Final = (
    "The content of this file is not what its name says. Open it, save it anew and choose it again."
)
MACROS: Final = "This file contains macros. Save it without macros, or as PDF."
LOCKED: Final = "This file is protected by a password. Save it without a password."
SWOLLEN: Final = "This file unpacks to far more than it seems to hold. Save it anew, or as PDF."
BROKEN: Final = "This file is damaged and cannot be opened. Save it anew and choose it again."
NOT_TEXT: Final = "This is not plain text in UTF-8. Save it as UTF-8, or as PDF."


class _UnfitError(Exception):
    """Its text says why."""


def media_type(path: Path, extension: str, *, field: str) -> str:
    """The media type of the file at `path` whose name ends in `extension`.

    Raises FieldErrors at `field`, saying what is wrong and what to do.
    """
    claimed = MEDIA_TYPES.get(extension)
    if claimed is None:
        raise FieldErrors({field: OTHER_TYPE})
    try:
        with path.open("rb") as file:
            _CHECKS[claimed](file, claimed)
    except _UnfitError as unfit:
        log.info("a file named .%s was refused; it looks like %s", extension, looks_like(path))
        raise FieldErrors({field: str(unfit)}) from None
    return claimed


def looks_like(path: Path) -> str:
    """For the log: what the bytes seem to be."""
    try:
        return str(puremagic.from_file(path))
    except (puremagic.PureError, ValueError, OSError):
        return "?"


def _pdf(file: IO[bytes], _claimed: str) -> None:
    if not file.read(5) == b"%PDF-":
        raise _UnfitError(LIES)
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2048))
    if b"%%EOF" not in file.read():
        raise _UnfitError(BROKEN)


def _png(file: IO[bytes], _claimed: str) -> None:
    if file.read(16) != b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":
        raise _UnfitError(LIES)


def _jpeg(file: IO[bytes], _claimed: str) -> None:
    if file.read(3) != b"\xff\xd8\xff":
        raise _UnfitError(LIES)


def _text(file: IO[bytes], _claimed: str) -> None:
    rest = b""
    while block := file.read(65536):
        block = rest + block
        # A letter may be cut in two by the end of the block.
        cut = len(block) - 3 if len(block) > 3 else len(block)
        while cut < len(block) and block[cut] & 0xC0 == 0x80:
            cut += 1
        _require_text(block[:cut])
        rest = block[cut:]
    _require_text(rest)


def _require_text(block: bytes) -> None:
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        raise _UnfitError(NOT_TEXT) from None
    if any(char < " " and char not in "\t\n\r\f" for char in text):
        raise _UnfitError(NOT_TEXT)


def _office(file: IO[bytes], claimed: str) -> None:
    with _opened(file) as archive:
        _require_harmless(archive)
        main, kind = _MAIN_PART[claimed]
        names = archive.namelist()
        if "[Content_Types].xml" not in names or main not in names:
            raise _UnfitError(LIES)
        types = _read(archive, "[Content_Types].xml")
        if b"macroEnabled" in types:
            raise _UnfitError(MACROS)
        if kind not in types:
            raise _UnfitError(LIES)


def _open_document(file: IO[bytes], claimed: str) -> None:
    with _opened(file) as archive:
        _require_harmless(archive)
        names = archive.namelist()
        if "mimetype" not in names or _read(archive, "mimetype").strip() != claimed.encode():
            raise _UnfitError(LIES)
        if "content.xml" not in names or "META-INF/manifest.xml" not in names:
            raise _UnfitError(BROKEN)
        if b"encryption-data" in _read(archive, "META-INF/manifest.xml"):
            raise _UnfitError(LOCKED)


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    start = file.read(8)
    if start == _OLE:
        # Office wraps a document with a password in its old format.
        raise _UnfitError(LOCKED)
    if start[:4] != b"PK\x03\x04":
        raise _UnfitError(LIES)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _UnfitError(BROKEN) from None


def _require_harmless(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise _UnfitError(SWOLLEN)
    if unpacked > 1024 * 1024 and unpacked > packed * MOST_SWOLLEN:
        raise _UnfitError(SWOLLEN)
    if any(member.flag_bits & 1 for member in members):
        raise _UnfitError(LOCKED)
    for member in members:
        name = member.filename.casefold()
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise _UnfitError(BROKEN)
        if any(mark in name for mark in _MACROS[:4]) or name.startswith(_MACROS[4:]):
            raise _UnfitError(MACROS)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a member; what is declared about its size is not believed."""
    try:
        with archive.open(name) as member:
            return member.read(_READ_AT_MOST)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, zlib.error):
        raise _UnfitError(BROKEN) from None


_CHECKS: Final[dict[str, Callable[[IO[bytes], str], None]]] = {
    PDF: _pdf,
    PNG: _png,
    JPEG: _jpeg,
    TEXT: _text,
    DOCX: _office,
    XLSX: _office,
    ODT: _open_document,
    ODS: _open_document,
}
