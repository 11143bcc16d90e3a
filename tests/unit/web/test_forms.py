"""Fields say what is wrong in the person's language and keep what was typed."""

import contextlib
import datetime as dt
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange, Optional

from portal.compliance.messages.words import countries_of
from portal.web.countries import countries, country_name
from portal.web.forms import (
    BaseForm,
    ChoiceField,
    CountriesField,
    DayField,
    LongTextField,
    NumberField,
    Required,
    TextField,
    parse_date,
)
from portal.web.i18n import use_locale
from portal.web.rendering import environment


class TripForm(BaseForm):
    purpose = TextField("Purpose", [Required()], longest=20)
    content = LongTextField("Content", longest=50)
    start = DayField("Start", [Required()])
    to = CountriesField("To", [Required()])
    item = ChoiceField("Item", coerce=int, choices=[(12, "P12"), (13, "P13")])


GOOD = {"purpose": "Ký biên bản", "start": "12/12/2026", "to": "LA", "item": "12"}


def filled(app: Flask, **changes: Any) -> TripForm:
    with app.test_request_context("/", method="POST"):
        form = TripForm(MultiDict({**GOOD, **changes}))
        form.validate()
        return form


@pytest.mark.parametrize("body", ["[" * 10_000, "[1, 2]", '"text"', '{"purpose": "x"}'])
def test_a_form_reads_what_a_browser_sends_and_never_json(app: Flask, body: str) -> None:
    with app.test_request_context("/", method="POST", data=body, content_type="application/json"):
        form = TripForm()
        assert not form.validate()
        assert form.purpose.data is None or form.purpose.data == ""


def test_good_input_is_taken_clean(app: Flask) -> None:
    form = filled(app, purpose="  Ký   biên bản ", content=" một\r\nhai ")
    assert form.errors == {}
    assert form.purpose.data == "Ký biên bản"
    assert form.content.data == "một\nhai"
    assert form.start.data == dt.date(2026, 12, 12)
    assert form.to.data == ["LA"]
    assert form.item.data == 12


def test_only_spaces_are_nothing(app: Flask) -> None:
    assert filled(app, purpose=" \u00a0 ").errors == {"purpose": ["Hãy điền mục này."]}


def test_text_of_exactly_the_longest_length_is_taken(app: Flask) -> None:
    assert filled(app, purpose="ă" * 20).errors == {}
    assert filled(app, purpose="ă" * 21).errors == {
        "purpose": ["Tối đa 20 ký tự; nội dung này có 21 ký tự."]
    }


@pytest.mark.parametrize("bad", ["a\0b", "a\u202eb", "a\x08b", "H\ufffdi An"])
def test_unprintable_text_is_refused_at_its_field(app: Flask, bad: str) -> None:
    assert list(filled(app, purpose=bad).errors) == ["purpose"]


@pytest.mark.parametrize(
    "text", ["05/09/2026", "5/9/2026", " 05.09.2026 ", "5-9-2026", "2026-09-05", "2026-9-5"]
)
def test_a_day_is_read_in_the_ways_people_write_it(app: Flask, text: str) -> None:
    with app.test_request_context("/"):
        assert parse_date(text) == dt.date(2026, 9, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31/02/2026", "Không có ngày 31/02/2026"),
        ("1/1/1900", "từ 2000 đến 2099"),
        ("31/12/9999", "từ 2000 đến 2099"),
        ("mai", "ngày/tháng/năm"),
        ("05/09/26", "ngày/tháng/năm"),
        ("٠٥/٠٩/٢٠٢٦", "ngày/tháng/năm"),
    ],
)
def test_a_day_that_cannot_be_is_explained_and_stays_in_the_box(
    app: Flask, text: str, words: str
) -> None:
    form = filled(app, start=text)
    assert len(form.start.errors) == 1
    assert words in form.start.errors[0]
    assert form.start._value() == text


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_day(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert 2000 <= parse_date(text).year <= 2099


def test_a_day_is_shown_as_the_papers_show_it(app: Flask) -> None:
    with app.test_request_context("/"):
        assert TripForm(start=dt.date(2026, 9, 5)).start._value() == "05/09/2026"


@pytest.mark.parametrize("code", ["XX", "la", "EU", "' OR 1=1", ""])
def test_an_unknown_country_is_refused(app: Flask, code: str) -> None:
    assert "to" in filled(app, to=code).errors


@pytest.mark.parametrize("item", ["99", "x", "12; DROP"])
def test_a_choice_outside_the_list_is_refused(app: Flask, item: str) -> None:
    assert filled(app, item=item).errors == {"item": ["Chọn một mục trong danh sách."]}


def test_a_choice_may_stay_open(app: Flask) -> None:
    form = filled(app, item="")
    assert form.errors == {}
    assert form.item.data is None


def test_countries_are_named_and_sorted_in_each_language() -> None:
    with use_locale("vi"):
        names = [name for _, name in countries()]
        assert country_name("DE") == "Đức"
        assert names.index("Pháp") < names.index("Thái Lan") < names.index("Việt Nam")
        assert names.index("Angola") < names.index("Ấn Độ") < names.index("Đức")
    with use_locale("en"):
        assert country_name("DE") == "Germany"
        assert country_name("??") == "??"
    assert len(names) > 240


def test_countries_are_called_as_the_foreign_ministry_calls_them() -> None:
    with use_locale("vi"):
        assert country_name("TW") == "Đài Loan (Trung Quốc)"
        assert ("PS", "Nhà nước Palestine") in countries()
    assert countries_of(["TW", "PS"])[1] == "Taiwan (China), State of Palestine"


def test_a_services_refusals_appear_at_their_fields_and_in_the_summary(app: Flask) -> None:
    form = filled(app)
    with use_locale("vi"):
        form.add_errors({"start": "Fill in this field.", "who": "Choose countries from the list."})
    assert form.all_errors() == [
        (None, "Chọn quốc gia trong danh sách."),
        ("start", "Start: Hãy điền mục này."),
    ]


class LongNamesField(CountriesField):
    """As a room makes a field of its own from ours."""


class LongNamesForm(BaseForm):
    to = LongNamesField("To")


def test_several_countries_can_be_chosen_and_none_is_chosen_before(request_context: Flask) -> None:
    shown = environment().from_string("{{ ui.field(f) }}").render(f=LongNamesForm().to)
    assert re.search(r"<select[^>]* multiple [^>]*data-picker", shown)
    assert " selected" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", ["Viết số nguyên bằng chữ số."]),
        ("20.5", ["Viết số nguyên bằng chữ số."]),
        ("1999", ["Số phải từ 2000 đến 2099."]),
        ("2026", []),
        ("  ", []),
        ("", []),
    ],
)
def test_a_number_is_told_one_thing_that_is_wrong_with_it(
    app: Flask, typed: str, said: list[str]
) -> None:
    class YearForm(BaseForm):
        year = NumberField("Year", [Optional(), NumberRange(2000, 2099)])

    with app.test_request_context("/", method="POST"):
        form = YearForm(MultiDict({"year": typed}))
        assert form.validate() is (said == [])
    assert list(form.year.errors) == said
