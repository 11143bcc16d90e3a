"""Sentences about inbound delegations, conferences, projects and agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.compliance.messages.outbound import _PLAN_FAULTS as PLAN_FAULTS
from portal.compliance.messages.words import BODIES, FACTS, Facts, Said, day, listed, said
from portal.compliance.names import Names


def missing(vi: str, en: str) -> Callable[[Facts, Names], Said]:
    """A sentence for papers or facts that are not there; `{}` is the list of them."""

    def sentence(facts: Facts, _names: Names) -> Said:
        what = said(FACTS, facts["missing"])
        return vi.format(what[0]), en.format(what[1])

    return sentence


def inbound_plan(facts: Facts, names: Names) -> Said:
    item, year = names.item(facts["plan_item"]), facts["year"]
    vi, en = said(PLAN_FAULTS, facts["faults"])
    return (
        (
            f"Mục kế hoạch {item} {vi}; cần một mục đoàn vào đã được phê duyệt của cơ quan cho năm"
            f" {year}. Chọn mục khác hoặc đề xuất là đoàn ngoài kế hoạch."
        ),
        (
            f"Plan item {item} {en}; an approved inbound item of the agency for {year} is needed."
            " Choose another item, or propose the visit as out of plan."
        ),
    )


def inbound_lead_time(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            f"Chưa ghi {vi} nên chưa biết đề nghị có kịp thời hạn không. Bổ sung thông tin này.",
            f"Not stated: {en}, so it is not known whether the request is in time. State it.",
        )
    n, last = facts["working_days"], day(facts["last_good_day"])
    submitted, arrives = day(facts["submitted"]), day(facts["arrives"])
    return (
        (
            f"Đề nghị lãnh đạo tỉnh tiếp khách trình ngày {submitted}, khách đến ngày {arrives};"
            f" cần trình trước ít nhất {n} ngày làm việc, chậm nhất ngày {last}. Giải trình việc"
            " trình muộn."
        ),
        (
            f"A province leader is asked on {submitted} to receive guests arriving on {arrives};"
            f" the request is due {n} working days before, by {last}. Explain the delay."
        ),
    )


def guest_details(facts: Facts, names: Names) -> Said:
    if "missing" in facts:
        return (
            (
                "Chưa có danh sách khách. Bổ sung họ tên, chức vụ, quốc tịch, số hộ chiếu của"
                " từng khách."
            ),
            (
                "There is no list of guests. Enter name, title, nationality and passport number"
                " of each."
            ),
        )
    vi, en = [], []
    for guest in facts["guests"]:
        what = said(FACTS, guest["missing"])
        number = guest["guest"]
        vi.append(f"{names.guests.get(number, f'khách số {number}')}: {what[0]}")
        en.append(f"{names.guests.get(number, f'guest {number}')}: {what[1]}")
    return (
        f"Còn thiếu thông tin của khách: {'; '.join(vi)}. Bổ sung trước khi khách đến.",
        f"Details of guests are missing: {'; '.join(en)}. Add them before they arrive.",
    )


def police_notice(facts: Facts, _names: Names) -> Said:
    n = facts["days"]
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            (
                f"Chưa ghi {vi}; Công an tỉnh cần được thông báo trước ít nhất {n} ngày. Thông báo"
                " và ghi ngày."
            ),
            (
                f"Not stated: {en}; the provincial police are told at least {n} days before. Tell"
                " them and enter the day."
            ),
        )
    told, last, arrives = (day(facts[k]) for k in ("police_notified", "last_good_day", "arrives"))
    return (
        (
            f"Công an tỉnh được thông báo ngày {told}, khách đến ngày {arrives}; cần thông báo"
            f" chậm nhất ngày {last} ({n} ngày trước). Giải trình việc thông báo muộn."
        ),
        (
            f"The provincial police were told on {told} of guests arriving on {arrives}; they"
            f" should have been told by {last} ({n} days before). Explain the delay."
        ),
    )


def foreign_press(facts: Facts, names: Names) -> Said:
    vi = ", ".join(names.guests.get(n, f"khách số {n}") for n in facts["guests"])
    en = listed([names.guests.get(n, f"guest {n}") for n in facts["guests"]])
    return (
        (
            f"Có phóng viên nước ngoài trong đoàn ({vi}) mà chưa có giấy phép hoạt động báo chí"
            " của Bộ Ngoại giao. Xin giấy phép trước, hoặc bỏ hoạt động báo chí."
        ),
        (
            f"Foreign reporters are among the guests ({en}) without the foreign ministry's permit."
            " Obtain the permit first, or leave out the press work."
        ),
    )


def unreported(vi: str, en: str) -> Callable[[Facts, Names], Said]:
    """A sentence about an earlier activity; `{which}`, `{ended}` and `{due}` are filled in."""

    def sentence(facts: Facts, names: Names) -> Said:
        words = {
            "which": names.activity(facts["activity"]),
            "ended": day(facts["ended"]),
            "due": day(facts["due"]),
        }
        return vi.format(**words), en.format(**words)

    return sentence


def conference_scope(facts: Facts, _names: Names) -> Said:
    if facts["reason"] == "press-conference":
        return (
            (
                "Đây là họp báo quốc tế, không thuộc Quyết định 06/2020/QĐ-TTg. Thực hiện theo"
                " quy định về họp báo."
            ),
            (
                "This is an international press conference, outside Decision 06/2020/QĐ-TTg."
                " Follow the rules on press conferences."
            ),
        )
    return (
        (
            "Không có khách, tài trợ hoặc đơn vị tổ chức nước ngoài nên không phải hội nghị, hội"
            " thảo quốc tế theo Quyết định 06/2020/QĐ-TTg. Không cần xin phép theo thủ tục này."
        ),
        (
            "There are no foreign participants, funding or organiser, so this is no international"
            " conference under Decision 06/2020/QĐ-TTg. This procedure is not needed."
        ),
    )


def party_rules(facts: Facts, names: Names) -> Said:
    agency = names.agency(facts["agency"])
    return (
        (
            f"{agency} là Mặt trận hoặc tổ chức chính trị - xã hội: thực hiện theo quy định của"
            " Đảng, không theo thủ tục của Quyết định 06/2020/QĐ-TTg."
        ),
        (
            f"{agency} is the Front or a socio-political organisation: the Party's rules decide,"
            " not the procedure of Decision 06/2020/QĐ-TTg."
        ),
    )


def conference_lead_time(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            f"Chưa ghi {vi} nên chưa biết hồ sơ có kịp thời hạn không. Bổ sung ngày.",
            (
                f"Not stated: {en}, so it is not known whether the file is in time."
                " Enter what is missing."
            ),
        )
    n, last = facts["days"], day(facts["last_good_day"])
    submitted, starts = day(facts["submitted"]), day(facts["starts"])
    return (
        (
            f"Hồ sơ trình ngày {submitted}, hội nghị bắt đầu ngày {starts}; phải trình trước ít"
            f" nhất {n} ngày, chậm nhất ngày {last}. Dời ngày tổ chức."
        ),
        (
            f"Submitted on {submitted} for a conference starting on {starts}; it must be submitted"
            f" {n} days before, by {last}. Hold it later."
        ),
    )


def opinions(facts: Facts, _names: Names) -> Said:
    if "unknown" in facts:
        return (
            (
                "Chưa ghi danh nghĩa ký nên chưa biết phải lấy ý kiến của cơ quan nào. Bổ sung"
                " danh nghĩa ký."
            ),
            "It is not stated who signs, so it is not known whose opinion is needed. State it.",
        )
    vi, en = _bodies(facts["missing"])
    return (
        f"Chưa có ý kiến bằng văn bản của {vi}. Lấy ý kiến và chờ trả lời trước khi quyết định.",
        (
            f"The written opinion of {en} is missing. Ask for it and wait for the answer before"
            " the decision."
        ),
    )


def _bodies(bodies: list[dict[str, Any]]) -> Said:
    vi, en = [], []
    for entry in bodies:
        words = BODIES.get(entry["body"], (entry["body"], entry["body"]))
        until = entry.get("due")
        vi.append(words[0] + (f" (hạn trả lời {day(until)})" if until else ""))
        en.append(words[1] + (f" (due {day(until)})" if until else ""))
    return ", ".join(vi), listed(en)


def opinion_overdue(facts: Facts, _names: Names) -> Said:
    vi, en = _bodies(facts["late"])
    return (
        f"Đã quá hạn mà chưa nhận được ý kiến của {vi}. Đôn đốc bằng văn bản.",
        f"The opinion of {en} is overdue. Remind them in writing.",
    )


def authority_check(_facts: Facts, _names: Names) -> Said:
    return (
        (
            "Hội nghị thuộc thẩm quyền Thủ tướng Chính phủ theo Quyết định 06/2020/QĐ-TTg; từ"
            " 01/07/2025 cần đối chiếu Nghị định 134/2025/NĐ-CP về phân cấp trước khi gửi hồ sơ."
        ),
        (
            "Under Decision 06/2020/QĐ-TTg the Prime Minister decides; since 01/07/2025 check the"
            " route against Decree 134/2025/NĐ-CP on decentralisation before sending the file."
        ),
    )


def state_secret(_facts: Facts, _names: Names) -> Said:
    return (
        (
            "Nội dung hội nghị liên quan bí mật nhà nước: không bao giờ xử lý trên hệ thống này."
            " Lập hồ sơ giấy theo quy định về bảo vệ bí mật nhà nước."
        ),
        (
            "The content touches state secrets: it is never handled in this system. Keep a paper"
            " file under the rules on state secrets."
        ),
    )


def appraisal_overdue(facts: Facts, _names: Names) -> Said:
    complete, due = day(facts["complete"]), day(facts["due"])
    return (
        (
            f"Hồ sơ đã đủ từ ngày {complete} mà chưa thẩm định xong, hạn {facts['days']} ngày là"
            f" ngày {due}. Hoàn thành thẩm định và giải trình."
        ),
        (
            f"The dossier has been complete since {complete} and is not appraised; {facts['days']}"
            f" days ended on {due}. Finish the appraisal and explain."
        ),
    )


def donor_registration(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            f"Chưa ghi {vi} nên chưa biết bên tài trợ có phải đăng ký tại Việt Nam không. Bổ sung.",
            (
                f"Not stated: {en}, so it is not known whether the donor must be registered in"
                " Vietnam. State it."
            ),
        )
    return (
        (
            "Bên tài trợ là tổ chức phi chính phủ nước ngoài chưa có đăng ký còn hiệu lực tại"
            " Việt Nam. Đề nghị bên tài trợ đăng ký với Bộ Ngoại giao trước."
        ),
        (
            "The donor is a foreign non-governmental organisation without a valid registration in"
            " Vietnam. Ask it to register with the foreign ministry first."
        ),
    )


def screening_opinions(facts: Facts, _names: Names) -> Said:
    vi, en = _bodies(facts["missing"])
    why = said(FACTS, facts["answers"])
    return (
        (
            f"Theo câu trả lời sàng lọc ({why[0]}), cần ý kiến của {vi} mà chưa có. Lấy ý kiến"
            " hoặc giải trình."
        ),
        (
            f"The screening answers ({why[1]}) call for the opinion of {en}, which is missing. Ask"
            " for it or explain."
        ),
    )


def non_binding_clause(_facts: Facts, _names: Names) -> Said:
    return (
        (
            "Văn bản không ghi rõ là không làm phát sinh quyền và nghĩa vụ theo pháp luật quốc"
            " tế; chỉ văn bản ký nhân danh cấp tỉnh mới không cần ghi. Bổ sung điều khoản này vào"
            " dự thảo."
        ),
        (
            "The text does not say that it creates no rights and duties under international law;"
            " only a text signed at province level may leave that out. Add the clause to the"
            " draft."
        ),
    )
