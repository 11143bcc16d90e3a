"""Sentences about outbound delegations."""

from __future__ import annotations

from portal.compliance.messages.words import (
    FACTS,
    Facts,
    Said,
    count_of,
    countries_of,
    dates_of,
    day,
    listed,
    one_or_many,
    said,
)
from portal.compliance.names import Names

_PLAN_FAULTS: dict[str, Said] = {
    "unknown": ("không có trong kế hoạch nào", "is in no plan"),
    "kind": ("là mục của loại hoạt động khác", "is an item of another kind of activity"),
    "agency": ("thuộc kế hoạch của cơ quan khác", "belongs to another agency's plan"),
    "year": ("thuộc kế hoạch của năm khác", "belongs to the plan of another year"),
    "not-approved": ("thuộc kế hoạch chưa được phê duyệt", "belongs to a plan not yet approved"),
    "used": ("đã được một đoàn khác sử dụng", "is already used by another delegation"),
}


def plan(facts: Facts, names: Names) -> Said:
    item, year = names.item(facts["plan_item"]), facts["year"]
    vi, en = said(_PLAN_FAULTS, facts["faults"])
    used = dates_of(facts.get("used_by", ()), names)
    return (
        (
            f"Mục kế hoạch {item} {vi}{used}; đoàn ra phải theo một mục đã được phê duyệt của cơ"
            f" quan cho năm {year}. Chọn mục kế hoạch khác hoặc đề xuất là đoàn ngoài kế hoạch."
        ),
        (
            f"Plan item {item} {en}{used}; a delegation needs an approved item of its own agency"
            f" for {year}. Choose another item, or propose the delegation as out of plan."
        ),
    )


def plan_deviation(facts: Facts, names: Names) -> Said:
    vi, en = [], []
    if "countries" in facts:
        there = countries_of(facts["countries"])
        planned = countries_of(facts["planned_countries"])
        vi.append(f"nước đến {there[0]} (kế hoạch: {planned[0]})")
        en.append(f"it visits {there[1]} (planned: {planned[1]})")
    if "month" in facts:
        vi.append(f"đi tháng {facts['month']} (kế hoạch: tháng {facts['planned_month']})")
        en.append(f"it leaves in month {facts['month']} (planned: {facts['planned_month']})")
    if "size" in facts:
        vi.append(f"{facts['size']} người (kế hoạch: {facts['planned_size']})")
        en.append(f"{one_or_many(facts['size'], 'member')} (planned: {facts['planned_size']})")
    if "heads" in facts:
        heads = ", ".join(names.person(head) for head in facts["heads"])
        leader = names.person(facts["planned_leader"])
        vi.append(f"trưởng đoàn {heads} (kế hoạch: {leader})")
        en.append(f"it is headed by {heads} (planned: {leader})")
    item = names.item(facts["plan_item"])
    return (
        (
            f"Đề xuất khác với mục kế hoạch {item}: {'; '.join(vi)}. Giải trình bằng văn bản hoặc"
            " điều chỉnh cho đúng kế hoạch."
        ),
        (
            f"The proposal departs from plan item {item}: {'; '.join(en)}. Explain this in writing"
            " or keep to the plan."
        ),
    )


def supplement_quota(facts: Facts, names: Names) -> Said:
    year, limit = facts["year"], facts["limit"]
    decided, pending = count_of(facts["decided"]), count_of(facts["pending"])
    went, waits = dates_of(facts["decided"], names), dates_of(facts["pending"], names)
    if decided >= limit:
        reached = ("vượt mức", "above the limit") if decided > limit else ("đủ mức", "the limit")
        return (
            (
                f"Cơ quan đã có {decided} đoàn ra ngoài kế hoạch trong năm {year}{went},"
                f" {reached[0]} {limit} lần một năm. Dùng một mục kế hoạch đã phê duyệt hoặc dời"
                f" ngày đi sang {year + 1}."
            ),
            (
                f"The agency already has {one_or_many(decided, 'out-of-plan delegation')} in"
                f" {year}{went}, {reached[1]} of {limit} a year. Use an approved plan item or leave"
                f" in {year + 1}."
            ),
        )
    return (
        (
            f"Cơ quan có {decided} đoàn ngoài kế hoạch đã quyết định{went} và {pending} đoàn đang"
            f" chờ{waits} trong năm {year}; mức là {limit} lần một năm. Giải trình thứ tự ưu tiên,"
            " vì đoàn này có thể không còn lượt."
        ),
        (
            f"In {year} the agency has {one_or_many(decided, 'out-of-plan delegation')}"
            f" decided{went} and {pending} waiting{waits}; the limit is {limit} a year. Explain"
            " which comes first: there may be no place left for this one."
        ),
    )


def supplement_invitation(facts: Facts, _names: Names) -> Said:
    vi, en = said(FACTS, facts["missing"])
    return (
        f"Đoàn ngoài kế hoạch phải có thư mời; còn thiếu: {vi}. Bổ sung thư mời vào hồ sơ.",
        f"An out-of-plan delegation must have been invited; missing: {en}. Add the invitation.",
    )


def supplement_necessity(_facts: Facts, _names: Names) -> Said:
    return (
        (
            "Đoàn ngoài kế hoạch chỉ được đề xuất khi thực sự cần thiết, hồ sơ chưa nêu sự cần"
            " thiết. Viết phần thuyết minh sự cần thiết."
        ),
        (
            "An out-of-plan delegation may be proposed only when really necessary, and the file"
            " does not say why it is. Write the statement of necessity."
        ),
    )


def leader_trips(facts: Facts, names: Names) -> Said:
    who, year, limit = names.person(facts["person"]), facts["year"], facts["limit"]
    decided, pending = count_of(facts["decided"]), count_of(facts["pending"])
    went, waits = dates_of(facts["decided"], names), dates_of(facts["pending"], names)
    if decided >= limit:
        return (
            (
                f"{who} đã có {decided} chuyến công tác nước ngoài trong năm {year}{went}; lãnh"
                f" đạo chủ chốt không đi quá {limit} lần một năm. Bỏ {who} khỏi đoàn hoặc dời ngày"
                f" đi sang {year + 1}."
            ),
            (
                f"{who} already has {one_or_many(decided, 'trip')} abroad in {year}{went}; a key"
                f" leader travels at most {one_or_many(limit, 'time')} a year. Remove {who} from"
                f" the delegation or leave in {year + 1}."
            ),
        )
    return (
        (
            f"{who} có {decided} chuyến đã quyết định{went} và {pending} chuyến đang chờ{waits}"
            f" trong năm {year}; lãnh đạo chủ chốt không đi quá {limit} lần một năm. Giải trình"
            " chuyến nào cần hơn."
        ),
        (
            f"In {year} {who} has {one_or_many(decided, 'trip')} decided{went} and {pending}"
            f" waiting{waits}; a key leader travels at most {one_or_many(limit, 'time')} a year."
            " Explain which trip matters more."
        ),
    )


def leaders_together(facts: Facts, names: Names) -> Said:
    people = [names.person(person) for person in facts["people"]]
    agency = names.agency(facts["agency"])
    return (
        (
            f"{', '.join(people)} cùng là lãnh đạo chủ chốt của {agency}; không cử từ"
            f" {facts['limit'] + 1} lãnh đạo chủ chốt của một cơ quan tham gia cùng một đoàn. Chỉ"
            f" để lại {facts['limit']} người."
        ),
        (
            f"{listed(people)} are key leaders of {agency}; no more than {facts['limit']} key"
            f" leader of an agency may join one delegation. Keep only {facts['limit']} of them."
        ),
    )


def relatives(facts: Facts, names: Names) -> Said:
    pairs = [(names.person(p["person"]), names.person(p["relative_of"])) for p in facts["pairs"]]
    vi = "; ".join(f"{one} là người thân của {other}" for one, other in pairs)
    en = "; ".join(f"{one} is a relative of {other}" for one, other in pairs)
    return (
        (
            f"{vi}; không cử người thân đi cùng đoàn, trừ trường hợp cấp có thẩm quyền quyết định."
            " Bỏ một trong hai người khỏi đoàn."
        ),
        (
            f"{en}; relatives do not travel in one delegation unless the competent authority"
            " decides so. Remove one of the two."
        ),
    )


def secret_documents(_facts: Facts, _names: Names) -> Said:
    return (
        (
            "Đoàn mang tài liệu bí mật nhà nước ra nước ngoài mà chưa có văn bản cho phép. Không"
            " mang theo, hoặc bổ sung văn bản cho phép của người có thẩm quyền."
        ),
        (
            "The delegation carries secret documents abroad without written permission. Leave"
            " them at home, or add the written permission of the competent person."
        ),
    )


def project_note(facts: Facts, _names: Names) -> Said:
    vi, en = said(FACTS, facts["missing"])
    return (
        (
            f"Đề án chuyến đi còn thiếu: {vi}. Bổ sung cho đủ mục đích, đối tác, nội dung, chương"
            " trình và thành phần đoàn."
        ),
        (
            f"The project note of the trip lacks {en}. Complete it: a trip is judged by its"
            " purpose, partner, content, programme and members."
        ),
    )


def enterprise_funded(facts: Facts, _names: Names) -> Said:
    vi, en = [], []
    if facts["enterprise"]:
        vi.append(
            "Chuyến đi do doanh nghiệp tổ chức hoặc chi trả; cán bộ, công chức không tham gia"
            " đoàn như vậy. Đổi đơn vị tổ chức và nguồn kinh phí, hoặc không cử đoàn."
        )
        en.append(
            "An enterprise organises or pays for the trip; officials do not join such"
            " delegations. Change the organiser and the funding, or do not send it."
        )
    if facts["missing"]:
        what = said(FACTS, facts["missing"])
        vi.append(f"Chưa ghi {what[0]}. Bổ sung để biết doanh nghiệp có chi trả hay không.")
        en.append(f"Not stated: {what[1]}. Say it, so that it is known no enterprise pays.")
    return " ".join(vi), " ".join(en)


_RANKS: dict[str, Said] = {
    "province-leader": ("người đứng đầu cấp thành phố", "a leader of the city"),
    "province-deputy": ("cấp phó của thành phố", "a deputy leader of the city"),
    "department": ("lãnh đạo sở, ngành, xã, phường", "a leader of a department or commune"),
}


def size(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        return (
            (
                "Chưa ghi cấp của trưởng đoàn nên chưa xác định được số người tối đa. Bổ sung cấp"
                " của trưởng đoàn."
            ),
            (
                "The rank of the head of delegation is not stated, so the largest size is not"
                " known. State the rank."
            ),
        )
    rank = _RANKS[facts["leader_rank"]]
    return (
        (
            f"Đoàn có {facts['size']} người; đoàn do {rank[0]} dẫn đầu không quá {facts['limit']}"
            " người. Bớt thành viên."
        ),
        (
            f"The delegation has {facts['size']} members; one headed by {rank[1]} has at most"
            f" {facts['limit']}. Take fewer members."
        ),
    )


def days_per_country(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            f"Chưa ghi {vi} nên chưa tính được số ngày ở mỗi nước. Bổ sung các thông tin này.",
            f"Not stated: {en}, so the days in each country cannot be counted. State this.",
        )
    countries, last = facts["countries"], day(facts["last_day"])
    return (
        (
            f"Chuyến đi {facts['days']} ngày cho {len(countries)} nước; mỗi nước không quá"
            f" {facts['limit']} ngày, tính cả ngày đi và ngày về. Về chậm nhất ngày {last}."
        ),
        (
            f"The trip takes {facts['days']} days for {len(countries)}"
            f" countr{'y' if len(countries) == 1 else 'ies'}; each may take at most"
            f" {facts['limit']}, both travel days counted. Return on {last} at the latest."
        ),
    )


def countries(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        return (
            "Chưa ghi nước đến. Bổ sung các nước đoàn sẽ đến.",
            "The countries visited are not stated. Enter them.",
        )
    there = countries_of(facts["countries"])
    return (
        (
            f"Đoàn đến {len(facts['countries'])} nước ({there[0]}); một chuyến không quá"
            f" {facts['limit']} nước. Bớt nước đến."
        ),
        (
            f"The delegation visits {len(facts['countries'])} countries ({there[1]}); one trip"
            f" visits at most {facts['limit']}. Visit fewer."
        ),
    )


def lead_time(facts: Facts, _names: Names) -> Said:
    if "missing" in facts:
        vi, en = said(FACTS, facts["missing"])
        return (
            f"Chưa ghi {vi} nên chưa biết hồ sơ có kịp thời hạn không. Bổ sung ngày.",
            (
                f"Not stated: {en}, so it is not known whether the file is in time."
                " Enter what is missing."
            ),
        )
    n, last = facts["working_days"], day(facts["last_good_day"])
    submitted, departs = day(facts["submitted"]), day(facts["departs"])
    return (
        (
            f"Hồ sơ trình ngày {submitted}, đoàn đi ngày {departs}; cần trình trước ít nhất {n}"
            f" ngày làm việc, chậm nhất ngày {last}. Giải trình việc trình muộn hoặc dời ngày đi."
        ),
        (
            f"Submitted on {submitted} for departure on {departs}; it is due {n} working days"
            f" before, by {last}. Explain the delay or leave later."
        ),
    )


def trip_report(facts: Facts, names: Names) -> Said:
    which = names.activity(facts["activity"])
    ended, due = day(facts["ended"]), day(facts["due"])
    return (
        (
            f"Chuyến đi trước ({which}) đã về ngày {ended} mà chưa có báo cáo kết quả, hạn ngày"
            f" {due}. Gửi báo cáo, hoặc giải trình khi trình chuyến này."
        ),
        (
            f"An earlier trip ({which}) returned on {ended} and its report, due on {due}, is not"
            " in. Send the report, or explain when submitting this trip."
        ),
    )


def passport_return(facts: Facts, names: Names) -> Said:
    which = names.activity(facts["activity"])
    ended, due = day(facts["ended"]), day(facts["due"])
    return (
        (
            f"Chuyến đi trước ({which}) đã về ngày {ended} mà hộ chiếu công vụ, ngoại giao chưa"
            f" nộp lại cho cơ quan quản lý, hạn ngày {due}. Nộp hộ chiếu, hoặc giải trình."
        ),
        (
            f"An earlier trip ({which}) returned on {ended} and its official passports, due back"
            f" on {due}, are not handed in. Hand them in, or explain."
        ),
    )
