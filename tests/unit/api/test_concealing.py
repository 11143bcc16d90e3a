"""Of another agency's people an answer depends on the number of trips and on nothing else.

Two provinces in which such a person travelled equally often, but on other days, in other files, for
other agencies and with other company, give the same bytes to every question.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.activities.kinds.outbound.lookups import Surroundings
from portal.api import stored
from portal.api.check import told
from portal.api.named import Named
from portal.compliance.cases import read_case
from portal.compliance.engine import judge
from portal.identity.types import PersonRow

OWN, ELSEWHERE = 4, (7, 8)
HERS, HIS, THEIRS = 21, 22, 23
"""A leader of the asking agency, and two of other agencies."""
DECIDED = ("approved", "under-way", "completed", "reported", "closed")
PENDING = ("submitted", "in-appraisal", "returned", "appraised")
FILES = st.integers(1, 6)
"""Few, so that a question often guesses one."""


def person(id_: int, tenant_id: int) -> PersonRow:
    return PersonRow(id_, tenant_id, "", "", "", "", True, "standing-committee", False, True, "")


NAMED = Named(
    line={OWN: "mine"},
    people={"she": person(HERS, OWN), "he": person(HIS, 7), "they": person(THEIRS, 8)},
    foreign=frozenset({"he", "they"}),
)


@st.composite
def trips(draw: st.DrawFn, states: list[bool], who: int) -> list[dict[str, Any]]:
    """A file of another agency for each of `states` (decided or not), all in 2026."""
    made = []
    for decided in states:
        day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        made.append(
            {
                "activity_id": draw(FILES),
                "tenant_id": draw(st.sampled_from(ELSEWHERE)),
                "plan_item_id": draw(st.none() | FILES),
                "origin": draw(st.sampled_from(("original", "supplement", None))),
                "state": draw(st.sampled_from(DECIDED if decided else PENDING)),
                "submitted_on": draw(st.none() | st.just(date(2026, 1, 5))),
                "starts_on": day,
                "ends_on": day + timedelta(days=draw(st.integers(0, 20))),
                "reported_on": draw(st.none() | st.just(day)),
                "passports_returned_on": None,
                "members": [who],
            }
        )
    return made


@st.composite
def question(draw: st.DrawFn) -> dict[str, Any]:
    """A case that guesses: ids of files, agencies and items, its own year, claims about people."""
    guess = st.builds("{}{}".format, st.sampled_from(("a", "x", "i", "")), FILES)
    agencies = ["mine", "t7", "t8", "elsewhere"]
    members = [{"person": who} for who in draw(st.sets(st.sampled_from(("she", "he", "they"))))]
    claims = [
        {
            "id": id_,
            "kind": "outbound",
            "agency": draw(st.sampled_from(agencies)),
            "status": draw(st.sampled_from(("approved", "submitted", "cancelled"))),
            "departs": "2026-03-01",
            "members": members[: draw(st.integers(0, 3))],
        }
        for id_ in draw(st.sets(guess, max_size=3))
    ]
    succeeds = draw(st.sampled_from(([], ["t7"], ["t8", "elsewhere"])))
    plain = [{"id": id_, "kind": "district"} for id_ in agencies[1:]]
    leaders = [{"id": id_, "agency": "t7", "key_leader": True} for id_ in ("she", "he", "they")]
    return {
        "case": "thử",
        "as_of": draw(st.sampled_from(("2026-01-01", "2026-12-31", "2027-06-01"))),
        "province": draw(st.sampled_from(("quang-nam", "da-nang"))),
        "agencies": [{"id": "mine", "kind": "district", "succeeds": succeeds}, *plain],
        "people": leaders,
        "history": claims,
        "proposal": {
            "id": draw(guess),
            "kind": "outbound",
            "agency": draw(st.sampled_from(agencies)),
            "plan_item": draw(st.none() | guess),
            "departs": draw(st.sampled_from(("2026-06-01", "2026-12-30", "2027-01-02"))),
            "members": members,
        },
    }


def answered(asked: dict[str, Any], history: list[dict[str, Any]]) -> str:
    around = Surroundings(plans=(), history=history, agencies=())
    with mock.patch.object(stored, "surroundings", return_value=around):
        return json.dumps(told(read_case(asked), NAMED, judge))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), asked=question(), his=st.lists(st.booleans(), max_size=4))
def test_two_provinces_with_equal_numbers_give_the_same_answer(
    data: st.DataObject, asked: dict[str, Any], his: list[bool]
) -> None:
    ours = data.draw(trips(states=[True, False], who=HERS), "what the own leader did")
    first, second = (data.draw(trips(states=his, who=HIS)) for _ in range(2))
    assert answered(asked, [*ours, *first]) == answered(asked, [*second, *ours])


@settings(deadline=None)
@given(data=st.data(), asked=question())
def test_who_went_with_an_own_leader_changes_no_more_than_their_number(
    data: st.DataObject, asked: dict[str, Any]
) -> None:
    ours = data.draw(trips(states=[True], who=HERS), "what the own leader did")
    other = data.draw(trips(states=[True], who=HIS), "a trip of his own")
    together = [{**ours[0], "members": [HERS, HIS]}]
    assert answered(asked, together) == answered(asked, [*ours, *other])


@settings(deadline=None)
@given(data=st.data(), asked=question(), his=st.lists(st.booleans(), min_size=1, max_size=3))
def test_the_number_itself_is_told(
    data: st.DataObject, asked: dict[str, Any], his: list[bool]
) -> None:
    asked["proposal"]["departs"] = "2026-06-01"
    answer = json.loads(answered(asked, data.draw(trips(states=his, who=HIS))))
    found = {one["id"]: (one["decided"], one["pending"]) for one in answer["people"]}
    assert found == {"she": (0, 0), "he": (sum(his), len(his) - sum(his)), "they": (0, 0)}
