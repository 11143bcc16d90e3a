"""What the kinds of dossier files are called."""

from portal.documents.models import AttachmentKind
from portal.web.i18n import LazyText, lazy

KINDS: dict[str, LazyText] = {
    AttachmentKind.INVITATION: lazy("Invitation"),
    AttachmentKind.PROGRAMME: lazy("Programme"),
    AttachmentKind.ESTIMATE: lazy("Cost estimate"),
    AttachmentKind.OPINION: lazy("Written opinion"),
    AttachmentKind.CONSENT: lazy("Document of consent"),
    AttachmentKind.DECISION: lazy("Decision document"),
    AttachmentKind.REPORT: lazy("Report"),
    AttachmentKind.OTHER: lazy("Other document"),
}
