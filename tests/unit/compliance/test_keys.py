"""What people, agencies, items and files are called in a case, and as what a file counts there."""

from portal.compliance.facts import DECIDED, PENDING
from portal.compliance.keys import (
    STATUSES,
    activity_key,
    agency_key,
    item_key,
    number_of,
    person_key,
)


def test_a_key_says_what_it_names_and_gives_the_number_back() -> None:
    keys = [key(12) for key in (person_key, agency_key, item_key, activity_key)]
    assert keys == ["p12", "t12", "i12", "a12"]
    assert [number_of(key) for key in keys] == [12, 12, 12, 12]


def test_a_file_counts_from_its_submission_on() -> None:
    counts = {
        state: "decided" if status in DECIDED else "pending" if status in PENDING else "not"
        for state, status in STATUSES.items()
    }
    waiting = ("submitted", "in-appraisal", "returned", "appraised")
    decided = ("approved", "under-way", "completed", "reported", "closed")
    assert counts == dict.fromkeys(waiting, "pending") | dict.fromkeys(decided, "decided")


def test_a_file_sent_back_waits_like_one_submitted_and_a_closed_one_is_reported() -> None:
    assert STATUSES["returned"] == "submitted"
    assert STATUSES["closed"] == "reported"
    others = {state: status for state, status in STATUSES.items() if state != status}
    assert set(others) == {"returned", "closed"}
