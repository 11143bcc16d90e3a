"""The page behind the bell: what a person has been told, newest first."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask, Response, request, url_for

from portal.access.guard import signed_in
from portal.activities.words import ACTIONS, TASKS
from portal.compliance.labels import title_of
from portal.core.context import Actor, current_actor
from portal.core.errors import Denied, NotFound
from portal.desks import notifications
from portal.desks.notifications import Line
from portal.identity.words import role_name
from portal.web import navigation
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import LazyText, lazy

bp = Blueprint("bell", __name__, template_folder="templates")

TOPICS: Final[dict[str, LazyText]] = {
    "task-opened": lazy("Waits for you"),
    "task-due-soon": lazy("Due soon"),
    "task-overdue": lazy("Overdue"),
    "file-moved": lazy("Moved on"),
    "stand-in-appointed": lazy("You are appointed to stand in"),
    "stand-in-ended": lazy("Your standing in ended before its time"),
    "version-proposed": lazy("A version of a rule waits to be published"),
    "version-published": lazy("Your version of a rule is published"),
    "version-refused": lazy("Your version of a rule is refused"),
}
LARGEST: Final = 2**62


@bp.get("/notices")
@signed_in
def listed() -> Response:
    """The person's lines."""
    actor = _actor()
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < LARGEST:
        raise NotFound
    page, next_before = notifications.lines(_user_id(actor), actor.locale, before)
    return render_page(
        "desks/bell.html",
        lines=[_shown(line) for line in page],
        newest=page[0].id if page else 0,
        any_unread=any(line.unread for line in page),
        first_url=url_for("bell.listed") if before else None,
        next_url=url_for("bell.listed", before=next_before) if next_before else None,
    )


@bp.post("/notices/read")
@signed_in
def read() -> Response:
    """Mark everything up to the newest line of the page as read, or one line."""
    line = request.form.get("line", 0, type=int)
    up_to = line or request.form.get("up_to", 0, type=int)
    if 0 < up_to < LARGEST:
        notifications.mark_read(_user_id(_actor()), up_to, only=bool(line))
    return leave_to(url_for("bell.listed"))


def unread() -> int:
    """For the frame of every page."""
    actor = current_actor()
    if actor is None or actor.user_id is None:
        return 0
    return notifications.unread_count(actor.user_id)


# Once for the blueprint: one process may make several applications.
navigation.link_bell(bp, "bell.listed", unread)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


def _shown(line: Line) -> dict[str, object]:
    if line.entrusted:
        what: LazyText | str = role_name(line.entrusted.role)
    elif line.version:
        what = title_of(line.version.rule)
    elif line.topic == "file-moved":
        what = ACTIONS[line.detail].done if line.detail in ACTIONS else ""
    else:
        what = TASKS.get(line.detail, "")
    said = [str(part) for part in (TOPICS.get(line.topic, ""), what) if part]
    return {"line": line, "said": ": ".join(said)}


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise Denied
    return actor.user_id
