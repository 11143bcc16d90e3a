"""What the drafting page shows, worked out from the content, the facts and the findings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.activities.assessment import preview
from portal.activities.findings import Assessment
from portal.activities.kinds.outbound import choices, papers
from portal.activities.kinds.outbound.content import Content, Member, generated_title, title_of
from portal.activities.kinds.outbound.drafts import Draft
from portal.activities.kinds.outbound.facts import Gathered, gather_draft
from portal.activities.kinds.outbound.forms import Posted
from portal.activities.kinds.outbound.lookups import PlanChoice
from portal.activities.kinds.outbound.quotas import LEADER_TRIPS, SUPPLEMENTS, limit_on
from portal.core import clock
from portal.core.context import current_actor
from portal.identity.queries import PeopleFilter, people_page, search_people
from portal.identity.travel import trip_summary
from portal.identity.types import PersonRow, TripCount
from portal.web.countries import countries_in_words
from portal.web.i18n import LazyText, _, lazy, ngettext

FOUND = 12
"""People shown by one search."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member as the list shows it."""

    person: PersonRow
    member: Member
    trips: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom the search found."""

    person: PersonRow
    trips: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One of the five parts of the form, with what it still lacks."""

    id: str
    label: LazyText
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the page needs beside the form itself."""

    draft: Draft
    posted: Posted
    check: Assessment
    members: tuple[MemberView, ...]
    sections: tuple[Section, ...]
    items: tuple[PlanChoice, ...]
    supplements: str
    generated_title: str
    out_of_plan: bool
    version: int
    year: int
    tab: str
    query: str = ""
    found: tuple[Found, ...] | None = None
    anchor: str = ""
    file_error: str = ""

    @property
    def title(self) -> str:
        return title_of(self.posted.content)

    @property
    def digest(self) -> str:
        """Changes when the findings panel would say something else."""
        said = [
            (f.rule, f.severity, f.message, f.cures, f.waived, not f.answer)
            for f in self.check.findings
        ]
        urgent = self.posted.content.urgent
        rest = [self.check.authority, self.check.opinions, self.check.working_days(urgent=urgent)]
        return hashlib.sha256(repr((said, rest, self.posted.errors())).encode()).hexdigest()[:16]

    @property
    def topics(self) -> choices.Choices:
        return choices.TOPICS

    @property
    def roles(self) -> choices.Choices:
        return choices.ROLES

    @property
    def files(self) -> list[dict[str, Any]]:
        """The dossier, with the words and links of its files."""
        return papers.listed(self.draft)

    @property
    def kinds_of_files(self) -> list[tuple[str, LazyText]]:
        return papers.kinds()


def build(
    draft: Draft,
    posted: Posted,
    people: Mapping[int, PersonRow],
    *,
    tab: str,
    query: str | None = None,
    anchor: str = "",
    file_error: str = "",
    gathered: Gathered | None = None,
) -> Editor:
    """The page for `posted` as it would stand in `draft`.

    Asks three statements for the facts unless they are `gathered`, and two more to search people.
    """
    content = posted.content
    if gathered is None:
        gathered = gather_draft(draft, content, people)
    chosen = _chosen_item(gathered)
    supplement = chosen is not None and chosen.origin == "supplement"
    out_of_plan = content.plan_item is None or supplement
    return Editor(
        draft=draft,
        posted=posted,
        check=preview(gathered, content.answers),
        members=_members(gathered),
        sections=_sections(posted, out_of_plan=out_of_plan),
        items=tuple(
            item
            for item in gathered.items
            if item.id == content.plan_item or (item.approved and not item.used)
        ),
        supplements=_supplements(gathered),
        generated_title=generated_title(content),
        out_of_plan=out_of_plan,
        version=draft.version,
        year=gathered.year,
        tab=tab,
        query=query or "",
        found=None if query is None else find(query, content.people, gathered.year),
        anchor=anchor,
        file_error=file_error,
    )


def _chosen_item(gathered: Gathered) -> PlanChoice | None:
    wanted = gathered.content.plan_item
    return next((item for item in gathered.items if item.id == wanted), None)


def _members(gathered: Gathered) -> tuple[MemberView, ...]:
    return tuple(
        MemberView(
            gathered.people[member.person],
            member,
            trips_text(
                gathered.people[member.person], gathered.trips[member.person], gathered.year
            ),
        )
        for member in gathered.content.members
        if member.person in gathered.people
    )


def trips_text(person: PersonRow, trips: TripCount | None, year: int) -> str:
    """ "đã đi 1/2 chuyến năm 2026" for a key leader, the bare number for everybody else."""
    trips = trips or TripCount(person.id)
    limit = limit_of(LEADER_TRIPS, year) if person.key_leader else None
    if limit is not None:
        said = _("%(n)s/%(limit)s trips in %(year)s", n=trips.decided, limit=limit, year=year)
    elif trips.decided:
        said = ngettext(
            "%(n)s trip in %(year)s", "%(n)s trips in %(year)s", trips.decided, year=year
        )
    else:
        return ""
    if trips.pending:
        said += " " + _("(%(n)s more waiting for a decision)", n=trips.pending)
    return said


def _supplements(gathered: Gathered) -> str:
    limit = limit_of(SUPPLEMENTS, gathered.year)
    if limit is None:
        return _("Out of plan")
    return _(
        "Out of plan (%(n)s/%(limit)s used in %(year)s)",
        n=gathered.supplements,
        limit=limit,
        year=gathered.year,
    )


def limit_of(rule: str, year: int) -> int | None:
    """The yearly limit that `rule` sets: today's for this year, the last day's for another."""
    today = clock.today()
    return limit_on(rule, today if today.year == year else date(year, 12, 31))


def find(query: str, chosen: Sequence[int], year: int) -> tuple[Found, ...]:
    """People to add: for an empty query the agency's own first, the key leaders among them.

    The number of trips of other agencies' people is asked for when one is picked, not for a list.
    """
    actor = current_actor()
    own = actor.tenant_id if actor else None
    if query.strip():
        people = search_people(query[:100], FOUND, own_tenant_id=own)
    else:
        people = people_page(PeopleFilter(tenant_id=own), rows=FOUND).rows
    mine = [person.id for person in people if person.tenant_id == own]
    trips = trip_summary(mine, year) if mine else {}
    return tuple(
        Found(
            person,
            trips_text(person, trips.get(person.id), year) if person.tenant_id == own else "",
            person.id in chosen,
        )
        for person in people
    )


def _sections(posted: Posted, *, out_of_plan: bool) -> tuple[Section, ...]:
    content = posted.content
    wrong = {name for name, _message in posted.errors() if name}
    return (
        Section("plan", lazy("Plan"), _plan_lacks(content, wrong, out_of_plan=out_of_plan)),
        Section("people", lazy("Members"), _people_lack(content)),
        Section(
            "time",
            lazy("Places and dates"),
            _lacks(content, wrong, "countries", "departs", "returns"),
        ),
        Section(
            "programme",
            lazy("Content and programme"),
            _programme_lacks(content, wrong, out_of_plan=out_of_plan),
        ),
        Section("files", lazy("Dossier"), ()),
    )


def _plan_lacks(content: Content, wrong: set[str], *, out_of_plan: bool) -> tuple[str, ...]:
    return _lacks(content, wrong, "necessity") if out_of_plan else _lacks(content, wrong)


def _people_lack(content: Content) -> tuple[str, ...]:
    lacking = [] if content.members else ["members"]
    if content.head is None:
        lacking.append("head")
    return (*lacking, *(() if content.leader_rank else ("leader_rank",)))


def _programme_lacks(content: Content, wrong: set[str], *, out_of_plan: bool) -> tuple[str, ...]:
    names = ["purpose", "host_partner", "content", "programme", "funding", "organiser"]
    if out_of_plan:
        names += ["invitation_from", "invitation_date"]
    return _lacks(content, wrong, *names)


def _lacks(content: Content, wrong: set[str], *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name in wrong or not getattr(content, name))


def length_text(content: Content) -> str:
    """ "5 ngày · Lào, Thái Lan": what the dates and countries come to."""
    parts: list[str] = []
    if content.departs and content.returns and content.returns >= content.departs:
        days = (content.returns - content.departs).days + 1
        parts.append(ngettext("%(n)s day", "%(n)s days", days))
    if content.countries:
        parts.append(countries_in_words(content.countries))
    return " · ".join(parts)


def context(editor: Editor, **urls: Any) -> dict[str, Any]:
    """For the template."""
    return {
        "editor": editor,
        "form": editor.posted.form,
        "content": editor.posted.content,
        "errors": editor.posted.errors(),
        "length": length_text(editor.posted.content),
        **urls,
    }
