"""The case format is strict: each malformed file is one clear line, never a traceback."""

import tracemalloc
from pathlib import Path
from time import perf_counter

import pytest

from portal.compliance.cases import CaseFileError, load_cases, load_file
from portal.compliance.facts import Outbound
from portal.compliance.strict_yaml import MAX_BYTES
from tests.unit.compliance.malformed import (
    GOOD,
    MALFORMED,
    NO_CASE,
    OTHER_KINDS,
    changed,
    error_of,
    of_kind,
)

REFUSALS = Path(__file__).with_name("refusals.txt")
"""What is said to each of the mistakes in malformed.py, one a line and in that order."""


def test_every_refusal_says_exactly_this() -> None:
    said = [str(error_of(changed(old, new))) for old, new, _, _ in MALFORMED]
    said += [str(error_of(of_kind(kind, f"id: N\n  {line}"))) for kind, line, _ in OTHER_KINDS]
    said += [str(error_of(data)) for data in NO_CASE]
    assert said == REFUSALS.read_text(encoding="utf-8").splitlines()


def test_the_good_case_is_good() -> None:
    (loaded,) = load_cases(GOOD.encode())
    assert loaded.name == "a sentence"
    assert loaded.expect is not None


@pytest.mark.parametrize(
    ("old", "new", "key", "word"), MALFORMED, ids=[f"{n[:40]} {k}" for _, n, k, _ in MALFORMED]
)
def test_a_malformed_case_is_one_line_with_its_key(old: str, new: str, key: str, word: str) -> None:
    error = error_of(changed(old, new))
    assert error.key == key
    assert word in error.expected


@pytest.mark.parametrize(("kind", "line", "key"), OTHER_KINDS)
def test_the_other_kinds_are_as_strict(kind: str, line: str, key: str) -> None:
    assert len(load_cases(of_kind(kind, "id: N").encode())) == 1
    assert error_of(of_kind(kind, f"id: N\n  {line}")).key == key


@pytest.mark.parametrize("data", NO_CASE)
def test_what_is_no_case_at_all_is_one_line(data: bytes) -> None:
    error_of(data)


def test_a_laughing_billion_costs_nothing() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    start = perf_counter()
    assert "alias" in error_of("\n".join(lines)).expected
    assert perf_counter() - start < 1


def test_fifty_levels_are_read_and_fifty_one_are_not() -> None:
    def nested(levels: int) -> str:
        return "a: " + "[" * (levels - 1) + "]" * (levels - 1)

    assert "one of" in error_of(nested(50)).expected
    assert "50 levels" in error_of(nested(51)).expected


def test_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    def padded(size: int) -> bytes:
        return GOOD.encode() + b"#" + b"x" * (size - len(GOOD.encode()) - 1)

    assert len(load_cases(padded(MAX_BYTES))) == 1
    assert "1 MiB" in error_of(padded(MAX_BYTES + 1)).expected
    big = tmp_path / "big.yaml"
    big.write_bytes(padded(MAX_BYTES * 8))
    with pytest.raises(CaseFileError, match="1 MiB"):
        load_file(big)


@pytest.mark.parametrize(
    "filler",
    [
        "x: [" + "1:1," * 200_000 + "]",
        "people: [" + "{id: a, agency: a}," * 50_000 + "]",
        "agencies: ["
        + ",".join(f"{{id: a{i}, kind: focal, succeeds: [a{i + 1}]}}" for i in range(20_000))
        + "]",
        "case: " + "9" * 900_000,
        "case: " + "1:" * 400_000 + "1",
        "case: 0x" + "f" * 900_000,
        "".join(f"k{i}: 1\n" for i in range(90_000)),
    ],
    ids=["pairs", "people", "chain", "digits", "sexagesimal", "hexadecimal", "keys"],
)
def test_a_large_nonsense_is_refused_in_bounded_time(filler: str) -> None:
    start = perf_counter()
    error_of(filler[: MAX_BYTES - 1])
    assert perf_counter() - start < 60


def test_the_memory_for_a_file_stays_within_bounds() -> None:
    tracemalloc.start()
    error_of("people: [" + "{id: a, agency: a}," * 10_000 + "]")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 1024 * 1024


def test_a_long_chain_of_successions_is_followed() -> None:
    chain = "".join(f"  - {{id: a{i}, kind: focal, succeeds: [a{i + 1}]}}\n" for i in range(3000))
    text = (
        "case: x\nas_of: 2024-11-20\nprovince: quang-nam\nagencies:\n"
        f"{chain}  - {{id: a3000, kind: focal}}\n"
        "proposal: {id: N, kind: inbound, agency: a0}\n"
    )
    (loaded,) = load_cases(text.encode())
    assert len(loaded.case.agencies) == 3001


def test_the_document_is_named_from_one() -> None:
    bad = changed("departs: 2024-12-20", "departs: soon")
    assert error_of(bad).document == 1
    assert error_of(f"{GOOD}---\n{bad}").document == 2
    assert error_of(f"{GOOD}---\n{GOOD}---\n\tx").document == 3
    assert error_of(f"{GOOD}---\n").document == 2
    assert error_of(f"{GOOD}---\n{GOOD}".encode() + b"\xff").document == 2
    assert error_of(f"---\n{GOOD}---\n{GOOD}".encode() + b"\0").document == 2
    assert error_of(f"# a comment\n---\n{GOOD}".encode() + b"\0").document == 1


def test_documents_come_in_file_order_and_may_share_a_name() -> None:
    second = GOOD.replace("a sentence", "another")
    cases = load_cases(f"{GOOD}---\n{second}...\n---\n{GOOD}".encode())
    assert [case.name for case in cases] == ["a sentence", "another", "a sentence"]


def test_a_byte_order_mark_and_quoted_dates_are_read() -> None:
    text = "\ufeff" + changed("as_of: 2024-11-20", 'as_of: "2024-11-20"')
    assert load_cases(text.encode())[0].case.as_of.isoformat() == "2024-11-20"


def test_plain_yaml_tags_and_norway_in_quotes_are_read() -> None:
    text = changed("countries: [LA]", 'countries: ["NO", !!str NO]').replace(
        "case: a sentence", "case: !!str 12"
    )
    (loaded,) = load_cases(text.encode())
    assert loaded.name == "12"
    assert isinstance(loaded.case.proposal, Outbound)
    assert loaded.case.proposal.countries == ("NO", "NO")


def test_an_empty_value_before_a_comma_is_null() -> None:
    text = changed("{from: x, date: 2024-11-01", "{from:, date: 2024-11-01")
    trip = load_cases(text.encode())[0].case.proposal
    assert isinstance(trip, Outbound)
    assert trip.invitation is not None
    assert (trip.invitation.inviter, str(trip.invitation.dated)) == (False, "2024-11-01")
    assert error_of(text.replace("countries: [LA]", "countries: [NO]")).line == 15
    assert "YAML" in error_of(text + "#" * 70_000).expected


def test_null_is_absent_and_blanks_are_missing() -> None:
    text = changed("purpose: trade", "purpose: '  '\n  plan_item: ~\n  necessity: null")
    text = text.replace("waivers: [{rule: outbound.relatives, by: chair}]", "waivers: null")
    trip = load_cases(text.encode())[0].case.proposal
    assert isinstance(trip, Outbound)
    assert (trip.purpose, trip.plan_item, trip.necessity) == (False, None, False)


@pytest.mark.parametrize("name", ["nowhere.yaml", "fold\ner.yaml", "a\0b", "x" * 5000])
def test_a_file_that_is_not_there_is_one_line(name: str) -> None:
    with pytest.raises(CaseFileError) as caught:
        load_file(name)
    assert str(caught.value).isprintable()


def test_a_folder_is_no_case_file(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="readable"):
        load_file(tmp_path)
