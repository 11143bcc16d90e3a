"""The audit log to read: the own agency's chain, for the inspector every chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Final

from flask import Blueprint, Flask, Response, request, url_for
from sqlalchemy import text
from wtforms.validators import NumberRange, Optional

from portal.access.guard import requires
from portal.access.permissions import Permission
from portal.core.clock import LOCAL
from portal.core.context import Actor, Scope, current_actor
from portal.core.errors import Denied
from portal.desks.audit_details import about, in_words
from portal.desks.audit_names import Names, names_of, numbers_in
from portal.desks.audit_words import GROUPS, event_name
from portal.extensions import db
from portal.tenancy import queries as tenants
from portal.web import navigation
from portal.web.forms import BaseForm, ChoiceField, DayField, NumberField, TextField
from portal.web.htmx import render_page
from portal.web.i18n import lazy

bp = Blueprint("audit", __name__, template_folder="templates")
navigation.link(bp, "audit", "audit.log", Permission.AUDIT_VIEW)

PAGE: Final = 50
_BIGGEST: Final = 2**62
_ALL: Final = -1
"""Stands for every chain."""

_COLUMNS: Final = """
SELECT e.chain_id, e.seq, e.at, e.action, e.subject_type, e.subject_id, e.data, u.name, s.name,
       t.name_vi, t.name_en
  FROM audit_event e
  LEFT JOIN user_account u ON u.id = e.user_id
  LEFT JOIN user_account s ON s.id = e.acting_for_user_id
  LEFT JOIN tenant t ON t.id = e.actor_tenant_id
"""


class LogFilter(BaseForm):
    """Which entries are shown."""

    chain = ChoiceField(lazy("Agency"), coerce=int, empty=None)
    kind = ChoiceField(
        lazy("Events"),
        choices=[(code, label) for code, (label, _) in GROUPS.items()],
        empty=lazy("All events"),
    )
    who = TextField(lazy("User name"), longest=100)
    file = NumberField(
        lazy("Number of the file"),
        [Optional(), NumberRange(1, _BIGGEST, lazy("There is no file with this number."))],
    )
    since = DayField(lazy("From day"), [Optional()])
    until = DayField(lazy("To day"), [Optional()])


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is read."""

    chain_id: int
    seq: int
    at: datetime
    action: str
    subject_type: str | None
    subject_id: int | None
    data: dict[str, Any]
    who: str | None
    acting_for: str | None
    tenant_vi: str | None
    tenant_en: str | None

    @property
    def outside(self) -> bool:
        """Whether somebody stood before the door; else the portal itself acted: its clocks."""
        return self.action in ("account.sign_in_failed", "access.refused")

    @property
    def words(self) -> Any:
        return event_name(self.action)

    @property
    def numbers(self) -> Iterator[tuple[str, int]]:
        """What it names by number only."""
        yield from numbers_in(self.data)
        if self.subject_type and self.subject_id:
            yield self.subject_type, self.subject_id

    def details(self, names: Names) -> list[tuple[str, str]]:
        return in_words(self.data, names)

    def subject(self, names: Names) -> str:
        return about(self.subject_type, self.subject_id, names)


@bp.get("/audit")
@requires(Permission.AUDIT_VIEW)
def log() -> Response:
    """A page of the log, newest first."""
    actor = current_actor()
    if actor is None:
        raise Denied
    form = LogFilter(request.args, chain=_ALL if inspects(actor) else actor.tenant_id)
    form.chain.choices = _chains(actor)
    fits = form.validate()
    entries = find(actor, form, request.args.get("after", "")) if fits else []
    more, entries = len(entries) > PAGE, entries[:PAGE]
    kept: dict[str, Any] = {
        field.name: request.args[field.name] for field in form if request.args.get(field.name)
    }
    after = f"{entries[-1].at.isoformat()},{entries[-1].chain_id},{entries[-1].seq}" if more else ""
    return render_page(
        "desks/audit_log.html",
        block="entries",
        status=200 if fits else 422,
        form=form,
        entries=entries,
        names=names_of(number for entry in entries for number in entry.numbers),
        first_url=url_for("audit.log", **kept) if request.args.get("after") else None,
        next_url=url_for("audit.log", **kept, after=after) if after else None,
    )


def find(actor: Actor, form: LogFilter, after: str) -> list[Entry]:
    """At most PAGE + 1 entries that fit the filter and lie behind the cursor `after`."""
    conditions, values = ["true"], dict[str, Any](many=PAGE + 1)
    chain = form.chain.data if inspects(actor) else actor.tenant_id
    own = chain != _ALL
    if own:
        conditions.append("e.chain_id = :chain")
        values["chain"] = chain
    if form.kind.data:
        conditions.append("starts_with(e.action, :kind)")
        values["kind"] = GROUPS[form.kind.data][1]
    if form.who.data:
        conditions.append("e.user_id = (SELECT id FROM user_account WHERE username = :who)")
        values["who"] = form.who.data.lower()
    if form.file.data:
        conditions.append("e.subject_type = 'activity' AND e.subject_id = :file")
        values["file"] = form.file.data
    if form.since.data:
        conditions.append("e.at >= :since")
        values["since"] = _start_of(form.since.data)
    if form.until.data:
        conditions.append("e.at < :until")
        values["until"] = _start_of(form.until.data + timedelta(days=1))
    cursor = _cursor(after)
    if cursor is not None:
        values["at"], values["last_chain"], values["last_seq"] = cursor
        # In one chain the numbers are the order; they have an index.
        place = "(e.at, e.chain_id, e.seq) < (:at, :last_chain, :last_seq)"
        conditions.append("e.seq < :last_seq" if own else place)
    order = "e.seq DESC" if own else "e.at DESC, e.chain_id DESC, e.seq DESC"
    statement = f"{_COLUMNS} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :many"
    return [Entry(*row) for row in db.session.execute(text(statement), values)]


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


def inspects(actor: Actor) -> bool:
    """Whether the person reads every chain and not only the own agency's."""
    return actor.scope is Scope.INSPECTOR


def _chains(actor: Actor) -> list[tuple[int, Any]]:
    """The chains to choose from."""
    if not inspects(actor):
        return [(actor.tenant_id or 0, actor.tenant_name)]
    named = [(tenant.id, tenant.name(actor.locale)) for tenant in tenants.tenants()]
    return [(_ALL, lazy("All agencies")), (0, lazy("The province (no agency)")), *named]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time_of_day(), LOCAL)


def _cursor(after: str) -> tuple[datetime, int, int] | None:
    parts = after.split(",")
    try:
        at, chain, seq = datetime.fromisoformat(parts[0]), int(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        return None
    if at.tzinfo is None or not 0 <= chain < _BIGGEST or not 0 < seq < _BIGGEST:
        return None
    return at, chain, seq
