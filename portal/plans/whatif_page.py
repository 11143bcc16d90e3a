"""What the what-if page is asked for and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange, Optional

from portal.audit.events import declare
from portal.audit.services import record
from portal.compliance.enacted import law_in_force
from portal.compliance.facts import Kind
from portal.compliance.regulations import Version
from portal.core import clock
from portal.core.context import Actor, Scope
from portal.core.errors import FieldErrors
from portal.core.unit_of_work import unit_of_work
from portal.extensions import settings
from portal.plans import trial, whatif_words
from portal.plans.cases import Cases, Law
from portal.plans.types import Planned, PlannedYear
from portal.plans.whatif import About, Concern, beside_the_law, by_law, in_order
from portal.plans.whatif_words import Shown
from portal.plans.words import KINDS
from portal.plans.yearly import planned_year
from portal.tenancy.naming import LONGEST, agency_called
from portal.web.forms import BaseForm, ChoiceField, NumberField, TextField
from portal.web.i18n import gettext, lazy, locale

declare({"travel.counted": "year people ?person_ids"})

OVERSEERS: Final = frozenset({Scope.FOCAL, Scope.INSPECTOR})


class WhatIfForm(BaseForm):
    """Which year and agency, what of it, and by which law."""

    year = NumberField(
        lazy("Year"),
        [Optional(), NumberRange(2000, 2099, lazy("The year must be from 2000 to 2099."))],
    )
    agency = TextField(lazy("Agency"), longest=LONGEST)
    about = ChoiceField(
        lazy("Show"), empty=lazy("Everything"), choices=list(whatif_words.ABOUTS.items())
    )
    number = ChoiceField(lazy("As if"), empty=lazy("The law as it stands"))
    value = NumberField(
        lazy("were"),
        [Optional(), NumberRange(1, 10_000, lazy("Type a whole number from 1 to 10000."))],
    )


@dataclass(frozen=True, slots=True)
class AsIf:
    """The number that was tried, and how many concerns it brings or takes away."""

    name: str
    value: int
    now: int
    more: int
    fewer: int
    needs_other_law: bool
    """Looser than a national rule: the province cannot enact it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A year's plans judged, narrowed to what was asked for."""

    year: PlannedYear
    lines: Sequence[Planned]
    """Those of the agency that was asked for, else all."""
    concerns: Mapping[int | None, Sequence[Concern]]
    """By agency, in the order of the page; None: of several."""
    counts: Mapping[About, int]
    """Of every kind, whichever was asked for."""
    new: frozenset[Any]
    """Keys of concerns that the law as it stands does not raise."""
    as_if: AsIf | None
    unknown: Mapping[str, Sequence[Version]]
    """Kind in words → rules that ask for more than its lines say."""

    @property
    def without_leader(self) -> int:
        """Delegations that name no leader."""
        return sum(1 for one in self.lines if one.kind == "outbound" and one.leader is None)

    @property
    def without_month(self) -> int:
        """Items that name no month."""
        return sum(1 for one in self.lines if one.month is None)

    def shown(self, agencies: Sequence[int | None]) -> list[tuple[str, list[Shown]]]:
        """Name and concerns of these agencies in words; of several agencies without a name."""
        return [
            (
                "" if id_ is None else self.year.agencies[id_].name,
                [
                    whatif_words.shown(one, self.year, only_as_if=one.key in self.new)
                    for one in self.concerns[id_]
                ],
            )
            for id_ in agencies
        ]


def read(args: MultiDict[str, str]) -> WhatIfForm:
    """The form as it was sent; the year decides which numbers there are to try."""
    form = WhatIfForm(args)
    if form.year.data is None and not form.year.process_errors:
        form.year.data = clock.today().year + 1
        form.year.raw_data = None
    year = form.year.data if form.year.data and not form.year.process_errors else _next_year()
    year = min(max(year, 2000), 2099)
    form.number.choices = [(one.key, _choice(one, year)) for one in _numbers(year)]
    return form


def _choice(number: trial.Number, year: int) -> str:
    return gettext(
        "%(number)s (in %(year)s: %(value)s)", number=_name(number), year=year, value=number.value
    )


def answer(form: WhatIfForm, actor: Actor) -> Answer:
    """Judge the year. Raises FieldErrors with what was not understood."""
    if not form.validate():
        raise FieldErrors({})
    if (form.number.data is None) != (form.value.data is None):
        raise FieldErrors(_half_asked(form))
    agency = None
    if form.agency.data and actor.scope in OVERSEERS:
        agency = agency_called(form.agency.data).id
    year = planned_year(form.year.data)
    _leave_trace(year, actor)
    return _judged(year, form, agency)


def _half_asked(form: WhatIfForm) -> dict[str, str]:
    if form.value.data is None:
        return {"value": gettext("Type the number that is to be tried.")}
    return {"number": gettext("Choose what is to have this number.")}


def _judged(year: PlannedYear, form: WhatIfForm, agency: int | None) -> Answer:
    law, province = law_in_force(), settings().province
    cases = Cases(year, province, clock.today())
    found = by_law(cases, Law(law))
    as_if, new = None, frozenset[Any]()
    number = next((one for one in _numbers(year.year) if one.key == form.number.data), None)
    if number is not None:
        # No rule asks for another's number: only the one that is tried is asked again.
        rule = number.version.rule
        as_tried = trial.as_if(law, number, form.value.data, year.year)
        tried = [one for one in found if one.finding is None or one.finding.rule != rule]
        tried += by_law(cases, Law(as_tried, only=rule))
        before, after = ({one.key for one in each if _of(one, agency)} for each in (found, tried))
        new = frozenset(after - before)
        beyond = trial.is_beyond_the_province(law, number, form.value.data, year.year)
        as_if = AsIf(
            _name(number),
            form.value.data,
            number.value,
            len(new),
            len(before - after),
            needs_other_law=beyond,
        )
        found = tried
    concerns = [one for one in (*found, *beside_the_law(year)) if _of(one, agency)]
    asked = [one for one in concerns if form.about.data in (None, one.about)]
    return Answer(
        year=year,
        lines=[line for line in year.items if agency in (None, line.agency)],
        concerns=in_order(asked, year),
        counts=Counter(one.about for one in concerns),
        new=new,
        as_if=as_if,
        unknown=_unknown(year, Law(law)),
    )


def _of(concern: Concern, agency: int | None) -> bool:
    return agency is None or agency in concern.agencies


def _unknown(year: PlannedYear, law: Law) -> dict[str, Sequence[Version]]:
    first, province = date(year.year, 1, 1), settings().province
    kinds: list[Kind] = sorted({line.kind for line in year.items}, key=list(KINDS).index)
    return {str(KINDS[kind]): law.not_told(kind, province, first) for kind in kinds}


def _numbers(year: int) -> list[trial.Number]:
    return trial.numbers(law_in_force(), settings().province, year)


def _name(number: trial.Number) -> str:
    title = number.version.title
    return whatif_words.number_name(title.en if locale() == "en" else title.vi, number.name)


def _next_year() -> int:
    return clock.today().year + 1


def _leave_trace(year: PlannedYear, actor: Actor) -> None:
    """Of other agencies' leaders even the number of trips is a question that is written down."""
    leaders = {line.leader for line in year.items if line.leader is not None}
    foreign = sorted(id_ for id_ in leaders if year.people[id_].agency != actor.tenant_id)
    if not foreign:
        return
    data: dict[str, Any] = {"year": year.year, "people": len(foreign)}
    if actor.scope is Scope.OWN:
        data["person_ids"] = foreign
    with unit_of_work():
        record("travel.counted", data=data)
