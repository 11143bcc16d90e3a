"""What days, bodies, ranks, levels and guests are called where no case of the project shows it."""

from typing import Any

import pytest

from portal.compliance.findings import Finding
from portal.compliance.messages.words import BODIES, dates_of
from portal.compliance.names import Names
from portal.compliance.regulations import default_regulations


def _said(rule: str, names: Names | None = None, **facts: Any) -> tuple[str, str]:
    version = default_regulations().versions(rule)[-1]
    finding = Finding(rule, "block", version, facts)
    names = names or Names()
    return finding.message_vi(names), finding.message_en(names)


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        ("outbound", "ngày đi, ngày về", "the day of departure and the day of return"),
        ("inbound", "ngày đến, ngày rời đi", "the day of arrival and the day of leaving"),
        ("conference", "ngày bắt đầu, ngày kết thúc", "the first day and the last day"),
        ("project", "ngày bắt đầu, ngày kết thúc", "the first day and the last day"),
    ],
)
def test_the_days_are_called_as_the_kind_calls_them(kind: str, vi: str, en: str) -> None:
    said = _said("any.dates", kind=kind, missing=["start", "end"])
    assert said[0].startswith(f"Chưa ghi {vi} nên ")
    assert said[1].startswith(f"Not stated: {en}, so ")


def test_days_missing_and_days_reversed_are_two_sentences() -> None:
    days = {"start": "2024-12-10", "end": "2024-12-09"}
    said = _said("any.dates", kind="outbound", missing=["submitted"], **days)
    assert said[0].endswith(
        "hạn. Bổ sung ngày. Ngày kết thúc 09/12/2024 sớm hơn ngày bắt đầu 10/12/2024. Sửa lại ngày."
    )
    assert said[1].endswith(
        "Enter what is missing."
        " The last day, 09/12/2024, is before the first, 10/12/2024. Correct the dates."
    )


@pytest.mark.parametrize(
    ("level", "word"), [("mat", "Mật"), ("toi-mat", "Tối mật"), ("tuyet-mat", "Tuyệt mật")]
)
def test_a_level_of_secrecy_is_called_in_vietnamese_in_both_languages(
    level: str, word: str
) -> None:
    for text in _said("any.classified", classified=level):
        assert f"“{word}”" in text


def test_the_bodies_are_called_by_their_names() -> None:
    assert BODIES == {
        "focal": ("Sở Ngoại vụ", "the Department of Foreign Affairs"),
        "police": ("Công an tỉnh", "the provincial police"),
        "military-command": ("Bộ Chỉ huy Quân sự tỉnh", "the provincial military command"),
        "finance": ("Sở Tài chính", "the Department of Finance"),
        "mofa": ("Bộ Ngoại giao", "the Ministry of Foreign Affairs"),
        "mps": ("Bộ Công an", "the Ministry of Public Security"),
        "mod": ("Bộ Quốc phòng", "the Ministry of National Defence"),
        "mof": ("Bộ Tài chính", "the Ministry of Finance"),
    }
    late = [{"body": "so-y-te", "due": "2024-12-09"}]
    assert (
        "của so-y-te (hạn trả lời 09/12/2024)" in _said("conference.opinion-overdue", late=late)[0]
    )


@pytest.mark.parametrize(
    ("rank", "vi", "en"),
    [
        ("province-leader", "người đứng đầu cấp thành phố", "a leader of the city"),
        ("province-deputy", "cấp phó của thành phố", "a deputy leader of the city"),
        (
            "department",
            "lãnh đạo sở, ngành, xã, phường",
            "a leader of a department or commune",
        ),
    ],
)
def test_who_heads_a_delegation_is_said_by_rank(rank: str, vi: str, en: str) -> None:
    said = _said("outbound.size", size=9, limit=8, leader_rank=rank)
    assert f"đoàn do {vi} dẫn đầu không quá 8 người" in said[0]
    assert f"one headed by {en} has at most 8" in said[1]


def test_a_guest_without_a_name_is_called_by_number() -> None:
    names = Names(guests={1: "Khamla Sor"})
    press = _said("inbound.foreign-press", names, guests=[1, 2, 3])
    assert "(Khamla Sor, khách số 2, khách số 3)" in press[0]
    assert "(Khamla Sor, guest 2 and guest 3)" in press[1]
    details = _said("inbound.guest-details", guests=[{"guest": 2, "missing": ["name", "title"]}])
    assert ": khách số 2: họ tên, chức vụ. " in details[0]
    assert ": guest 2: name and title. " in details[1]


def test_several_heads_are_said_beside_the_one_planned() -> None:
    names = Names(people={"a": "bà An", "b": "ông Bình"}, items={"P1": "Mục 3"})
    facts = {"plan_item": "P1", "heads": ["a", "b"], "planned_leader": "c"}
    said = _said("outbound.plan-deviation", names, **facts)
    assert "mục kế hoạch Mục 3: trưởng đoàn bà An, ông Bình (kế hoạch: c)" in said[0]
    assert "plan item Mục 3: it is headed by bà An, ông Bình (planned: c)" in said[1]


def test_an_agency_is_called_by_its_name() -> None:
    names = Names(agencies={"a": "Sở Y tế"})
    said = _said("outbound.leaders-together", names, agency="a", people=["x", "y"], limit=1)
    assert "lãnh đạo chủ chốt của Sở Y tế;" in said[0]
    assert "key leaders of Sở Y tế;" in said[1]


def test_of_a_trip_the_days_that_are_known_are_said() -> None:
    half: dict[str, object] = {"id": "H1", "start": "2024-03-04", "end": None}
    assert dates_of([half, {"id": "H2"}], Names()) == " (H1: 04/03/2024; H2)"


def test_what_has_no_word_is_said_as_it_is() -> None:
    said = _said("outbound.project-note", missing=["weather"])
    assert "còn thiếu: weather." in said[0]
    assert "lacks weather." in said[1]
