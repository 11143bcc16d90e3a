"""Performs the files that are on their way today, through the portal's own services.

Each step is taken by the person whose step it is, at its moment, in the order of time: audit,
verdicts, quotas, tasks and outbox are what the portal itself made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import orjson
from sqlalchemy import select, update

from portal.access.enforcer import permissions_of
from portal.activities import amendments, assessment, lifecycle, waivers
from portal.activities.kinds.outbound import drafts, facts
from portal.activities.kinds.outbound.content import Content
from portal.activities.kinds.outbound.model import Outbound
from portal.activities.models import Activity, Amendment
from portal.activities.types import Input
from portal.compliance.models import StoredVerdict
from portal.core import clock
from portal.core.clock import LOCAL
from portal.core.context import Actor, acting_as, current_actor, system_actor
from portal.core.db import bind_actor
from portal.core.errors import PortalError
from portal.core.outbox import OutboxMessage
from portal.core.working_days import subtract_working_days
from portal.demo import papers, script
from portal.demo.answers import ANSWERS, results_of
from portal.demo.content import content_of
from portal.demo.directory import Directory
from portal.demo.errors import DemoError
from portal.demo.people import STAND_IN
from portal.demo.script import Act
from portal.demo.season import LiveFile, office
from portal.extensions import db
from portal.identity.queries import people_by_id
from portal.identity.types import PersonRow

TOLD_ALREADY: Final = timedelta(days=2)
"""What happened longer ago is no news for anybody: its messages count as delivered."""


def perform(
    directory: Directory, files: Sequence[LiveFile], since: datetime, now: datetime
) -> None:
    """Perform what happens since then, step by step, in the order of time, in a unit of work.

    What happened before is written down already (`history`).
    """
    everybody = people_by_id(directory.persons.values())
    stage = _Stage(directory, everybody)
    waiting = sorted(
        ((act.at, place, number) for place, file in enumerate(files)
         for number, act in enumerate(file.acts) if act.at >= since),
    )  # fmt: skip
    for _, place, number in waiting:
        stage.take(files[place], files[place].acts[number])
    for file in files:
        if "amended" in file.more or "amending" in file.more:
            stage.amend(file, now)
    bind_actor(system_actor("Dữ liệu mẫu"))
    _old_news(now)


def _old_news(now: datetime) -> None:
    db.session.flush()
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.created_at < now - TOLD_ALREADY)
        .values(done_at=OutboxMessage.created_at)
        .execution_options(synchronize_session=False)
    )


class _Stage:
    """Takes steps as the people whose steps they are."""

    def __init__(self, directory: Directory, everybody: dict[int, PersonRow]) -> None:
        self.directory = directory
        self.everybody = everybody
        self.special: dict[str, Callable[[LiveFile, Act], None]] = {
            "create": self._create,
            "waive": self._waive,
            "submit": self._answered,
        }

    def take(self, file: LiveFile, act: Act) -> None:
        """Take one step; DemoError says what stood against it."""
        try:
            with self._at(act.at, self._actor(act)):
                if act.action in self.special:
                    self.special[act.action](file, act)
                else:
                    lifecycle.perform(file.activity_id, act.action, self._given(file, act))
        except PortalError as error:
            why = getattr(error, "errors", None) or [
                finding.rule for finding in getattr(error, "findings", ())
            ]
            raise DemoError(
                f"{file.journey.title}: {act.by} cannot {act.action} on {act.at:%d/%m/%Y}: "
                f"{error} {why or ''}"
            ) from error

    def amend(self, file: LiveFile, now: datetime) -> None:
        """A change after the approval: a small one settled, or a large one on its way."""
        unit = file.journey.unit.slug
        day = office(subtract_working_days(now.astimezone(LOCAL).date(), 2), file.random)
        officer, head = (self.directory.actor(f"{unit}.{part}") for part in ("cb", "ld"))
        with self._at(day, officer):
            amendment_id = amendments.begin(file.activity_id, self._version(file))
            content = Content.from_json(drafts.snapshot(file.activity_id))
            changed = self._changed(file, content).to_json()
            db.session.execute(
                update(Amendment).where(Amendment.id == amendment_id).values(after=changed)
            )
        with self._at(day + timedelta(hours=1), head):
            reason = "Đối tác đề nghị điều chỉnh chương trình làm việc."
            amendments.perform(file.activity_id, "submit-amendment", Input(reason=reason))
        if "amended" in file.more:
            focal = self.directory.actor("sngv.cb")
            with self._at(day + timedelta(hours=2), focal):
                amendments.perform(file.activity_id, "settle-amendment", Input())

    def _changed(self, file: LiveFile, content: Content) -> Content:
        if "amended" in file.more:
            return replace(content, content=f"{content.content} Thăm thêm cơ sở 2 của đối tác.")
        one_day, journey = timedelta(days=1), file.journey
        return replace(
            content, departs=journey.departs + one_day, returns=journey.returns + one_day
        )

    @contextmanager
    def _at(self, moment: datetime, actor: Actor) -> Iterator[None]:
        with clock.frozen_at(moment), acting_as(actor):
            bind_actor(actor)
            yield
            db.session.flush()
        db.session.expunge_all()

    def _actor(self, act: Act) -> Actor:
        if act.by == script.SYSTEM:
            return system_actor()
        if act.by == STAND_IN[1]:
            return self._standing_in()
        return self.directory.actor(act.by, act.scope)

    def _standing_in(self) -> Actor:
        head, other = (self.directory.actor(name) for name in STAND_IN)
        return replace(
            head,
            user_id=other.user_id,
            username=other.username,
            name=other.name,
            person_id=other.person_id,
            permissions=frozenset(permissions_of(head.roles, standing_in=True)),
            acting_for=head.name,
            acting_for_user_id=head.user_id,
            acting_for_person_id=head.person_id,
        )

    def _create(self, file: LiveFile, _act: Act) -> None:
        journey, actor = file.journey, _acting()
        content = content_of(journey, self.directory)
        if journey.register_no:
            file.activity_id = drafts.create(
                actor, content, people={}, register_no=journey.register_no
            )
            return
        content = replace(content, answers=dict(ANSWERS))
        file.activity_id = drafts.create(actor, content, people=self.everybody)
        db.session.flush()
        if journey.invited:
            papers.attach_invitation(file.activity_id, actor.tenant_id or 0, journey)
        self._findings(file)

    def _findings(self, file: LiveFile) -> None:
        """What the form shows and keeps while it is written."""
        gathered = facts.gather(file.activity_id, names=False)
        judged = assessment.preview(gathered, {}, cures=False)
        db.session.execute(
            update(Activity)
            .where(Activity.id == file.activity_id)
            .values(**judged.columns)
            .execution_options(synchronize_session=False)
        )

    def _answered(self, file: LiveFile, act: Act) -> None:
        """Submit; of the prepared answers only those stay that a warning asked for."""
        lifecycle.perform(file.activity_id, act.action, self._given(file, act))
        found = select(StoredVerdict.result).where(StoredVerdict.activity_id == file.activity_id)
        kept = db.session.execute(found.order_by(StoredVerdict.id.desc()).limit(1)).scalar_one()
        findings = orjson.loads(kept)["judgement"]["findings"]
        warned = {f["rule"] for f in findings if f["severity"] == "warn"}
        db.session.execute(
            update(Outbound)
            .where(Outbound.activity_id == file.activity_id)
            .values(answers={rule: text for rule, text in ANSWERS.items() if rule in warned})
            .execution_options(synchronize_session=False)
        )

    def _waive(self, file: LiveFile, act: Act) -> None:
        waivers.record(
            file.activity_id,
            version=self._version(file),
            rule="outbound.leader-trips",
            document_no=act.given["document_no"],
            document_date=act.given["document_date"],
            expires_on=file.journey.departs,
            reason=act.given["reason"],
        )

    def _version(self, file: LiveFile) -> int:
        found = select(Activity.version).where(Activity.id == file.activity_id)
        return int(db.session.execute(found).scalar_one())

    def _given(self, file: LiveFile, act: Act) -> Input:
        given = Input(**act.given)
        if act.action != "report":
            return given
        journey = file.journey
        return replace(
            given,
            extra={
                "departed_on": journey.departs,
                "returned_on": journey.returns,
                "countries": list(journey.to.countries),
                "went": [self.directory.persons[number] for number in journey.members],
                "cost_vnd": journey.cost * 19 // 20,
                **results_of(journey),
            },
        )


def _acting() -> Actor:
    actor = current_actor()
    if actor is None:
        raise RuntimeError("Nobody acts.")
    return actor
