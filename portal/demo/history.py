"""Writes finished files as if they had gone their way through the portal.

Every step follows the transition table and the separation of duties, every submission and decision
is judged by the law of its day from the facts of its day; only the hundreds of transactions are
spared. Files that are still on their way are really performed instead (`live`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, update

from portal.access.separation import FileSoFar, Taken, objection_to
from portal.access.separation import Step as Duty
from portal.activities.kinds.outbound.content import search_key, title_of
from portal.activities.kinds.outbound.model import (
    DelegationMember,
    Outbound,
    ProgrammeItem,
    TripReport,
)
from portal.activities.lifecycle import EVENTS
from portal.activities.models import Activity, Decision, Opinion, State
from portal.audit import services as audit
from portal.compliance import facts
from portal.compliance.engine import judge
from portal.compliance.findings import Judgement
from portal.compliance.models import StoredVerdict, StoredWaiver
from portal.compliance.verdicts import seal
from portal.core import clock
from portal.core.clock import local
from portal.core.context import Actor, acting_as, system_actor
from portal.core.working_days import add_working_days
from portal.demo import papers
from portal.demo.answers import ANSWERS, answers_to
from portal.demo.chapter import SUBMISSION, Chapter
from portal.demo.content import content_of, rows_of
from portal.demo.directory import Directory
from portal.demo.effects import EFFECTS, nothing
from portal.demo.errors import DemoError
from portal.demo.journeys import Journey
from portal.demo.law import Past, Standing
from portal.demo.script import Act
from portal.documents.models import Attachment, AttachmentKind
from portal.extensions import db
from portal.workflow.machine import Machine, Transition, machine_of
from portal.workflow.models import Step, Task


class Historian:
    """Writes chapters, all together in the order of time."""

    def __init__(self, directory: Directory, past: Past) -> None:
        self.directory = directory
        self.past = past
        self.machine: Machine = machine_of("outbound")
        self.chapters: list[Chapter] = []
        self.letters: dict[str, papers.Kept] = {}

    def begin(self, journeys: Sequence[Journey]) -> list[Standing]:
        """Make room for these files: each gets its id."""
        rows = [
            {"kind": "outbound", "tenant_id": self.directory.tenants[journey.unit.slug]}
            for journey in journeys
        ]
        statement = insert(Activity).returning(Activity.id, sort_by_parameter_order=True)
        ids = db.session.execute(statement, rows).scalars() if rows else ()
        found = [
            Standing(id_, journey, content_of(journey, self.directory))
            for id_, journey in zip(ids, journeys, strict=True)
        ]
        for standing in found:
            self.past.add(standing)
        return found

    def tell(self, chapters: Sequence[Chapter]) -> None:
        """Let everything in these chapters happen, and write it down."""
        self.chapters = list(chapters)
        waiting = sorted(
            ((act.at, place, number) for place, chapter in enumerate(chapters)
             for number, act in enumerate(chapter.acts)),
        )  # fmt: skip
        for _, place, number in waiting:
            chapter, act = chapters[place], chapters[place].acts[number]
            before = chapter.state
            self._take(chapter, act)
            self._audit(chapter, act, before)
        self._write()

    def _take(self, chapter: Chapter, act: Act) -> None:
        if act.action == "create":
            self._create(chapter, act)
            return
        if act.action == "waive":
            self._waive(chapter, act)
            return
        transition = self._transition(chapter, act)
        before = chapter.state
        data: dict[str, Any] = {}
        EFFECTS.get(act.action, nothing)(self, chapter, act, data)
        if transition.target is not None:
            chapter.state = transition.target
        self._step(chapter, act, before, transition.duty, data)
        self._tasks(chapter, act, transition)

    def _transition(self, chapter: Chapter, act: Act) -> Transition:
        """The row of the table: the first of this action from here that opens what is next."""
        authority = chapter.journey.authority
        truths = {
            "consent needed": authority == "standing-committee",
            "decided centrally": authority == "central",
        }
        for transition in self.machine.transitions:
            if transition.action != act.action or chapter.state not in transition.sources:
                continue
            if any(
                (name in transition.when and not holds)
                or (f"not {name}" in transition.when and holds)
                for name, holds in truths.items()
            ):
                continue
            self._check(chapter, act, transition)
            return transition
        raise DemoError(f"{act.action} is not possible in {chapter.state}")

    def _check(self, chapter: Chapter, act: Act, transition: Transition) -> None:
        actor = self._actor(act)
        if transition.permission != "system" and not actor.may(transition.permission):
            raise DemoError(f"{act.by} may not {act.action}")
        if transition.duty is None:
            return
        steps = chapter.rows.get(Step, [])
        author = Taken(Duty.PROPOSE, chapter.columns["created_by"])
        so_far = FileSoFar(
            self.directory.tenants[chapter.journey.unit.slug],
            frozenset(chapter.journey.unit.holds),
            frozenset(self.directory.persons[number] for number in chapter.journey.members),
            (author, *(_taken(step) for step in steps if "duty" in step["data"])),
        )
        objection = objection_to(transition.duty, actor, so_far)
        if objection is not None:
            raise DemoError(f"{act.by} may not {act.action}: {objection.rule}")

    def _actor(self, act: Act) -> Actor:
        return system_actor() if act.by == "system" else self.directory.actor(act.by, act.scope)

    def _create(self, chapter: Chapter, act: Act) -> None:
        actor = self._actor(act)
        chapter.columns |= {
            "created_by": actor.user_id,
            "created_at": act.at,
            "updated_at": act.at,
        }
        self._invite(chapter, actor, act.at)
        # What the form shows while it is written.
        self._found(chapter, judge(self.past.case(chapter.standing, SUBMISSION, local(act.at))))

    def _invite(self, chapter: Chapter, actor: Actor, at: datetime) -> None:
        """Every out-of-plan delegation has the host's letter on file, and some of the others."""
        journey = chapter.journey
        chapter.standing.has_invitation = journey.invited and (
            journey.out_of_plan or journey.departs.day % 2 == 0
        )
        if not chapter.standing.has_invitation:
            return
        place = journey.to
        if place.title not in self.letters:
            self.letters[place.title] = papers.keep_invitation(place)
        letter = self.letters[place.title]
        chapter.row(
            Attachment,
            kind=AttachmentKind.INVITATION.value,
            filename=papers.FILENAME,
            media_type=papers.MEDIA_TYPE,
            size=letter.size,
            sha256=letter.sha256,
            uploaded_by=actor.user_id,
            created_at=at,
        )

    def _waive(self, chapter: Chapter, act: Act) -> None:
        rule, actor, grantor = chapter.waives, self._actor(act), chapter.grantor
        values = {
            "rule": rule,
            "by": grantor,
            "document_no": act.given["document_no"],
            "document_date": act.given["document_date"],
            "reason": act.given["reason"],
            "expires_on": chapter.journey.departs,
        }
        chapter.row(StoredWaiver, **values, recorded_by=actor.user_id, created_at=act.at)
        chapter.standing.waivers.append(
            facts.Waiver(rule, grantor, True, act.at.date(), True)  # type: ignore[arg-type]
        )
        self._step(chapter, act, chapter.state, Duty.WAIVE, {"rule": rule, "by": grantor})

    def judge(self, chapter: Chapter, act: Act, stage: str, data: dict[str, Any]) -> Judgement:
        """Ask the law and keep the answer; warnings of a submission are answered in writing."""
        case = self.past.case(chapter.standing, stage, local(act.at))
        judgement = judge(case)
        verdict = chapter.row(
            StoredVerdict,
            stage=stage,
            as_of=case.as_of,
            verdict=judgement.verdict,
            **seal(case, judgement).columns,
            created_at=act.at,
        )
        data |= {"verdict_id": verdict, "opinions_required": list(judgement.opinions_required)}
        self._found(chapter, judgement)
        if stage == SUBMISSION:
            chapter.answers |= answers_to(judgement)
        return judgement

    def _found(self, chapter: Chapter, judgement: Judgement) -> None:
        chapter.columns |= {
            "blocks": sum(1 for finding in judgement.findings if finding.stops),
            "warnings": sum(1 for f in judgement.findings if f.severity == "warn"),
            "authority": judgement.authority,
            "stopped": bool(judgement.stops_submission),
        }

    def _step(
        self,
        chapter: Chapter,
        act: Act,
        before: str,
        duty: Duty | None,
        data: dict[str, Any],
    ) -> None:
        actor, given = self._actor(act), act.given
        chapter.version += 1
        chapter.columns["updated_at"] = act.at
        chapter.row(
            Step,
            at=act.at,
            action=act.action,
            from_state=before,
            to_state=chapter.state,
            user_id=actor.user_id,
            person_id=actor.person_id,
            actor_name=actor.name,
            actor_tenant_id=actor.tenant_id,
            signs_for=chapter.journey.theme.field if actor.fields else None,
            note=given.get("reason") or given.get("note"),
            document_no=given.get("document_no"),
            document_date=given.get("document_date"),
            data={**data, **({"duty": duty.value} if duty else {})},
        )

    def _audit(self, chapter: Chapter, act: Act, before: str) -> None:
        """What the portal would have entered in the audit log; the demo's first day enters it."""
        given = act.given
        said: dict[str, Any] = {"from": before, "to": chapter.state, "version": chapter.version}
        event = f"activity.{EVENTS.get(act.action, '')}"
        if act.action == "create":
            event = "activity.created"
            said = {"kind": "outbound", "plan_item_id": chapter.standing.content.plan_item}
        elif act.action == "waive":
            event, said = "waiver.recorded", {"rule": chapter.waives, "by": chapter.grantor}
        if "document_no" in given:
            said |= {key: given[key] for key in ("document_no", "document_date")}
        with clock.frozen_at(act.at), acting_as(self._actor(act)):
            audit.record(
                event,
                chain_id=self.directory.tenants[chapter.journey.unit.slug],
                subject_type="activity",
                subject_id=chapter.standing.activity_id,
                data=said,
            )

    def _tasks(self, chapter: Chapter, act: Act, transition: Transition) -> None:
        closing = transition.closes
        for task in list(chapter.open):
            if closing is None or task["kind"] in closing:
                task |= {"closed_at": act.at, "outcome": act.action}
                chapter.open.remove(task)
        holders = {capacity: self.directory.tenants[slug] for capacity, slug in _HOLDERS.items()}
        own = self.directory.tenants[chapter.journey.unit.slug]
        for opening in transition.opens:
            due = (
                chapter.journey.returns + timedelta(days=15)
                if opening.clock.rule
                else add_working_days(local(act.at).date(), opening.clock.working_days or 0)
            )
            chapter.open.append(
                chapter.row(
                    Task,
                    kind=opening.task,
                    permission=opening.permission,
                    desk_tenant_id=own if opening.desk == "tenant" else holders[opening.desk],
                    opened_at=act.at,
                    opened_by=self._actor(act).name,
                    due_on=due,
                    closed_at=None,
                    outcome=None,
                )
            )

    def _write(self) -> None:
        """Everything in one statement a table."""
        for chapter in self.chapters:
            self._finish(chapter)
        self._keep_verdicts()
        for model in (
            Outbound, DelegationMember, ProgrammeItem, Attachment, Opinion, Decision, StoredWaiver,
            TripReport, Task, Step,
        ):  # fmt: skip
            rows = [row for chapter in self.chapters for row in chapter.rows.get(model, ())]
            rows.sort(key=lambda row: row.get("at") or row.get("opened_at") or _EVER)
            if rows:
                db.session.execute(insert(model), rows)
        db.session.execute(
            update(Activity),
            [{"id": c.standing.activity_id, **c.columns} for c in self.chapters],
        )

    def _keep_verdicts(self) -> None:
        rows = [row for c in self.chapters for row in c.rows.get(StoredVerdict, ())]
        rows.sort(key=lambda row: row["created_at"])
        statement = insert(StoredVerdict).returning(StoredVerdict.id, sort_by_parameter_order=True)
        found = db.session.execute(statement, rows).scalars() if rows else ()
        ids = {id(row): id_ for row, id_ in zip(rows, found, strict=True)}
        for chapter in self.chapters:
            for step in chapter.rows.get(Step, ()):
                if "verdict_id" in step["data"]:
                    step["data"]["verdict_id"] = ids[id(step["data"]["verdict_id"])]

    def _finish(self, chapter: Chapter) -> None:
        journey, standing = chapter.journey, chapter.standing
        content = standing.content
        open_main = [task for task in chapter.open if task["kind"] != "give-opinion"]
        held = open_main[0] if open_main else None
        chapter.columns |= {
            "title": title_of(content),
            "search_key": search_key(content, journey.leader.full_name),
            "state": chapter.state,
            "version": chapter.version,
            "field": content.field,
            "plan_item_id": content.plan_item,
            "starts_on": content.departs,
            "ends_on": content.returns,
            "countries": list(content.countries),
            "lead_person_id": content.head,
            "reported_on": standing.reported_on,
            "passports_returned_on": standing.passports_on,
            "paper_register_no": journey.register_no or None,
            "urgent": content.urgent,
            "urgent_reason": content.urgent_reason or None,
            "submitted_on": standing.submitted and local(standing.submitted).date(),
            "holder_tenant_id": held and held["desk_tenant_id"],
            "holder_since": held and held["opened_at"],
            "due_on": held and held["due_on"],
        }
        tenant_id = self.directory.tenants[journey.unit.slug]
        if held is None and chapter.state == State.DRAFT:
            since = chapter.columns["created_at"]
            chapter.columns |= {"holder_tenant_id": tenant_id, "holder_since": since}
        for name in _ALWAYS:
            chapter.columns.setdefault(name, None)
        for name, default in _FLAGS.items():
            chapter.columns.setdefault(name, default)
        answers = chapter.answers if standing.submitted else ANSWERS
        for model, values in rows_of(content, answers, went=standing.reported_on is not None):
            chapter.row(model, **values)
        for rows in chapter.rows.values():
            for row in rows:
                row["tenant_id"] = tenant_id


def _taken(step: dict[str, Any]) -> Taken:
    return Taken(
        Duty(step["data"]["duty"]), step["user_id"], step["person_id"], step["actor_tenant_id"]
    )


_HOLDERS: Final = {"focal": "sngv", "police": "ca", "chair": "ubnd", "committee": "vptu"}
_ALWAYS: Final = (
    "authority", "decided_on", "closed_on", "after_the_fact_reason", "created_by",
)  # fmt: skip
_FLAGS: Final[dict[str, Any]] = {
    "after_the_fact": False,
    "police_involved": False,
    "stopped": False,
    "blocks": 0,
    "warnings": 0,
}
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
