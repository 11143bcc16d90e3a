"""Files as people send them, and as they should not."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_TYPES = "application/vnd.openxmlformats-officedocument."
_MACRO_TYPES = "application/vnd.ms-word.document.macroEnabled.main+xml"


def archive(members: dict[str, bytes | str], *, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return buffer.getvalue()


def docx(
    extra: dict[str, bytes] | None = None,
    kind: str = _TYPES + "wordprocessingml.document.main+xml",
) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    return archive(
        {"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **(extra or {})}
    )


def docm() -> bytes:
    return docx({"word/vbaProject.bin": b"x"}, _MACRO_TYPES)


def xlsx() -> bytes:
    kind = _TYPES + "spreadsheetml.sheet.main+xml"
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    return archive({"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"})


def odf(kind: str = "text", manifest: str = "<manifest/>") -> bytes:
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": "<office:document-content/>",
            "META-INF/manifest.xml": manifest,
        }
    )


def with_password(whole: bytes) -> bytes:
    """Every member marked as encrypted."""
    spoiled = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = spoiled.find(mark)
        while at >= 0:
            spoiled[at + place] |= 1
            at = spoiled.find(mark, at + 4)
    return bytes(spoiled)
