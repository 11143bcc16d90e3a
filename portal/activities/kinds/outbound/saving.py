"""Saving what the form posts: nothing lost, nothing overwritten unseen, nothing secret stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from werkzeug.datastructures import FileStorage, MultiDict

from portal.activities.assessment import preview
from portal.activities.kinds.outbound import actions, changes, drafts, papers
from portal.activities.kinds.outbound.changes import Change
from portal.activities.kinds.outbound.content import Content
from portal.activities.kinds.outbound.drafts import Draft
from portal.activities.kinds.outbound.facts import Gathered, gather_draft
from portal.activities.kinds.outbound.forms import Posted, read, to_values
from portal.activities.kinds.outbound.targets import FILE, Target
from portal.audit import services as audit
from portal.core import clock
from portal.core.context import Actor
from portal.core.unit_of_work import unit_of_work
from portal.identity.types import PersonRow
from portal.web.i18n import gettext

Values = MultiDict[str, str]
_HOUSEKEEPING: Final = frozenset(
    {"csrf_token", "version", "tab", "seq", "panel", "do", "people_query", "classified"}
)
_TOKEN: Final = re.compile(r"[0-9a-f]{16}")
_ROWS: Final = {"members": "member", "programme": "programme", "answers": "answer-"}
"""Parts of the content that are several posted values, by the beginning of their names."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The file as it stands after the save."""

    draft: Draft
    posted: Posted
    gathered: Gathered | None = None
    """The facts that were judged, so that the page need not ask for them again."""
    do: str = ""
    anchor: str = ""
    refused: bool = False
    message: str = ""
    file_error: str = ""
    """Why the chosen file was not taken; everything else is saved."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else saved meanwhile: what is stored beside what was typed, field by field."""

    changes: tuple[Change, ...]
    typed: tuple[tuple[str, str], ...]
    version: int
    by: str
    at: Any


def autosave(target: Target, activity_id: int, actor: Actor, values: Values) -> Saved | Clash:
    """Keep what is typed; what a newer request of the same page has overtaken is not written."""
    with unit_of_work():
        draft = target.load(activity_id, actor, lock=True)
        if _overtaken(draft, values):
            return Saved(draft, read(to_values(draft.content), draft.content))
        return _save(target, draft, actor, values)


def press(
    target: Target,
    activity_id: int,
    actor: Actor,
    values: Values,
    files: Mapping[str, FileStorage],
) -> Saved | Clash:
    """A named button: it changes the posted values, then they are saved like any others."""
    values = MultiDict(values)
    do = values.get("do", "save")
    with unit_of_work():
        draft = target.load(activity_id, actor, lock=True)
        if do == "resolve":
            _take_chosen(values, draft.content)
        elif do == "compare":
            return _clash(draft, read(values, draft.content), values)
        elif do == "keep-on-paper" and target is FILE:
            return _keep_on_paper(draft, values)
        anchor = actions.apply(values, do)
        saved = _save(target, draft, actor, values)
        if isinstance(saved, Clash):
            return saved
        saved = replace(saved, do=do.partition(":")[0], anchor=anchor)
        chosen = saved.do in ("save", "finish") and _names_a_file(files)
        if (chosen or saved.do in ("attach", "remove-file")) and _takes_papers(target, saved):
            return _with_papers(target, actor, saved, papers.handle(saved.draft, do, values, files))
        return saved


def _names_a_file(files: Mapping[str, FileStorage]) -> bool:
    """Whether somebody chose a file: pressing another button than its own must not lose it."""
    return bool((upload := files.get("upload")) and upload.filename)


def _takes_papers(target: Target, saved: Saved) -> bool:
    return target.with_files and not saved.refused


def _with_papers(target: Target, actor: Actor, saved: Saved, wrong: str | None) -> Saved:
    """The file with its dossier as it is now, or the reason why a paper was not taken."""
    if wrong is not None:
        return replace(saved, file_error=wrong, anchor="files")
    current = target.load(saved.draft.id, actor, lock=False)
    return replace(saved, draft=replace(saved.draft, files=current.files), gathered=None)


def _save(target: Target, draft: Draft, actor: Actor, values: Values) -> Saved | Clash:
    posted = read(values, draft.content)
    if posted.classified:
        return _refuse_classified(draft, posted)
    if _stale(draft, values):
        return _clash(draft, posted, values)
    people = drafts.known_people(draft, posted.content)
    posted.content = _only_known(posted, people)
    gathered = gather_draft(draft, posted.content, people)
    if not _item_is_open(gathered):
        posted.form.plan_item.errors = [gettext("Choose one from the list.")]
        posted.content = replace(posted.content, plan_item=None)
        gathered = gather_draft(draft, posted.content, people)
    check = preview(gathered, posted.content.answers, cures=False)
    unsaved = _unsaved(actor, values, posted)
    if posted.content == draft.content and {**unsaved, "seq": None} == {
        **draft.unsaved,
        "seq": None,
    }:
        return Saved(replace(draft, people=people), posted, gathered)
    version = target.save(draft, posted.content, people, unsaved, check)
    _leave_trace(actor, draft, people, posted.content)
    stored = replace(
        draft,
        version=version,
        content=posted.content,
        people=people,
        unsaved=unsaved,
        updated_at=clock.now(),
    )
    return Saved(stored, posted, gathered)


def _item_is_open(gathered: Gathered) -> bool:
    """Whether the plan item is one of the agency's own, as far as the person may see plans."""
    wanted = gathered.content.plan_item
    return (
        wanted is None
        or wanted == gathered.draft.content.plan_item
        or any(item.id == wanted for item in gathered.items)
    )


def _only_known(posted: Posted, people: Mapping[int, PersonRow]) -> Content:
    """The content without members who are not in the directory of people."""
    content = posted.content
    kept = tuple(member for member in content.members if member.person in people)
    if len(kept) < len(content.members):
        posted.members_error = posted.members_error or gettext(
            "Somebody in the list is not in the directory of people and was left out."
        )
    present = {member.person for member in kept}
    kept = tuple(
        member if member.relative_of in present else replace(member, relative_of=None)
        for member in kept
    )
    return replace(content, members=kept)


def _stale(draft: Draft, values: Values) -> bool:
    """Whether somebody else saved since the page was read; one's own page never disturbs itself."""
    if values.get("version", "") == str(draft.version):
        return False
    tab = values.get("tab", "")
    return not (_TOKEN.fullmatch(tab) and draft.unsaved.get("tab") == tab)


def _overtaken(draft: Draft, values: Values) -> bool:
    last = draft.unsaved
    return last.get("tab") == values.get("tab") and _sequence(values) < int(last.get("seq") or 0)


def _sequence(values: Values) -> int:
    text = values.get("seq", "")
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else 0


def _unsaved(actor: Actor, values: Values, posted: Posted) -> dict[str, Any]:
    tab = values.get("tab", "")
    return {
        "tab": tab if _TOKEN.fullmatch(tab) else "",
        "seq": _sequence(values),
        "by": actor.name,
        "raw": posted.raw,
    }


def _leave_trace(
    actor: Actor, draft: Draft, people: Mapping[int, PersonRow], content: Content
) -> None:
    """Picking another agency's key leader asks how often he or she travels: the log says so."""
    year = (content.departs or clock.today()).year
    before = set(draft.content.people)
    for id_ in content.people:
        if id_ not in before and people[id_].tenant_id != actor.tenant_id:
            audit.record(
                "travel.looked_up",
                subject_type="person",
                subject_id=id_,
                data={"person_id": id_, "year": year, "full": False},
            )


def _refuse_classified(draft: Draft, posted: Posted) -> Saved:
    """Nothing of what was typed is stored; the page says where such a file belongs."""
    return Saved(
        draft,
        posted,
        refused=True,
        message=gettext(
            "Nothing was saved. A file with state secrets is never handled in this system: keep it "
            "on paper, and enter only its number in the register of secret papers."
        ),
    )


def _keep_on_paper(draft: Draft, values: Values) -> Saved:
    register_no = papers.register_number(values)
    posted = read(to_values(draft.content), draft.content)
    if not register_no:
        posted = read(values, draft.content)
        return replace(
            _refuse_classified(draft, posted),
            message=gettext(
                "Give the number in the register of secret papers, at most 60 characters."
            ),
        )
    papers.remove_all(draft)
    drafts.erase(draft, register_no)
    return Saved(draft, posted, do="finish")


def _clash(draft: Draft, posted: Posted, values: Values) -> Clash:
    people = drafts.known_people(draft, posted.content)
    typed = tuple(
        (name, value)
        for name, value in values.items(multi=True)
        if name not in _HOUSEKEEPING and not name.startswith("pick-")
    )
    found = changes.diff(draft.content.to_json(), posted.content.to_json(), people=people)
    return Clash(
        tuple(found), typed, draft.version, str(draft.unsaved.get("by") or ""), draft.updated_at
    )


def _take_chosen(values: Values, stored: Content) -> None:
    """Of two versions, field by field, the chosen one; what was not asked stays as typed."""
    theirs = to_values(stored)
    for name in [key for key in values if key.startswith("pick-")]:
        if values[name] != "saved":
            continue
        part = name.removeprefix("pick-")
        start = _ROWS.get(part)

        def belongs(key: str, part: str = part, start: str | None = start) -> bool:
            return key.startswith(start) if start else key == part

        for key in [key for key in values if belongs(key)]:
            values.poplist(key)
        for key in [key for key in theirs if belongs(key)]:
            values.setlist(key, theirs.getlist(key))
