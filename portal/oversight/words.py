"""Signals and waivers in words: what was seen, and from where on it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.oversight.thresholds import Thresholds
from portal.oversight.types import Above
from portal.web.countries import countries_in_words
from portal.web.i18n import LazyText, gettext, lazy, locale

KINDS: Final[dict[str, LazyText]] = {
    "split-trip": lazy("One trip in two delegations"),
    "same-content": lazy("The same again in the same country"),
    "urgent-chain": lazy("Urgent trips in a chain"),
    "leaders-one-host": lazy("Two leaders to one host"),
    "one-inviter": lazy("One inviter for many"),
    "late-plan-items": lazy("Added to the plan again and again"),
}
"""What the kinds of signals are called."""

GRANTORS: Final[dict[str, LazyText]] = {
    "standing-committee": lazy("Standing committee of the provincial Party committee"),
    "chair": lazy("Chair of the provincial People's Committee"),
    "central": lazy("Central authority"),
}
"""Who grants waivers."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The facts of a signal with the names that belong to them, in the reader's language."""

    facts: Mapping[str, Any]
    agencies: Sequence[str]
    countries: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What a sentence may name."""
        return {
            **self.facts,
            "n": len(self.facts["files"]),
            "items": len(self.facts.get("items", ())),
            "agency": ", ".join(self.agencies),
            "agencies": len(self.agencies),
            "countries": self.countries,
        }


_SEEN: Final[dict[str, LazyText]] = {
    "split-trip": lazy(
        "%(n)s delegations with officials of %(agency)s were with the same host, %(host)s, at the"
        " same time."
    ),
    "same-content": lazy(
        "%(agency)s travelled %(n)s times to %(countries)s with nearly the same content."
    ),
    "urgent-chain": lazy(
        "%(agency)s sent %(n)s urgent delegations out of plan, one soon after the other."
    ),
    "leaders-one-host": lazy(
        "Key leaders of %(agency)s left within a few days in %(n)s delegations for the same host,"
        " %(host)s."
    ),
    "one-inviter": lazy(
        "%(inviter)s invited %(n)s delegations of %(agencies)s agencies in %(year)s."
    ),
    "late-plan-items": lazy(
        "%(agency)s added %(items)s trips to its plan of %(year)s in mid-year."
    ),
}


def seen(facts: Mapping[str, Any], ids: Iterable[int], names: Mapping[int, str]) -> Seen:
    """The facts with the names of those agencies that have one in `names`."""
    there = countries_in_words(facts.get("countries", ()))
    return Seen(facts, [names[id_] for id_ in ids if id_ in names], there)


def sentence(kind: str, seen: Seen) -> str:
    """What was seen, in one sentence that accuses nobody."""
    said: str = _SEEN[kind] % seen.values
    return said


def _split(numbers: Mapping[str, int]) -> str:
    if not numbers["gap_days"]:
        return gettext("Counted when the days of the two overlap.")
    return gettext(
        "Counted when the second leaves at most %(gap_days)s days after the first is back.",
        **numbers,
    )


def _same(numbers: Mapping[str, int]) -> str:
    return gettext(
        "Counted when the next one leaves before %(years)s years are over and at least"
        " %(alike_percent)s%% of the words are the same.",
        **numbers,
    )


_THRESHOLDS: Final[dict[str, Callable[[Mapping[str, int]], str]]] = {
    "split-trip": _split,
    "same-content": _same,
    "urgent-chain": lambda numbers: gettext(
        "Counted from %(trips)s departures within %(days)s days.", **numbers
    ),
    "leaders-one-host": lambda numbers: gettext(
        "Counted when they leave within %(days)s days.", **numbers
    ),
    "one-inviter": lambda numbers: gettext(
        "Counted from %(trips)s delegations of %(agencies)s agencies in one calendar year.",
        **numbers,
    ),
    "late-plan-items": lambda numbers: gettext(
        "Counted from %(items)s supplements of one agency to the plan of one year.", **numbers
    ),
}


def threshold(kind: str, numbers: Thresholds) -> str:
    """From where on this kind of facts counts as a signal today."""
    return _THRESHOLDS[kind](numbers[kind])


def exceeded(one: Above) -> str:
    """Which limit a trip exceeds, and whose."""
    values = {"slot": one.slot, "limit": one.limit, "year": one.year}
    if one.name is None:
        return gettext(
            "Delegation out of plan no. %(slot)s of %(year)s, where %(limit)s are allowed", **values
        )
    return gettext(
        "Trip no. %(slot)s of %(who)s in %(year)s, where %(limit)s are allowed",
        who=f"{one.honorific} {one.name}",
        **values,
    )


def source(kind: str, numbers: Thresholds) -> str:
    """Where the threshold comes from."""
    said = numbers.kinds[kind].source
    return said.en if locale() == "en" else said.vi
