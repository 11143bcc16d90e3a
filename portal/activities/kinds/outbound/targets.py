"""Where the form's content comes from and goes to: the file itself, or an amendment of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from flask import url_for
from sqlalchemy import select

from portal.activities.findings import Assessment
from portal.activities.kinds.outbound import drafts
from portal.activities.kinds.outbound.content import Content
from portal.activities.kinds.outbound.drafts import Draft
from portal.activities.models import Amendment
from portal.core.context import Actor
from portal.core.errors import Conflict, Denied
from portal.extensions import db
from portal.identity.types import PersonRow
from portal.web.i18n import LazyText, lazy


class Target(Protocol):
    """One thing that the form edits."""

    @property
    def heading(self) -> LazyText:
        """What the page is called."""

    @property
    def with_files(self) -> bool:
        """Whether dossier files are added here."""

    def load(self, activity_id: int, actor: Actor, *, lock: bool) -> Draft:
        """The file with the content to edit."""

    def save(
        self,
        draft: Draft,
        content: Content,
        people: Mapping[int, PersonRow],
        unsaved: Mapping[str, Any],
        check: Assessment,
    ) -> int:
        """Store; the new version."""

    def urls(self, activity_id: int) -> dict[str, str]:
        """The addresses that the page posts to and goes to."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """The draft itself."""

    heading: LazyText = lazy("Draft of an outbound delegation")
    with_files: bool = True

    def load(self, activity_id: int, actor: Actor, *, lock: bool) -> Draft:
        return drafts.editable(activity_id, actor, lock=lock)

    def save(
        self,
        draft: Draft,
        content: Content,
        people: Mapping[int, PersonRow],
        unsaved: Mapping[str, Any],
        check: Assessment,
    ) -> int:
        return drafts.save(draft, content, people=people, unsaved=unsaved, judged=check.columns)

    def urls(self, activity_id: int) -> dict[str, str]:
        return {
            "edit_url": url_for("outbound.edit", activity_id=activity_id),
            "save_url": url_for("outbound.autosave", activity_id=activity_id),
            "people_url": url_for("outbound.people", activity_id=activity_id),
        }


@dataclass(frozen=True, slots=True)
class AmendmentTarget:
    """The version that an amendment asks for; the approved one holds until it is settled."""

    heading: LazyText = lazy("Amendment of an approved delegation")
    with_files: bool = False

    def load(self, activity_id: int, actor: Actor, *, lock: bool) -> Draft:
        draft = drafts.load(activity_id, lock=lock)
        if draft.tenant_id != actor.tenant_id:
            raise Denied("Only the agency that proposes a delegation changes its content.")
        content = Content.from_json(_open(activity_id).after)
        people = drafts.known_people(draft, content)
        return replace(draft, content=content, people=people, version=_version_of(content))

    def save(
        self,
        draft: Draft,
        content: Content,
        people: Mapping[int, PersonRow],
        unsaved: Mapping[str, Any],
        check: Assessment,
    ) -> int:
        # The approved file itself has nothing unsaved: its place keeps the amendment's.
        drafts.keep_unsaved(draft.id, unsaved)
        _open(draft.id).after = content.to_json()
        db.session.flush()
        return _version_of(content)

    def urls(self, activity_id: int) -> dict[str, str]:
        return {
            "edit_url": url_for("outbound.amend", activity_id=activity_id),
            "save_url": url_for("outbound.autosave_amendment", activity_id=activity_id),
            "people_url": url_for("outbound.people", activity_id=activity_id, amendment=1),
        }


def _open(activity_id: int) -> Amendment:
    found = db.session.execute(
        select(Amendment).where(Amendment.activity_id == activity_id, Amendment.state == "draft")
    ).scalar_one_or_none()
    if found is None:
        raise Conflict("No amendment of this file is being written. Begin one on the file's page.")
    return found


def _version_of(content: Content) -> int:
    """An amendment has no counter of its own: its content says which version it is."""
    text = json.dumps(content.to_json(), sort_keys=True, ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


FILE = FileTarget()
AMENDMENT = AmendmentTarget()
