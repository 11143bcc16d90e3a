"""Search keys, sort keys and what may be stored."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.text import clean, fold, forbidden, name_sort_key, sort_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn  Đức Ân", "nguyen duc an"),
        ("ĐẮK LẮK", "dak lak"),
        ("Trường Sơn", "truong son"),
        ("  Thừa   Thiên – Huế ", "thua thien – hue"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_a_search_key_has_no_accents_and_single_spaces(text: str, key: str) -> None:
    assert fold(text) == key


def test_composed_and_decomposed_spellings_have_one_search_key_and_one_sort_key() -> None:
    name = "Phường Thạnh Mỹ"
    apart = unicodedata.normalize("NFD", name)
    assert apart != name
    assert fold(apart) == fold(name)
    assert sort_key(apart) == sort_key(name)


def shuffled(words: list[str]) -> list[str]:
    """The words in another order, the same in every run."""
    return random.Random(5).sample(words, len(words))


@given(st.text())
def test_a_search_key_of_a_search_key_is_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_alphabet_is_in_vietnamese_order() -> None:
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(shuffled(letters), key=sort_key) == letters


def test_tones_decide_only_between_equal_letters() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "man", "màn", "măng", "mâm"]
    assert sorted(shuffled(words), key=sort_key) == words


def test_shorter_words_come_first() -> None:
    places = ["Đông Giang", "Đông Giang Hạ", "Đông Giangs"]
    assert sorted(shuffled(places), key=sort_key) == places


def test_sort_keys_order_by_code_point_alone() -> None:
    key = sort_key("Hội An 2, đảo Cù Lao Chàm")
    assert key.isprintable()
    assert sort_key("Hội An 10") < sort_key("Hội An 2") < sort_key("Hội Ba")


def test_people_are_listed_by_given_name_then_family_name() -> None:
    people = ["Trần Văn An", "Lê Thị Bình", "Nguyễn Bình", "Nguyễn Đức Bình", "Đỗ Ân"]
    wanted = ["Trần Văn An", "Đỗ Ân", "Lê Thị Bình", "Nguyễn Bình", "Nguyễn Đức Bình"]
    assert sorted(people, key=name_sort_key) == wanted


def test_one_line_loses_line_ends_and_double_spaces() -> None:
    assert clean("  Ký\r\nbiên \t bản ") == "Ký biên bản"


def test_several_lines_keep_their_lines() -> None:
    assert clean(" Ngày 1: \r\n  thăm\r\n\r\n", lines=True) == "Ngày 1:\n  thăm"


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x7f", "\u202e", "\ud800"])
def test_characters_that_no_paper_can_show_are_refused(char: str) -> None:
    assert forbidden(f"Nguyễn{char}An") == char


def test_ordinary_vietnamese_text_is_not_refused() -> None:
    assert forbidden("Ông Nguyễn Đức Ân – “Phó Chủ tịch”\n\t1.500.000 ₫") is None
