"""Small papers for the dossiers: letters of invitation as foreign hosts write them, in English."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from werkzeug.datastructures import FileStorage

from portal.demo.data import Destination
from portal.demo.journeys import Journey
from portal.documents import services as documents
from portal.documents.models import AttachmentKind
from portal.web.text import fold

FILENAME: Final = "thu-moi.pdf"
MEDIA_TYPE: Final = "application/pdf"
_LINE: Final = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are stored already."""

    sha256: str
    size: int


def attach_invitation(activity_id: int, tenant_id: int, journey: Journey) -> int:
    """Put the host's letter into the dossier; returns the attachment's id."""
    upload = FileStorage(BytesIO(invitation(journey.to)), filename=FILENAME)
    return documents.attach(activity_id, tenant_id, AttachmentKind.INVITATION, upload)


def keep_invitation(to: Destination) -> Kept:
    """Store the host's letter, for rows that are written without the service."""
    letter = BytesIO(invitation(to))
    with documents.store().receive(letter, 1024 * 1024) as incoming:
        documents.store().keep(incoming)
    return Kept(incoming.sha256, incoming.size)


def invitation(to: Destination) -> bytes:
    """The letter of invitation as a PDF of one page; one for all delegations to this host."""
    return pdf(
        [
            "SAMPLE DOCUMENT - INVITATION",
            "",
            f"From: {_plain(to.host)}",
            "To: the delegation of Quang Nam Province, Viet Nam",
            "",
            "We have the honour to invite your delegation to visit us for",
            f"{to.days} days, and shall be glad to discuss our cooperation.",
            "",
            "This letter is invented and belongs to the portal's sample data.",
        ]
    )


def pdf(lines: list[str]) -> bytes:
    """A page with these lines of plain ASCII."""
    shown = "\n".join(f"({_escaped(line)}) Tj 0 -{_LINE} Td" for line in lines)
    stream = f"BT /F1 11 Tf 70 770 Td\n{shown}\nET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _plain(text: str) -> str:
    return fold(text).title().encode("ascii", "replace").decode()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
