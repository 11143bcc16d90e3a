"""Concerns of a year's plans in the reader's words: what, who, on which lines, by which law."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.compliance.names import Names
from portal.plans.types import Planned, PlannedYear
from portal.plans.whatif import About, Concern
from portal.web.countries import country_name
from portal.web.filters import date as shown_date
from portal.web.i18n import LazyText, _, lazy, locale, ngettext

ABOUTS: Final[dict[About, LazyText]] = {
    About.TRIPS: lazy("Leaders above their trips"),
    About.TOGETHER: lazy("Leaders possibly together"),
    About.ABSENCE: lazy("Months without leaders"),
    About.LEAD_TIME: lazy("Time limits"),
    About.SUPPLEMENTS: lazy("Supplements above the limit"),
    About.COUNTRIES: lazy("Too many countries"),
    About.DUPLICATES: lazy("Items that stand twice"),
}
SEVERITIES: Final[dict[str, tuple[LazyText, str, str]]] = {
    "block": (lazy("Against the rules"), "red", "ban"),
    "warn": (lazy("To be settled"), "amber", "alert-triangle"),
    "info": (lazy("For information"), "blue", "info-circle"),
}
PARAMETERS: Final[dict[str, LazyText]] = {
    "limit": lazy("limit"),
    "working_days": lazy("working days"),
    "prime_minister": lazy("days, decided by the Prime Minister"),
    "chair": lazy("days, decided by the chair"),
}


@dataclass(frozen=True, slots=True)
class Law:
    """One provision beside a concern."""

    document: str
    clause: str
    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One concern as it stands on the page and in the spreadsheet."""

    about: LazyText
    severity: str
    sentence: str
    lines: tuple[Planned, ...]
    law: tuple[Law, ...]
    only_as_if: bool


def shown(concern: Concern, year: PlannedYear, *, only_as_if: bool = False) -> Shown:
    """A concern in words."""
    return Shown(
        about=ABOUTS[concern.about],
        severity=concern.severity,
        sentence=_begun(_SENTENCES[concern.about](concern, year)),
        lines=concern.lines,
        law=_law(concern),
        only_as_if=only_as_if,
    )


def _begun(sentence: str) -> str:
    """With a capital letter: names begin with ông or bà."""
    return sentence[:1].upper() + sentence[1:]


def number_name(title: str, name: str) -> str:
    """A number of a rule: "Trips of a key leader: limit"."""
    return f"{title}: {PARAMETERS[name]}"


def _law(concern: Concern) -> tuple[Law, ...]:
    if concern.finding is None:
        return ()
    return tuple(Law(b.document, b.clause, b.link) for b in concern.finding.legal_basis)


def _agency(concern: Concern, year: PlannedYear) -> str:
    return "" if concern.agency is None else year.agencies[concern.agency].name


def _people(concern: Concern, year: PlannedYear) -> str:
    return ", ".join(year.people[id_].name for id_ in concern.people)


def _counted(facts: Mapping[str, Any]) -> tuple[int, str]:
    """How many there are, and what they are."""
    told = (
        (facts["planned"], lazy("%(n)s planned")),
        (facts["elsewhere"], lazy("%(n)s planned by other agencies")),
        (facts["decided"], lazy("%(n)s decided already")),
        (facts["pending"], lazy("%(n)s waiting for a decision")),
    )
    return sum(n for n, _word in told), ", ".join(str(word) % {"n": n} for n, word in told if n)


def _trips(concern: Concern, year: PlannedYear) -> str:
    total, parts = _counted(concern.facts)
    limit = concern.facts["limit"]
    told = _(
        "%(who)s would travel abroad %(total)s times in %(year)s (%(parts)s); the limit is"
        " %(limit)s.",
        who=_people(concern, year),
        total=total,
        year=year.year,
        limit=limit,
        parts=parts,
    )
    return f"{told} {_too_many(total - limit)}"


def _too_many(over: int) -> str:
    return ngettext(
        "Take %(n)s of them out, or let somebody else lead it.",
        "Take %(n)s of them out, or let somebody else lead them.",
        over,
    )


def _supplements(concern: Concern, year: PlannedYear) -> str:
    total, parts = _counted(concern.facts)
    return _(
        "The agency would send %(total)s delegations out of plan in %(year)s (%(parts)s); the limit"
        " is %(limit)s.",
        total=total,
        year=year.year,
        limit=concern.facts["limit"],
        parts=parts,
    )


def _together(concern: Concern, year: PlannedYear) -> str:
    first = concern.lines[0]
    shared = set(first.countries).intersection(*(line.countries for line in concern.lines))
    return _(
        "%(who)s of %(agency)s are to lead delegations to %(country)s in the same month"
        " (%(month)s). If it is one delegation, at most %(limit)s of them may go; the plan does not"
        " say whether it is.",
        who=_people(concern, year),
        agency=_agency(concern, year),
        country=", ".join(map(country_name, sorted(shared))),
        month=first.month,
        limit=concern.finding.facts["limit"] if concern.finding else 1,
    )


def _absence(concern: Concern, year: PlannedYear) -> str:
    return _(
        "In month %(month)s everybody who leads %(agency)s is to be abroad: %(who)s. Whether on"
        " the same days is not known yet. Keep one of them at home, or move a trip.",
        month=concern.facts["month"],
        agency=_agency(concern, year),
        who=_people(concern, year),
    )


def _lead_time(concern: Concern, _year: PlannedYear) -> str:
    line, told = concern.lines[0], concern.facts["deadlines"]
    chair = [one for one in told if one["rank"] is None]
    if concern.facts["certain"]:
        return _(
            "Planned for month %(month)s, and no day of it is left that keeps the time limit: even"
            " for %(day)s the file had to be submitted by %(by)s. Plan it later.",
            month=line.month,
            day=shown_date(chair[-1]["begins"]),
            by=_day(chair[-1]["submit_by"]),
        )
    said = [_("Planned for month %(month)s:", month=line.month), _by(chair)]
    if line.kind == "conference":
        premier = [one for one in told if one["rank"] is not None]
        said.append(_("If the Prime Minister decides: %(by)s", by=_by(premier)))
    return " ".join(said)


def _by(told: Sequence[Mapping[str, Any]]) -> str:
    """By which day to submit, for the first and the last day of the month."""
    parts = [
        _("too late for %(day)s", day=shown_date(one["begins"]))
        if one["too_late"]
        else _(
            "submit by %(by)s to begin on %(day)s",
            by=_day(one["submit_by"]),
            day=shown_date(one["begins"]),
        )
        for one in told
    ]
    return "; ".join(parts) + "."


def _day(iso: str) -> str:
    return shown_date(date.fromisoformat(iso))


def _countries(concern: Concern, _year: PlannedYear) -> str:
    if concern.finding is None:
        raise ValueError("countries are a matter of a rule")
    if locale() == "en":
        return concern.finding.message_en(Names())
    return concern.finding.message_vi(Names())


def _duplicates(concern: Concern, _year: PlannedYear) -> str:
    agencies = concern.agencies
    if len(agencies) == 1:
        return _(
            "The same title, month and destination stand in the plan %(n)s times. Keep one, or say"
            " how they differ.",
            n=len(concern.lines),
        )
    return _(
        "The same title, month and destination stand in the plans of %(n)s agencies. If it is one"
        " activity, let one of them plan it.",
        n=len(agencies),
    )


_SENTENCES: Final[Mapping[About, Callable[[Concern, PlannedYear], str]]] = {
    About.TRIPS: _trips,
    About.SUPPLEMENTS: _supplements,
    About.TOGETHER: _together,
    About.ABSENCE: _absence,
    About.LEAD_TIME: _lead_time,
    About.COUNTRIES: _countries,
    About.DUPLICATES: _duplicates,
}
