"""Reading, adding and removing the documents of a file."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, send_file, url_for
from werkzeug.datastructures import FileStorage

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core.errors import FieldErrors, Unavailable
from portal.documents import services
from portal.documents.forms import AddForm
from portal.documents.types import KINDS
from portal.extensions import settings
from portal.web.htmx import leave_to, render_page

log = logging.getLogger(__name__)

bp = Blueprint("documents", __name__, template_folder="templates")

HARMLESS = "sandbox; default-src 'none'"
"""Whatever a browser makes of the bytes, it runs nothing and asks for nothing."""


@bp.get("/documents/<int:attachment_id>")
@requires(Permission.DOCUMENT_VIEW)
def download(attachment_id: int) -> Response:
    """The file, to be saved and never shown inside the portal."""
    found = services.download(attachment_id)
    try:
        response = send_file(
            found.path,
            mimetype=found.media_type,
            as_attachment=True,
            download_name=found.filename,
            etag=found.sha256,
            max_age=0,
        )
    except FileNotFoundError:
        log.exception("the bytes of attachment %s are lost", attachment_id)
        raise Unavailable("This document cannot be read just now.") from None
    response.headers["Content-Security-Policy"] = HARMLESS
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/activities/<int:activity_id>/documents")
@requires(Permission.DOCUMENT_VIEW)
def listed(activity_id: int) -> Response:
    """The documents of a file, and the form to add one."""
    return _page(activity_id, AddForm())


@bp.post("/activities/<int:activity_id>/documents")
@requires(Permission.DOCUMENT_UPLOAD)
def add(activity_id: int) -> Response:
    """Add a document."""
    form = AddForm()
    if not form.validate():
        return _page(activity_id, form, 422)
    upload: FileStorage = form.upload.data
    try:
        services.add(activity_id, form.kind.data, upload)
    except FieldErrors as wrong:
        form.add_errors(wrong.errors)
        return _page(activity_id, form, 422)
    return leave_to(url_for("documents.listed", activity_id=activity_id))


@bp.post("/documents/<int:attachment_id>/remove")
@requires(Permission.DOCUMENT_UPLOAD)
def remove(attachment_id: int) -> Response:
    """Take a document out of a draft."""
    activity_id = services.remove(attachment_id)
    return leave_to(url_for("documents.listed", activity_id=activity_id))


def _page(activity_id: int, form: AddForm, status: int = 200) -> Response:
    owner = services.owner_of(activity_id)
    files = [
        {
            "id": file.id,
            "name": file.filename,
            "url": url_for("documents.download", attachment_id=file.id),
            "size": file.size,
            "kind": KINDS[file.kind],
            "added_at": file.created_at,
        }
        for file in services.listed(activity_id)
    ]
    return render_page(
        "documents/list.html",
        block="content",
        status=status,
        owner=owner,
        files=files,
        form=form,
        most_mb=settings().max_upload_mb,
        can_add=services.may_add(owner),
        can_remove=services.may_remove(owner),
    )
