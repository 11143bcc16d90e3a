"""Invented content for the style guide: every component once, in tests and debugging only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField

from portal.core import clock
from portal.web.forms import (
    BaseForm,
    ChoiceField,
    CountriesField,
    DayField,
    LongTextField,
    RadioChoiceField,
    Required,
    TextField,
)
from portal.web.states import STATES


class SampleForm(BaseForm):
    """One field of each kind."""

    purpose = TextField(
        "Mục đích", [Required()], longest=40, description="Một câu, như trong tờ trình."
    )
    start = DayField("Ngày đi", [Required()])
    end = DayField("Ngày về")
    host = TextField("Đối tác mời")
    country = CountriesField("Nơi đến")
    plan_item = ChoiceField(
        "Mục kế hoạch", choices=[("P12", "P12 Xúc tiến du lịch"), ("P13", "P13 Kết nghĩa")]
    )
    content = LongTextField("Nội dung làm việc", rows=3)
    funding = RadioChoiceField(
        "Kinh phí", choices=[("own", "Ngân sách đơn vị"), ("host", "Phía mời chi trả")]
    )
    waiver = BooleanField("Đề nghị chấp thuận ngoại lệ")
    invitation = FileField("Thư mời", description="PDF hoặc ảnh, tối đa 20 MB.")


def samples() -> dict[str, Any]:
    """The context of style_guide.html."""
    now = clock.now()
    today = clock.today()
    form = SampleForm(
        MultiDict({"purpose": "", "start": "31/02/2026", "host": "Sở Ngoại vụ tỉnh Sê Kông"})
    )
    form.validate()
    return {
        "form": form,
        "filters": SampleForm(MultiDict(), prefix="filter-"),
        "codes": list(STATES),
        "rows": [_row(number, today) for number in range(24)],
        "steps": _steps(),
        "events": _events(now),
        "queue": _queue(today),
        "today": today,
        "now": now,
        "files": [
            {"name": "Thư mời – Sê Kông.pdf", "url": "#", "size": 1_240_000, "kind": "Thư mời"},
            {"name": "Chương trình.docx", "url": "#", "size": 38_400, "added_at": now},
        ],
    }


_PLACES = ("Sê Kông", "Chăm-pa-sắc", "Nhật Bản", "Hàn Quốc", "Thái Lan", "Cộng hòa Liên bang Đức")
_UNITS = ("H. Nam Giang", "Sở Công Thương", "TP. Hội An", "Sở Văn hóa, Thể thao và Du lịch")
_PEOPLE = ("Trần Thị Bình", "Nguyễn Đức Ân", "Phạm Hữu Thắng", "Lê Thị Ngọc Ánh")


def _row(number: int, today: dt.date) -> dict[str, Any]:
    start = today + dt.timedelta(days=number * 5 - 20)
    return {
        "code": f"ĐR-{120 + number}",
        "unit": _UNITS[number % 4],
        "to": _PLACES[number % 6],
        "head": _PEOPLE[number % 4],
        "start": start,
        "end": start + dt.timedelta(days=4),
        "people": 3 + number % 9,
        "cost": 18_500_000 + number * 7_350_000,
        "state": list(STATES)[number % len(STATES)],
        "due": start,
        "days_left": number - 3,
        "blocks": number % 3 == 0,
        "warnings": number % 4,
    }


def _steps() -> list[dict[str, str]]:
    done = [
        ("Soạn", "Lê Thị Ngọc Ánh", "03/11/2026"),
        ("Rà soát", "Phạm Hữu Thắng", "05/11/2026"),
        ("Trình", "Nguyễn Đức Ân", "06/11/2026"),
    ]
    todo = ["Ý kiến", "Quyết định", "Thực hiện", "Báo cáo", "Đóng"]
    return [
        *(
            {"label": label, "status": "done", "who": who, "when": when}
            for label, who, when in done
        ),
        {"label": "Thẩm định", "status": "current", "who": "Sở Ngoại vụ", "when": "đến 27/11/2026"},
        *({"label": label, "status": "todo"} for label in todo),
    ]


def _events(now: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": now,
            "who": "Phạm Hữu Thắng",
            "what": "Trả lại bổ sung",
            "icon": "arrow-back-up",
            "tenant": "Sở Ngoại vụ",
            "reason": "Thiếu chương trình làm việc ngày 14/12.",
        },
        {
            "at": now - dt.timedelta(days=2),
            "who": "Nguyễn Đức Ân, thay mặt Trần Thị Bình",
            "what": "Trình Sở Ngoại vụ",
            "icon": "send",
            "tenant": "UBND huyện Nam Giang",
            "paper": {"text": "Tờ trình số 214/TTr-UBND", "url": "#"},
        },
        {
            "at": now - dt.timedelta(days=4),
            "who": "Lê Thị Ngọc Ánh",
            "what": "Lập đề xuất",
            "icon": "pencil",
        },
    ]


def _queue(today: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "url": "#",
            "title": f"{_UNITS[number % 4]} → {_PLACES[number]}",
            "text": f"{_PEOPLE[number % 4]} và {3 + number} người",
            "current": number == 1,
            "due_on": today,
            "days_left": number - 1,
        }
        for number in range(5)
    ]
