"""The dossier files of the form, and the register number of a file that may not be kept here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import FileStorage, MultiDict

from portal.activities.kinds.outbound.drafts import Draft
from portal.core.errors import PortalError
from portal.documents import services as documents
from portal.documents.types import KINDS
from portal.web.i18n import LazyText, gettext
from portal.web.text import clean, forbidden

LONGEST_NUMBER: Final = 60
OF_A_PROPOSAL: Final = ("invitation", "programme", "estimate", "other")
"""Kinds of files that a proposer adds; the others come with the steps that make them."""


def kinds() -> list[tuple[str, LazyText]]:
    """The choices of the upload."""
    return [(kind, KINDS[kind]) for kind in OF_A_PROPOSAL]


def handle(
    draft: Draft, do: str, values: MultiDict[str, str], files: Mapping[str, FileStorage]
) -> str | None:
    """Add or remove a file of the locked dossier; why not, or None when all is well.

    What was typed is saved in the same transaction, whether the file can be taken or not.
    """
    try:
        if do.startswith("remove-file:"):
            number = do.removeprefix("remove-file:")
            wanted = next((f["id"] for f in draft.files if str(f["id"]) == number), None)
            if wanted is not None:
                documents.remove(wanted)
            return None
        return _add(draft, values, files.get("upload"))
    except PortalError as refusal:
        texts = getattr(refusal, "errors", None) or {"": refusal.message}
        return " ".join(gettext(text) for text in texts.values())


def remove_all(draft: Draft) -> None:
    """Take every file out of the locked dossier."""
    for file in draft.files:
        documents.remove(file["id"])


def _add(draft: Draft, values: MultiDict[str, str], upload: FileStorage | None) -> str | None:
    if upload is None or not upload.filename:
        return gettext("Choose a file.")
    if not values.get("not_secret"):
        return gettext("Confirm that the file holds no state secret, or leave it out.")
    kind = values.get("upload_kind", "")
    kind = kind if kind in OF_A_PROPOSAL else "other"
    documents.attach(draft.id, draft.tenant_id, kind, upload)
    return None


def register_number(values: MultiDict[str, str]) -> str:
    """The number in the register of secret papers, empty when none that can be kept is given."""
    number = clean(values.get("paper_register_no", ""))
    return "" if forbidden(number) or len(number) > LONGEST_NUMBER else number


def listed(draft: Draft) -> list[dict[str, Any]]:
    """The dossier as the form shows it."""
    return [
        {
            "id": file["id"],
            "name": file["name"],
            "kind": KINDS.get(file["kind"], file["kind"]),
            "size": file["size"],
            "added_at": datetime.fromisoformat(file["added_at"]),
            "url": url_for("documents.download", attachment_id=file["id"]),
        }
        for file in draft.files
    ]
