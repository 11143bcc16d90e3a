"""Cases in bulk: the same questions one a line, read as strictly, answered the same."""

import io
import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli_compliance import compliance
from portal.compliance.cases import CaseFileError
from portal.compliance.json_lines import load_lines
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.compliance.strict_yaml import MAX_BYTES, read_documents

FILES = sorted((DEFAULT_FOLDER / "cases").rglob("*.yaml"))
CASE = {
    "case": "hội nghị",
    "as_of": "2024-11-01",
    "province": "quang-nam",
    "agencies": [{"id": "so", "kind": "department"}],
    "proposal": {"id": "c1", "kind": "conference", "agency": "so"},
}

A_MAPPING = (
    "1: (document): expected a mapping with case, as_of, province, proposal, found a list (line 1)"
)
A_DATE = "expected a date YYYY-MM-DD from 2000-01-01 to 2099-12-31 without a time"
SURROGATE = "expected text without NUL and surrogate characters (line 1)"


def line(**changes: object) -> bytes:
    return json.dumps({**CASE, **changes}, ensure_ascii=False).encode() + b"\n"


def error_of(data: bytes) -> str:
    with pytest.raises(CaseFileError) as caught:
        list(load_lines(io.BytesIO(data), "f.jsonl"))
    return str(caught.value)


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(compliance, args)
    return result.exit_code, result.stdout, result.stderr


def test_every_case_of_ours_is_answered_as_in_yaml(tmp_path: Path) -> None:
    documents = [doc for file in FILES for doc in read_documents(file.read_bytes())]
    bulk = tmp_path / "all.jsonl"
    lines = (json.dumps(doc, ensure_ascii=False, default=str) for doc in documents)
    bulk.write_text("".join(f"{text}\n" for text in lines), encoding="utf-8")
    expected = "".join(run("check", str(file))[1] for file in FILES)
    assert len(documents) > 300
    assert run("check", str(bulk)) == (0, expected, "")


def test_a_file_without_a_final_newline_and_with_a_byte_order_mark_is_read() -> None:
    data = b"\xef\xbb\xbf" + line() + line().rstrip(b"\n")
    assert [loaded.name for loaded in load_lines(io.BytesIO(data), "-")] == ["hội nghị"] * 2


def test_of_a_malformed_file_nothing_is_printed_and_the_line_is_named(tmp_path: Path) -> None:
    bulk = tmp_path / "bad.jsonl"
    bulk.write_bytes(line() * 500 + line(as_of="2024-02-30"))
    code, out, err = run("check", str(bulk))
    assert (code, out) == (2, "")
    assert err.startswith(f"{bulk}: document 501: as_of: expected a date")
    assert err.endswith("(line 501)\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "1: (document): expected a case, found an empty file (line 1)"),
        (b"\n", "1: (document): expected one JSON object, column 1: Expecting value (line 1)"),
        (
            line() + b"\n",
            "2: (document): expected one JSON object, column 1: Expecting value (line 2)",
        ),
        (
            b"[]\n",
            A_MAPPING,
        ),
        (b"{} {}\n", "1: (document): expected one JSON object, column 4: Extra data (line 1)"),
        (
            b'{"case": "a", "b": 1, "case": "b"}\n',
            "1: case: expected each key once, this one is given twice (line 1)",
        ),
        (
            line(people=[{}, {"topics": [1.5]}]).replace(b"[1.5]", b'[{"id": 1, "id": 2}]'),
            "1: people.1.topics.0.id: expected each key once, this one is given twice (line 1)",
        ),
        (
            line(plans=[{"agency": "so", "year": 2024.0, "status": "draft", "items": []}]),
            "1: plans.0.year: expected a whole number from 2000 to 2099, found 2024.0 (line 1)",
        ),
        (line(as_of=float("nan")), f"1: as_of: {A_DATE}, found NaN (line 1)"),
        (line(as_of=20241101), f"1: as_of: {A_DATE}, found 20241101 (line 1)"),
        (
            b'{"case": ' + b"1" * 64 + b"}\n",
            f"1: case: expected text, found {'1' * 64} (line 1)",
        ),
        (
            b'{"case": ' + b"1" * 65 + b"}\n",
            f"1: case: expected text, found {'1' * 39}… (line 1)",
        ),
        (
            b'{"case": ' + b"1" * 5000 + b"}\n",
            f"1: case: expected text, found {'1' * 39}… (line 1)",
        ),
        (
            b'{"case": 0.' + b"1" * 38 + b"}\n",
            f"1: case: expected text, found 0.{'1' * 38} (line 1)",
        ),
        (
            b'{"case": 0.' + b"1" * 39 + b"}\n",
            f"1: case: expected text, found 0.{'1' * 37}… (line 1)",
        ),
        (
            line().replace("hội".encode(), b"\xff"),
            "1: (document): expected UTF-8, byte 10 is not (line 1)",
        ),
        (line().replace("hội".encode(), b"\\u0000"), f"1: case: {SURROGATE}"),
        (line().replace("hội".encode(), b"\\ud800"), f"1: case: {SURROGATE}"),
        (line().replace("hội".encode(), b"\\uDFFF"), f"1: case: {SURROGATE}"),
        (
            line(agencies=[["here"]]).replace(b"here", b"\\ud800"),
            f"1: agencies.0.0: {SURROGATE}",
        ),
        (line().replace(b'"case"', b'"\\udabc"'), f"1: \\udabc: {SURROGATE}"),
        (
            b"[" * 100_000 + b"]" * 100_000,
            "1: (document): expected at most 50 levels (line 1)",
        ),
        (line(case="x" * MAX_BYTES), "1: (document): expected at most 1 MiB a line (line 1)"),
    ],
)
def test_what_is_no_case_is_one_clear_line(data: bytes, said: str) -> None:
    assert error_of(data) == f"f.jsonl: document {said}"


def test_a_line_of_one_mebibyte_is_read_and_one_byte_more_is_not() -> None:
    fitting = line(case="x" * (MAX_BYTES - len(line(case="")) + 1))
    assert len(fitting) == MAX_BYTES + 1, "with its end of line"
    (loaded,) = load_lines(io.BytesIO(fitting), "-")
    assert loaded.expect is None
    longer = fitting.replace(b"x", b"xx", 1)
    assert "expected at most 1 MiB a line" in error_of(longer)
    assert "expected at most 1 MiB a line" in error_of(longer.rstrip(b"\n"))


def test_of_a_line_without_an_end_no_more_is_read_than_is_needed_to_refuse_it() -> None:
    stream = io.BytesIO(b"x" * (3 * MAX_BYTES))
    with pytest.raises(CaseFileError, match="at most 1 MiB a line"):
        list(load_lines(stream, "f.jsonl"))
    assert stream.tell() <= MAX_BYTES + 2


def test_a_pair_of_surrogates_is_a_character_as_json_writes_it() -> None:
    data = line().replace("hội".encode(), b"\\ud83d\\ude00")
    assert [loaded.name for loaded in load_lines(io.BytesIO(data), "-")] == ["😀 nghị"]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    code, out, err = run("check", str(tmp_path / "no.jsonl"))
    assert (code, out) == (2, "")
    assert err.endswith(
        ": document 1: (document): expected a readable file: No such file or directory (line 1)\n"
    )


def test_a_key_given_twice_among_very_many_is_found_at_once() -> None:
    keys = ",".join(f'"{number:x}":1' for number in range(80_000))
    data = f'{{{keys},"1387f":2}}\n'.encode()
    assert len(data) < MAX_BYTES
    started = time.process_time()
    assert "1387f: expected each key once" in error_of(data)
    assert time.process_time() - started < 2, "a line of 1 MiB may not occupy a server"
