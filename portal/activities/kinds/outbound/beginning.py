"""Beginning a draft: from an item of the plan, out of plan, or from an earlier file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from portal.activities.kinds.outbound import choices, drafts, facts, lookups, papers
from portal.activities.kinds.outbound.content import Content, Member
from portal.activities.kinds.outbound.editor import limit_of
from portal.activities.kinds.outbound.lookups import PlanChoice
from portal.activities.kinds.outbound.quotas import SUPPLEMENTS
from portal.core import clock
from portal.core.context import Actor
from portal.core.errors import Denied, FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.identity.queries import people_by_id
from portal.tenancy.queries import lineage


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the first page offers."""

    items: tuple[PlanChoice, ...]
    leaders: Mapping[int, str]
    begun: Mapping[int, int]
    """Items on which a file is being written → that file."""
    year: int
    supplements: int
    limit: int | None
    classified: choices.Choices
    level: str
    register_no: str


def choices_for(actor: Actor, typed: MultiDict[str, str] | None = None) -> Beginning:
    """The free items of the agency's approved plans, this year's and next year's."""
    typed = typed if typed is not None else MultiDict()
    offer = _offer(actor)
    leaders = people_by_id(item.leader for item in offer.items if item.leader is not None)
    return Beginning(
        items=offer.items,
        leaders={id_: facts.display_of(person) for id_, person in leaders.items()},
        begun=lookups.begun_on(item.id for item in offer.items),
        year=offer.year,
        supplements=offer.supplements,
        limit=limit_of(SUPPLEMENTS, offer.year),
        classified=choices.CLASSIFIED,
        level=typed.get("classified", "none"),
        register_no=typed.get("paper_register_no", "")[:200],
    )


def begin(actor: Actor, values: MultiDict[str, str]) -> int:
    """Make the draft that was chosen; its id.

    Raises FieldErrors when the file may not be kept here and no register number is given, or when
    the item is not one that may be chosen.
    """
    level = values.get("classified", "none")
    if level not in {code for code, _label in choices.CLASSIFIED}:
        raise FieldErrors({"classified": "Choose one from the list."})
    if level != "none":
        return _begin_on_paper(actor, values)
    wanted = values.get("plan_item", "")
    content = Content()
    with unit_of_work():
        if wanted:
            item = next((i for i in _offer(actor).items if str(i.id) == wanted), None)
            if item is None:
                raise FieldErrors(
                    {"plan_item": "This item is not free any more. Choose another one."}
                )
            content = _from_item(item)
        return drafts.create(actor, content, people=people_by_id(content.people))


def copy(actor: Actor, activity_id: int) -> int:
    """A new draft like an earlier file of the agency; its id."""
    with unit_of_work():
        earlier = drafts.load(activity_id)
        if earlier.tenant_id != actor.tenant_id:
            raise Denied("Only files of your own agency can be copied.")
        content = replace(
            earlier.content,
            plan_item=None,
            departs=None,
            returns=None,
            urgent=False,
            urgent_reason="",
            invitation_from="",
            invitation_date=None,
            answers={},
            title="",
            members=tuple(m for m in earlier.content.members if earlier.people[m.person].active),
            programme=tuple(replace(day, day=None) for day in earlier.content.programme),
        )
        return drafts.create(actor, content, people=earlier.people)


def _begin_on_paper(actor: Actor, values: MultiDict[str, str]) -> int:
    register_no = papers.register_number(values)
    if not register_no:
        raise FieldErrors(
            {
                "paper_register_no": "Give the number in the register of secret papers, "
                "at most 60 characters."
            }
        )
    with unit_of_work():
        return drafts.create(actor, Content(), people={}, register_no=register_no)


def _from_item(item: PlanChoice) -> Content:
    members = () if item.leader is None else (Member(item.leader, "head"),)
    return Content(plan_item=item.id, title=item.title, countries=item.countries, members=members)


@dataclass(frozen=True, slots=True)
class _Offer:
    items: tuple[PlanChoice, ...]
    year: int
    supplements: int


def _offer(actor: Actor) -> _Offer:
    line = tuple(lineage(actor.tenant_id)) if actor.tenant_id is not None else ()
    items, supplements = lookups.plan_choices(line, clock.today())
    return _Offer(
        tuple(item for item in items if item.approved and not item.used),
        clock.today().year,
        supplements,
    )
