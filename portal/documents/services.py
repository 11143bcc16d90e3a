"""The dossier's files: attached, removed while the file is still a draft, read by who may see it.

Files travel with an activity; row-level security decides who sees it. Nothing with a state secret
may enter: the person says so at every upload.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import BigInteger, Text, column, func, select, table, update
from werkzeug.datastructures import FileStorage

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.services import record
from portal.core import clock
from portal.core.context import current_actor
from portal.core.errors import Conflict, FieldErrors, NotFound
from portal.core.unit_of_work import unit_of_work
from portal.documents import content, names
from portal.documents.models import Attachment, AttachmentKind
from portal.documents.storage import Store, TooLargeError
from portal.extensions import db, settings
from portal.web.i18n import gettext

log = logging.getLogger(__name__)

MOST_FILES = 100
"""Files of one dossier."""
OPEN_STATES = frozenset({"draft", "returned"})
"""While the file is with its own agency, what was attached can be taken away again."""
ENDED_STATES = frozenset({"closed", "rejected", "withdrawn", "cancelled"})

# The room of the activities lies above this one: what is needed of its table is named here.
_activity = table(
    "activity",
    column("id", BigInteger),
    column("tenant_id", BigInteger),
    column("state", Text),
    column("title", Text),
    column("paper_register_no", Text),
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the acting person may read."""

    path: Path
    filename: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The activity that files hang on."""

    id: int
    tenant_id: int
    state: str
    title: str


def store() -> Store:
    """This portal's files."""
    return Store(settings().uploads)


def attach(
    activity_id: int, tenant_id: int, kind: str, upload: FileStorage, *, field: str = "upload"
) -> int:
    """Keep `upload` in the dossier of an activity that the caller has locked; returns its id.

    Call it inside a unit of work. Raises FieldErrors at `field` with what is wrong with the file.
    """
    with unit_of_work():
        if kind not in set(AttachmentKind):
            raise FieldErrors({"kind": "Choose one from the list."})
        _require_room(activity_id, field)
        name, extension = names.checked(upload.filename or "", field=field)
        at_most = settings().max_upload_mb * 1024 * 1024
        try:
            with store().receive(upload.stream, at_most) as incoming:
                if incoming.size == 0:
                    raise FieldErrors({field: "This file is empty. Choose another one."})
                media_type = content.media_type(incoming.path, extension, field=field)
                store().keep(incoming)
        except TooLargeError:
            too_large = gettext(
                "This file is larger than %(most)s MB. Choose a smaller one.",
                most=settings().max_upload_mb,
            )
            raise FieldErrors({field: too_large}) from None
        actor = current_actor()
        attachment = Attachment(
            activity_id=activity_id,
            tenant_id=tenant_id,
            kind=kind,
            filename=name,
            media_type=media_type,
            size=incoming.size,
            sha256=incoming.sha256,
            uploaded_by=actor.user_id if actor else None,
        )
        db.session.add(attachment)
        db.session.flush()
        _record("document.attached", attachment, size=incoming.size)
        return attachment.id


def may_add(owner: Owner) -> bool:
    """Whether the acting person may add documents to this file now."""
    actor = current_actor()
    return (
        actor is not None
        and actor.may(Permission.DOCUMENT_UPLOAD)
        and owner.state not in ENDED_STATES
    )


def may_remove(owner: Owner) -> bool:
    """Whether the acting person may take documents out of this file now."""
    actor = current_actor()
    return (
        actor is not None
        and actor.may(Permission.DOCUMENT_UPLOAD)
        and actor.tenant_id == owner.tenant_id
        and owner.state in OPEN_STATES
    )


def add(activity_id: int, kind: str, upload: FileStorage) -> None:
    """Attach a file to an activity that goes on: whoever works on it may add papers."""
    require(Permission.DOCUMENT_UPLOAD, subject_type="activity", subject_id=activity_id)
    with unit_of_work():
        owner = owner_of(activity_id, lock=True)
        if not may_add(owner):
            raise Conflict("This file is closed: no more documents can be added.")
        attach(activity_id, owner.tenant_id, kind, upload)


def remove(attachment_id: int) -> int:
    """Take a file out of a dossier that is still with its own agency; returns the activity's id.

    Its row and its bytes stay for who audits. Raises NotFound, or Conflict once it was submitted.
    """
    require(Permission.DOCUMENT_UPLOAD, subject_type="attachment", subject_id=attachment_id)
    with unit_of_work():
        attachment = _find(attachment_id)
        owner = owner_of(attachment.activity_id, lock=True)
        if not may_remove(owner):
            raise Conflict(
                "A document can be removed only by its own agency, while the file is a draft or "
                "was returned for correction."
            )
        removed = db.session.execute(
            update(Attachment)
            .where(Attachment.id == attachment_id, Attachment.removed_at.is_(None))
            .values(removed_at=clock.now())
            .returning(Attachment.id)
        ).all()
        if not removed:
            raise NotFound
        _record("document.removed", attachment)
        return owner.id


def download(attachment_id: int) -> Download:
    """The file for who may see its activity; NotFound for everybody else."""
    attachment = _find(attachment_id)
    return Download(
        store().path(attachment.sha256),
        attachment.filename,
        attachment.media_type,
        attachment.sha256,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A file in a dossier's list."""

    id: int
    kind: str
    filename: str
    size: int
    created_at: datetime


def listed(activity_id: int) -> list[Listed]:
    """The files of a dossier, oldest first; none when the activity is not visible."""
    rows = db.session.execute(
        select(
            Attachment.id,
            Attachment.kind,
            Attachment.filename,
            Attachment.size,
            Attachment.created_at,
        )
        .where(Attachment.activity_id == activity_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return [Listed(*row) for row in rows]


def owner_of(activity_id: int, *, lock: bool = False) -> Owner:
    """The activity, if the acting person may see it; else NotFound."""
    columns = _activity.c
    statement = select(columns.id, columns.tenant_id, columns.state, columns.title).where(
        columns.id == activity_id
    )
    row = db.session.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise NotFound
    return Owner(*row)


def remove_orphans() -> tuple[int, int]:
    """Remove stored bytes that no dossier names; returns how many files and bytes."""

    def known(hashes: list[str]) -> list[str]:
        found = select(Attachment.sha256).where(Attachment.sha256.in_(hashes))
        return list(db.session.execute(found).scalars())

    return store().remove_orphans(known)


def _find(attachment_id: int) -> Attachment:
    attachment = db.session.execute(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.removed_at.is_(None))
    ).scalar_one_or_none()
    if attachment is None:
        raise NotFound
    return attachment


def _require_room(activity_id: int, field: str) -> None:
    columns = _activity.c
    held = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.activity_id == activity_id, Attachment.removed_at.is_(None))
        .scalar_subquery()
    )
    row = db.session.execute(
        select(columns.paper_register_no, held).where(columns.id == activity_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row[0] is not None:
        raise FieldErrors({field: "This file is kept on paper: no document of it may enter here."})
    if row[1] >= MOST_FILES:
        raise FieldErrors({field: "This dossier has as many files as it can hold."})


def _record(action: str, attachment: Attachment, **more: int) -> None:
    record(
        action,
        chain_id=attachment.tenant_id,
        subject_type="attachment",
        subject_id=attachment.id,
        data={
            "activity_id": attachment.activity_id,
            "kind": attachment.kind,
            "sha256": attachment.sha256,
            **more,
        },
    )
