"""What is posted becomes content as far as it is valid; the rest is kept as it was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.activities.kinds.outbound import actions
from portal.activities.kinds.outbound.content import Content, Day, Member, generated_title
from portal.activities.kinds.outbound.forms import read, show, to_values

FULL = Content(
    title="Đoàn công tác riêng",
    field="culture",
    plan_item=7,
    urgent=True,
    urgent_reason="thư mời đến muộn",
    members=(Member(3, "head"), Member(5, "member", relative_of=3)),
    departs=date(2026, 12, 12),
    returns=date(2026, 12, 16),
    countries=("LA", "TH"),
    leader_rank="department",
    important_event=True,
    purpose="trao đổi hợp tác",
    host_partner="tỉnh Sê Kông",
    content="hội đàm\nthăm cửa khẩu",
    programme=(Day(date(2026, 12, 13), "hội đàm", ("security",)), Day(None, "dự phòng")),
    invitation_from="UBND tỉnh Sê Kông",
    invitation_date=date(2026, 11, 2),
    necessity="theo thỏa thuận",
    funding="state",
    cost_vnd=120_000_000,
    organiser="agency",
    confidential_papers="permitted",
    answers={"outbound.lead-time": "Thư mời đến muộn."},
)


@pytest.fixture(autouse=True)
def _in_a_request() -> Any:
    with Flask(__name__).test_request_context():
        yield


def posted(**values: Any) -> MultiDict[str, str]:
    form = to_values(FULL)
    for name, value in values.items():
        form.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return form


def test_a_form_posted_unchanged_says_what_it_said() -> None:
    again = read(to_values(FULL), Content())
    assert again.content == FULL
    assert again.errors() == []
    assert again.raw == {}


def test_json_gives_the_same_content_back() -> None:
    assert Content.from_json(FULL.to_json()) == FULL


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("departs", "31/02/2026"),
        ("departs", "12/12/1900"),
        ("departs", "12/12/9999"),
        ("invitation_date", "hôm qua"),
        ("title", "đ" * 201),
        ("content", "x" * 10_001),
        ("purpose", "bí\0mật"),
        ("purpose", "v\ufffd\ufffdn b\ufffdn"),
        ("cost_vnd", "một trăm triệu"),
        ("cost_vnd", "1" + "0" * 20),
        ("funding", "sponsor"),
        ("field", "war"),
    ],
)
def test_what_is_not_valid_is_kept_as_typed_and_does_not_block_the_rest(
    name: str, typed: str
) -> None:
    form = read(posted(**{name: typed}), FULL)
    assert list(form.raw) == [name]
    assert "\0" not in form.raw[name]
    assert [at for at, _message in form.errors()] == [name]
    assert form.content.host_partner == FULL.host_partner
    shown = show(form.content, form.raw)
    assert shown.form[name].errors
    if "\0" in typed:
        return  # what no database can keep is shown with a mark in its place
    assert shown.form[name].data == typed or shown.form[name].raw_data == [typed]


def test_a_return_before_the_departure_keeps_both_days_and_says_so() -> None:
    form = read(posted(returns="01/12/2026"), FULL)
    assert (form.content.departs, form.content.returns) == (date(2026, 12, 12), date(2026, 12, 1))
    assert [at for at, _message in form.errors()] == ["returns"]
    assert form.raw == {}


def test_an_urgent_file_says_why() -> None:
    form = read(posted(urgent_reason=""), FULL)
    assert [at for at, _message in form.errors()] == ["urgent_reason"]
    assert form.content.urgent
    assert form.raw == {}


def test_an_unknown_country_is_refused_at_the_field_and_the_others_stay() -> None:
    form = read(posted(countries=["LA", "QQ"]), FULL)
    assert form.content.countries == ("LA",)
    assert [at for at, _message in form.errors()] == ["countries"]
    assert form.passing_errors


def test_viet_nam_is_no_destination_of_a_delegation_abroad() -> None:
    form = read(posted(countries=["VN", "LA"]), FULL)
    assert form.content.countries == ("LA",)
    assert [message for at, message in form.errors() if at == "countries"] == [
        "Nước đến: Việt Nam không phải là nơi đến của đoàn ra: hãy chọn nước mà đoàn đi đến."
    ]
    assert "VN" not in {choice[0] for choice in form.form.countries.iter_choices()}


@pytest.mark.parametrize("item", ["P12", "1' or 1=1", "-1", "²"])
def test_a_plan_item_that_is_no_number_is_refused_at_the_field(item: str) -> None:
    form = read(posted(plan_item=item), FULL)
    assert form.content.plan_item is None
    assert [at for at, _message in form.errors()] == ["plan_item"]


def test_five_hundred_members_are_cut_at_a_hundred_with_a_message() -> None:
    form = read(posted(member=[str(n) for n in range(1, 501)]), FULL)
    assert len(form.content.members) == 100
    assert "100" in form.members_error
    assert "500" in form.members_error


def test_nonsense_in_rows_of_members_is_left_out() -> None:
    form = read(posted(member=["3", "3", "-1", "abc", "9" * 30], member__3__role="king"), FULL)
    assert form.content.members == (Member(3, "member"),)


def test_a_relative_who_does_not_travel_is_no_relative() -> None:
    form = read(posted(member=["5"]), FULL)
    assert form.content.members == (Member(5, "member", None),)


def test_a_wrong_day_in_the_programme_keeps_the_row_as_typed() -> None:
    form = read(posted(programme__0__day="13/13/2026"), FULL)
    assert form.content.programme[0] == Day(None, "hội đàm", ("security",))
    assert [at for at, _message in form.errors()] == ["programme-0-day"]
    again = show(form.content, form.raw)
    assert again.rows[0].day == "13/13/2026"
    assert again.rows[1].item == "dự phòng"


def test_an_answer_whose_question_is_not_on_the_page_stays() -> None:
    values = posted()
    values.poplist("answer-outbound.lead-time")
    values["answer-any.after-the-fact"] = "đi gấp"
    values["answer-__proto__"] = "x"
    form = read(values, FULL)
    assert form.content.answers == {
        "outbound.lead-time": "Thư mời đến muộn.",
        "any.after-the-fact": "đi gấp",
    }


def test_an_overlong_answer_is_kept_as_typed() -> None:
    form = read(posted(**{"answer__outbound.lead__time": "x" * 4001}), FULL)
    assert form.content.answers == FULL.answers
    assert form.raw == {"answer-outbound.lead-time": "x" * 4001}
    assert show(form.content, form.raw).answers_typed["outbound.lead-time"] == "x" * 4001


@pytest.mark.parametrize("level", ["mat", "toi-mat", "tuyet-mat", "anything else"])
def test_every_level_but_none_is_classified(level: str) -> None:
    assert read(posted(classified=level), FULL).classified


def test_html_and_formulas_are_text_like_any_other() -> None:
    form = read(posted(title="<script>alert(1)</script>", purpose='=HYPERLINK("x")'), FULL)
    assert form.content.title == "<script>alert(1)</script>"
    assert form.content.purpose == '=HYPERLINK("x")'


def test_the_generated_title_names_countries_and_days() -> None:
    assert generated_title(FULL) == "Đoàn công tác Lào, Thái Lan, 12–16/12/2026"
    assert generated_title(Content()) == "Đoàn công tác nước ngoài"


def test_filling_the_days_adds_only_those_that_are_missing() -> None:
    values = to_values(FULL)
    actions.apply(values, "fill-days")
    days = [values[f"programme-{mark}-day"] for mark in values.getlist("programme")]
    assert days == ["13/12/2026", "", "12/12/2026", "14/12/2026", "15/12/2026", "16/12/2026"]


def test_another_day_of_departure_keeps_the_length_of_the_trip() -> None:
    values = to_values(FULL)
    actions.apply(values, "departs:2027-01-01")
    assert (values["departs"], values["returns"]) == ("01/01/2027", "05/01/2027")


@pytest.mark.parametrize("do", ["departs:9999-12-31", "departs:x", "add-member:0x1", "nonsense"])
def test_a_button_that_makes_no_sense_changes_nothing(do: str) -> None:
    values = to_values(FULL)
    actions.apply(values, do)
    assert values == to_values(FULL)
