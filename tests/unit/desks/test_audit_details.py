"""The inspector reads words: no key of an event and no thing it is about is shown raw."""

import re
from datetime import date

from portal.audit.events import known
from portal.cli_access import app_without_servers
from portal.desks.audit_details import LABELS, SUBJECTS, about, in_words
from portal.web import i18n
from tests.support.messages import PORTAL


def test_every_fact_of_every_event_has_a_label() -> None:
    app_without_servers()
    events = [event for name, event in known().items() if not name.startswith("test.")]
    assert {key for event in events for key in event.required | event.optional} == set(LABELS)


def test_everything_an_entry_can_be_about_has_a_name() -> None:
    python = "".join(path.read_text("utf-8") for path in PORTAL.rglob("*.py"))
    assert set(re.findall(r'subject_type="([a-z_]+)"', python)) == set(SUBJECTS)


def test_facts_are_said_in_words_and_what_does_not_hold_is_left_out() -> None:
    with i18n.use_locale("vi"):
        said = dict(
            in_words(
                {
                    "from": "draft",
                    "to": "submitted",
                    "document_date": date(2026, 11, 20).isoformat(),
                    "on_paper": False,
                    "sealed": True,
                    "wanted": "audit:view",
                    "reason": "You may not do this.",
                    "fields": [],
                },
                {},
            )
        )
    assert said == {
        "Từ": "Đang soạn",
        "Sang": "Đã trình",
        "Ngày văn bản": "20/11/2026",
        "Văn bản để ngoài hệ thống": "có",
        "Việc muốn làm": "xem nhật ký hệ thống",
        "Lý do": "Bạn không được thực hiện việc này.",
    }


def test_a_step_that_leaves_the_state_says_no_state() -> None:
    assert in_words({"from": "approved", "to": "approved"}, {}) == []


def test_numbers_are_said_by_the_names_they_have_today_and_else_stay_numbers() -> None:
    names = {("user", 5): "Lê Thị Hạnh (UBND thành phố Hội An)", ("tenant", 7): "Sở Ngoại vụ"}
    with i18n.use_locale("vi"):
        said = dict(in_words({"user_id": 5, "from": 3, "to": 7, "person_ids": [8, 9]}, names))
        assert about("user", 5, names) == "Tài khoản Lê Thị Hạnh (UBND thành phố Hội An)"
        assert about("user", 6, names) == "Tài khoản 6"
        assert about(None, None, names) == ""
    assert said == {
        "Tài khoản": "Lê Thị Hạnh (UBND thành phố Hội An)",
        "Từ": "3",
        "Sang": "Sở Ngoại vụ",
        "Cán bộ": "8, 9",
    }
