"""Sentences for the rules of every kind. Each says what happened, why, and what to do."""

from __future__ import annotations

from portal.compliance.facts import DAYS_OF
from portal.compliance.messages.words import FACTS, Facts, Said, day, said
from portal.compliance.names import Names

_LEVELS = {"mat": "Mật", "toi-mat": "Tối mật", "tuyet-mat": "Tuyệt mật"}


def classified(facts: Facts, _names: Names) -> Said:
    level = _LEVELS[facts["classified"]]
    return (
        (
            f"Hồ sơ có độ mật “{level}”; pháp luật cấm soạn thảo, lưu giữ bí mật nhà nước trên hệ"
            " thống nối mạng. Xử lý trên giấy, ở đây chỉ ghi số đăng ký của sổ giấy."
        ),
        (
            f"The file is classified “{level}”; the law forbids state secrets on a networked"
            " system. Handle it on paper and record only the number of the paper register here."
        ),
    )


def dates(facts: Facts, _names: Names) -> Said:
    vi, en = [], []
    if facts["missing"]:
        days = dict(zip(("start", "end"), DAYS_OF[facts["kind"]], strict=True))
        what = said(FACTS, [days.get(name, name) for name in facts["missing"]])
        vi.append(f"Chưa ghi {what[0]} nên chưa tính được các thời hạn. Bổ sung ngày.")
        en.append(
            f"Not stated: {what[1]}, so the time limits cannot be counted. Enter what is missing."
        )
    if "end" in facts:
        start, end = day(facts["start"]), day(facts["end"])
        vi.append(f"Ngày kết thúc {end} sớm hơn ngày bắt đầu {start}. Sửa lại ngày.")
        en.append(f"The last day, {end}, is before the first, {start}. Correct the dates.")
    return " ".join(vi), " ".join(en)


def after_the_fact(facts: Facts, _names: Names) -> Said:
    start, submitted = day(facts["start"]), day(facts["submitted"])
    return (
        (
            f"Hoạt động bắt đầu ngày {start}, trước ngày trình {submitted}: đây là hồ sơ lập sau"
            " khi đã diễn ra. Giải trình lý do bằng văn bản; việc ghi nhận không hợp thức hóa vi"
            " phạm."
        ),
        (
            f"The activity began on {start}, before it was submitted on {submitted}: it is"
            " recorded after the fact. Give the reason in writing; recording it regularises"
            " nothing."
        ),
    )
