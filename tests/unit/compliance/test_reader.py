"""The reader of one mapping at its borders, and the line that says what was wrong."""

from datetime import date
from pathlib import Path

import pytest

from portal.compliance.cases import CaseFileError, load_cases, load_file
from portal.compliance.reader import Fields, describe
from portal.compliance.strict_yaml import MalformedError, dotted, one_line, read_documents

KEYS = ("a", "b")


def _fields(**values: object) -> Fields:
    return Fields(values, ("plans", 0), KEYS, "a mapping")


def _said(error: pytest.ExceptionInfo[MalformedError]) -> tuple[str, str]:
    return error.value.key, error.value.expected


def test_the_first_and_the_last_day_and_number_are_still_read() -> None:
    days = _fields(a="2000-01-01", b=date(2099, 12, 31))
    assert (days.day("a"), days.day("b")) == (date(2000, 1, 1), date(2099, 12, 31))
    numbers = _fields(a=1, b=12)
    assert [numbers.integer(key, 1, 12) for key in KEYS] == [1, 12]
    assert _fields(a=10**6).integer("a", 1, None) == 10**6
    assert _fields().integer("a", 1, 12) is None


def test_what_is_absent_is_no_never_nothing_and_not_known_where_that_is_asked() -> None:
    absent, no, yes = _fields(), _fields(a=False), _fields(a=True)
    assert [fields.flag("a") for fields in (absent, no, yes)] == [False, False, True]
    assert [fields.maybe_flag("a") for fields in (absent, no, yes)] == [None, False, True]
    assert [fields.has("a") for fields in (absent, no, yes)] == [False, True, True]
    assert absent.items("a") == []


def test_a_number_that_must_be_there_is_asked_for_with_its_limits() -> None:
    with pytest.raises(MalformedError) as missing:
        _fields().required_integer("a", 1, 12)
    assert _said(missing) == (
        "plans.0.a",
        "expected a whole number from 1 to 12, it is missing",
    )
    with pytest.raises(MalformedError) as open_end:
        _fields(a=0).integer("a", 1, None)
    assert _said(open_end) == ("plans.0.a", "expected a whole number from 1, found 0")


def test_a_choice_is_a_text_among_those_that_are_allowed() -> None:
    assert _fields(a="x").choice("a", ("x", "y")) == "x"
    assert _fields(a=["x", "y"]).choices("a", ("x", "y")) == ("x", "y")
    for wrong in ("z", 1, ["x"], {"x": 1}):
        with pytest.raises(MalformedError, match="expected one of x, y"):
            _fields(a=wrong).choice("a", ("x", "y"))


def test_what_was_found_is_shown_on_one_short_line() -> None:
    assert describe("x" * 66) == f"the text '{'x' * 66}'"
    assert len(describe("x" * 69)) == 80
    assert describe("x" * 70) == f"the text '{'x' * 69}…"
    assert one_line("a\tb\u202ec") == "a\\tb\\u202ec"
    assert one_line("x" * 300) == "x" * 300
    assert one_line("x" * 301) == "x" * 299 + "…"
    assert dotted(("plans", 0, "a")) == "plans.0.a"
    assert dotted(()) == "(document)"


def test_a_long_unknown_key_is_cut_to_sixty_letters() -> None:
    for length, shown in ((60, "k" * 60), (61, "k" * 59 + "…")):
        with pytest.raises(MalformedError) as caught:
            Fields({"k" * length: 1}, (), KEYS, "a mapping")
        assert _said(caught) == (shown, "expected one of: a, b")


def test_the_line_of_an_error_has_at_most_a_thousand_letters_and_its_number() -> None:
    def line(size: int) -> str:
        return str(CaseFileError("f" * size, MalformedError("a", "b", 2, 7)))

    rest = len(": document 2: a: b")
    assert line(1000 - rest) == "f" * (1000 - rest) + ": document 2: a: b (line 7)"
    assert line(1001 - rest).endswith(": document 2: a:… (line 7)")
    error = CaseFileError("f", MalformedError("a", "b", 2))
    assert (error.file, error.document, error.line, error.key, error.expected) == (
        *("f", 2, 1, "a", "b"),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nowhere.yaml", "No such file or directory"), ("a\0b", "not a path")],
)
def test_why_a_file_cannot_be_read_is_said(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(CaseFileError) as caught:
        load_file(f"{tmp_path}/{name}")
    assert caught.value.expected == f"expected a readable file: {reason}"
    assert caught.value.file == f"{tmp_path}/{name}"
    assert (caught.value.key, caught.value.document, caught.value.line) == ("(document)", 1, 1)


def test_an_error_in_a_file_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("case: 1\n")
    with pytest.raises(CaseFileError) as caught:
        load_file(file)
    assert str(caught.value) == f"{file}: document 1: case: expected text, found 1 (line 1)"


def test_an_anchor_may_come_again_in_the_next_document() -> None:
    assert list(read_documents(b"a: &x 1\n---\na: &x 2\n")) == [{"a": 1}, {"a": 2}]


def test_plain_values_are_read_as_yaml_says_and_tags_change_them() -> None:
    text = b"[null, ~, yes, off, 12, 0x1F, 2024-02-29, '12', !!str 12, !!int '7', ! 5, \"\", =]"
    (values,) = read_documents(text)
    *plain, odd = values
    assert plain == [
        *(None, None, True, False, 12, 31, date(2024, 2, 29)),
        *("12", "12", 7, 5, ""),
    ]
    assert odd.what == "="


def test_an_error_names_the_nearest_line_that_is_there() -> None:
    text = "case: a\nas_of: 2024-11-20\nprovince: quang-nam\nproposal:\n  kind: outbound\n  id: N\n"
    with pytest.raises(CaseFileError) as caught:
        load_cases(text.encode())
    assert (caught.value.key, caught.value.line) == ("proposal.agency", 4)


START = "province: quang-nam\nas_of: 2024-11-20\n"


def _line(text: str) -> int:
    with pytest.raises(CaseFileError) as caught:
        load_cases(text.encode())
    return caught.value.line


def test_the_line_is_looked_for_in_the_document_of_the_error_alone() -> None:
    good = f"case: a\n{START}agencies: [{{id: a, kind: focal}}]\n"
    good += "proposal: {kind: inbound, id: N, agency: a}\n"
    bad = good.replace("2024-11-20", "soon")
    assert [_line(text) for text in (bad, f"{good}---\n{bad}", f"{bad}---\n{bad}")] == [3, 9, 3]


def test_what_is_missing_in_the_document_itself_is_missed_where_it_begins() -> None:
    assert _line(f"# ghi chú\n\n{START}") == 3
    assert _line(f"%YAML 1.1\n---\n{START}") == 3


@pytest.mark.parametrize("length", [59, 60, 61, 90])
def test_a_long_unknown_key_is_found_on_its_line(length: int) -> None:
    assert _line(f"case: a\n{START}{'k' * length}: 1\n") == 4


def _refused(data: bytes) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        list(read_documents(data))
    return caught.value


@pytest.mark.parametrize("before", [b"", b"\n", b"\xef\xbb\xbf# ghi\n", b"%YAML 1.1\n# ghi\n"])
def test_what_stands_before_the_first_document_is_none_yet(before: bytes) -> None:
    assert _refused(before + b"---\na: \0").document == 1


def test_what_follows_the_end_of_a_document_belongs_to_the_next() -> None:
    assert _refused(b"a: 1\n...\n@ x\n").document == 2


def test_an_anchor_given_twice_is_refused_on_lists_and_mappings_too() -> None:
    for twice in (b"a: &x [1]\nb: &x [2]", b"a: &x {c: 1}\nb: &x {c: 1}"):
        assert _refused(twice).expected == "expected each anchor (&) once"


def test_what_is_shown_of_a_key_and_a_tag_has_sixty_letters() -> None:
    for length in (60, 61):
        letters, digits = b"k" * length, b"1" * length
        cut = one_line(letters.decode(), 60)
        assert len(cut) == 60
        assert _refused(letters + b": *x").key == cut
        tag = one_line("!" + "t" * (length - 1), 60)
        assert _refused(b"!" + b"t" * (length - 1) + b" [1]").expected.endswith(f" the tag {tag}")
        shown = repr(one_line(digits.decode(), 60))
        assert _refused(digits + b": 1").expected == f"expected a text key, found {shown}"


def test_a_tagged_word_says_nothing_of_the_same_word_elsewhere() -> None:
    assert list(read_documents(b"[!!int '7', '7', 7, !!str 7]")) == [[7, "7", 7, "7"]]


def test_a_number_of_sixty_four_digits_is_one_and_a_moment_is_shown_in_forty_letters() -> None:
    (values,) = read_documents(f"[{'1' * 64}, {'1' * 65}, 1.5, true]".encode())
    assert values[0] == int("1" * 64)
    assert [odd.what for odd in values[1:3]] == ["1" * 39 + "…", "1.5"]
    assert values[3] is True
    moment = "2024-11-20 10:00:00.12345678901234567890"
    no_day = moment.replace("11-20", "02-30")
    (moments,) = read_documents(f"[{moment}, {moment}1, {no_day}, {no_day}1]".encode())
    assert [odd.what for odd in moments] == [
        *(moment, moment[:39] + "…"),
        *(no_day, no_day[:39] + "…"),
    ]


def test_a_foreign_tag_is_shown_in_sixty_letters() -> None:
    for length, shown in ((60, "!" + "t" * 59), (61, "!" + "t" * 58 + "…")):
        said = _refused(b"!" + b"t" * (length - 1) + b" x").expected
        assert said == f"expected plain YAML types, found the tag {shown}"
