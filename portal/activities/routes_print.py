"""What a printed file carries: a square code that leads a telephone back to the file."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Blueprint, Response, url_for
from sqlalchemy import select

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.activities.models import Activity
from portal.core.errors import NotFound
from portal.extensions import db

bp = Blueprint("print", __name__)


@bp.get("/activities/<int:activity_id>/code.svg")
@requires(Permission.ACTIVITY_VIEW)
def code(activity_id: int) -> Response:
    """The address of the file as a QR code; only for who may open the file."""
    if db.session.scalar(select(Activity.id).where(Activity.id == activity_id)) is None:
        raise NotFound
    address = url_for("activities.view", activity_id=activity_id, _external=True)
    picture = BytesIO()
    segno.make(address, micro=False).save(picture, kind="svg", xmldecl=False, scale=3, border=0)
    return Response(picture.getvalue(), mimetype="image/svg+xml")
