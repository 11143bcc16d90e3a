"""Every key that a case file can hold is read as the fact it names, and no other."""

from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import yaml

from portal.compliance.cases import Expectation, load_cases

WRITTEN, READ = Path(__file__).with_name("everything.yaml").read_bytes().split(b"---\n")


def test_what_is_written_is_what_is_read() -> None:
    (loaded,) = load_cases(WRITTEN)
    assert msgspec.json.decode(msgspec.json.encode(loaded.case)) == yaml.safe_load(READ)
    assert loaded.name == "everything that a case can say"


def test_what_the_author_expects_is_read_with_every_finding_counted() -> None:
    (loaded,) = load_cases(WRITTEN)
    assert loaded.expect == Expectation(
        verdict="block",
        findings=Counter({("outbound.size", "block"): 2, ("any.dates", "warn"): 1}),
        authority="chair",
        opinions_required=["focal", "police"],
        notify=["police"],
        deadlines=frozenset({("outbound.trip-report", date(2024, 12, 29))}),
    )


def test_what_the_author_leaves_out_is_not_compared() -> None:
    head = WRITTEN[: WRITTEN.index(b"expect:")]
    (loaded,) = load_cases(head)
    assert loaded.expect is None
    (loaded,) = load_cases(head + b"expect: {verdict: pass, notify: []}\n")
    assert loaded.expect == Expectation("pass", Counter(), None, None, [], None)


def test_guests_are_known_to_the_sentences_by_their_place_and_name() -> None:
    visit = "{id: N1, kind: inbound, agency: b, guests: [{title: x}, {name: Khamla}, {name: '  '}]}"
    head = WRITTEN[: WRITTEN.index(b"proposal:")].decode()
    (loaded,) = load_cases(f"{head}proposal: {visit}\n".encode())
    assert loaded.names.guests == {2: "Khamla"}
