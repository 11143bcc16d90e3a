"""What next year's draft plans hold that should be settled before they are approved."""

from __future__ import annotations

from typing import Final

from portal.demo.journeys import Line
from portal.demo.people import people_of

_LINES: Final = (
    # Hội An's chair above the limit: two delegations of the city, one of the province's office.
    ("hoian", ("hoian", 0), "JP", 10, "Xúc tiến đầu tư và kết nghĩa tại Nhật Bản"),
    ("hoian", ("hoian", 0), "FR", 4, "Hội nghị các thành phố di sản thế giới tại Pháp"),
    ("ubnd", ("hoian", 0), "DE", 6, "Xúc tiến đầu tư và kết nghĩa tại Cộng hòa Liên bang Đức"),
    # The chair and a deputy in Japan in one month, and in that month the other deputy in Korea.
    ("hoian", ("hoian", 1), "JP", 10, "Quảng bá du lịch di sản tại Nhật Bản"),
    ("hoian", ("hoian", 2), "KR", 10, "Trao đổi kinh nghiệm quản lý đô thị tại Hàn Quốc"),
    # A director with three delegations of her or his own department.
    ("svhttdl", ("svhttdl", 0), "TH", 3, "Hội chợ du lịch quốc tế tại Thái Lan"),
    ("svhttdl", ("svhttdl", 0), "CN", 6, "Giao lưu văn hóa tại Trung Quốc"),
    ("svhttdl", ("svhttdl", 0), "IN", 9, "Trao đổi kinh nghiệm trùng tu tháp Chăm tại Ấn Độ"),
    # One delegation entered twice.
    ("tamky", None, "KR", 5, "Giao lưu thành phố kết nghĩa tại Hàn Quốc"),
    ("tamky", None, "KR", 5, "Giao lưu thành phố kết nghĩa tại Hàn Quốc"),
)
_CONFERENCE: Final = ("hoian", 1, "Hội thảo quốc tế về đô thị cổ")


def unsettled_lines(year: int) -> list[Line]:
    """Lines that the what-if of the year finds something to say about."""
    found = [
        Line(
            unit=unit,
            year=year,
            title=title,
            countries=(country,),
            month=month,
            size=6,
            leader=None if leader is None else people_of(leader[0])[leader[1]].number,
        )
        for unit, leader, country, month, title in _LINES
    ]
    unit, month, title = _CONFERENCE
    return [*found, Line(unit=unit, year=year, kind="conference", title=title, month=month)]
