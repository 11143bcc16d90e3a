"""The words findings are made of, as the papers have them, Vietnamese beside English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from portal.compliance.names import Names
from portal.core.countries import country_names

Facts = Mapping[str, Any]
Said = tuple[str, str]

FACTS: Final[dict[str, Said]] = {
    "purpose": ("mục đích", "the purpose"),
    "host_partner": ("đối tác mời", "the host partner"),
    "content": ("nội dung", "the content"),
    "programme": ("chương trình làm việc", "the working programme"),
    "members": ("thành phần đoàn", "the members"),
    "inviter": ("tên đơn vị mời", "who invites"),
    "dated": ("ngày của thư mời", "the date of the invitation"),
    "document": ("bản thư mời", "the invitation itself"),
    "organiser": ("đơn vị tổ chức", "who organises it"),
    "funding": ("nguồn kinh phí", "who pays for it"),
    "leader_rank": ("cấp của trưởng đoàn", "the rank of the head of delegation"),
    "countries": ("nước đến", "the countries visited"),
    "departs": ("ngày đi", "the day of departure"),
    "returns": ("ngày về", "the day of return"),
    "arrives": ("ngày đến", "the day of arrival"),
    "leaves": ("ngày rời đi", "the day of leaving"),
    "starts": ("ngày bắt đầu", "the first day"),
    "ends": ("ngày kết thúc", "the last day"),
    "submitted": ("ngày trình", "the day of submission"),
    "received_by": ("người tiếp khách", "who receives the guests"),
    "name": ("họ tên", "name"),
    "title": ("chức vụ", "title"),
    "nationality": ("quốc tịch", "nationality"),
    "passport_no": ("số hộ chiếu", "passport number"),
    "police_notified": ("ngày thông báo Công an tỉnh", "the day the police were told"),
    "request": ("văn bản đề nghị", "the request"),
    "form-01": ("đề án tổ chức (mẫu 01)", "the organisation project (form 01)"),
    "highest_foreign_rank": (
        "cấp cao nhất của khách nước ngoài",
        "the highest rank among the foreign participants",
    ),
    "donor-agreement": ("văn bản thống nhất của bên tài trợ", "the donor's written agreement"),
    "project-document": ("văn kiện dự án", "the project document"),
    "donor-status": ("tư cách pháp lý của bên tài trợ", "the donor's legal status"),
    "donor": ("bên tài trợ", "the donor"),
    "donor.kind": ("loại hình bên tài trợ", "what kind of donor it is"),
    "proposal": ("tờ trình", "the proposal"),
    "draft-vi": ("dự thảo tiếng Việt", "the Vietnamese draft"),
    "draft-foreign": ("dự thảo tiếng nước ngoài", "the foreign-language draft"),
    "non_binding_clause": ("điều khoản không ràng buộc", "the non-binding clause"),
    "necessity": ("thuyết minh sự cần thiết", "the statement of necessity"),
    "press_permit": ("giấy phép của Bộ Ngoại giao", "the foreign ministry's permit"),
    "sensitive_area": (
        "địa bàn nhạy cảm (biên giới, biển đảo, đất quốc phòng, khu kinh tế)",
        "sensitive area (border, sea or island, defence land, economic zone)",
    ),
    "data_leaves_country": (
        "dữ liệu, mẫu vật đưa ra nước ngoài",
        "data or samples leaving the country",
    ),
    "ethnic_or_religious_community": (
        "đồng bào dân tộc, tôn giáo",
        "an ethnic or religious community",
    ),
    "policy_drafting": ("hỗ trợ xây dựng chính sách, pháp luật", "help in drafting policy or law"),
    "media_or_data_infrastructure": (
        "hạ tầng truyền thông, dữ liệu",
        "media or data infrastructure",
    ),
    "unregistered_donor": ("bên tài trợ chưa đăng ký tại Việt Nam", "an unregistered donor"),
}
BODIES: Final[dict[str, Said]] = {
    "focal": ("Sở Ngoại vụ", "the Department of Foreign Affairs"),
    "police": ("Công an tỉnh", "the provincial police"),
    "military-command": ("Bộ Chỉ huy Quân sự tỉnh", "the provincial military command"),
    "finance": ("Sở Tài chính", "the Department of Finance"),
    "mofa": ("Bộ Ngoại giao", "the Ministry of Foreign Affairs"),
    "mps": ("Bộ Công an", "the Ministry of Public Security"),
    "mod": ("Bộ Quốc phòng", "the Ministry of National Defence"),
    "mof": ("Bộ Tài chính", "the Ministry of Finance"),
}
GRANTORS: Final[dict[str, Said]] = {
    "standing-committee": ("Ban Thường vụ", "the standing committee"),
    "chair": ("Chủ tịch Ủy ban nhân dân", "the chair of the People's Committee"),
    "deciding-authority": ("cấp có thẩm quyền quyết định", "the deciding authority"),
}


def countries_of(codes: Iterable[str]) -> Said:
    """The names of countries in both languages; a code that is no country stays as it is."""
    codes = list(codes)
    vi, en = (
        ", ".join(country_names(language).get(code, code) for code in codes)
        for language in ("vi", "en")
    )
    return vi, en


def day(iso: str) -> str:
    """dd/mm/yyyy, in both languages."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y")


def said(words: Mapping[str, Said], keys: Iterable[str]) -> Said:
    """Two enumerations of the same things; a key without words is shown as it is."""
    pairs = [words.get(key, (key, key)) for key in keys]
    comma = "; " if any("," in word for pair in pairs for word in pair) else ", "
    return comma.join(vi for vi, _ in pairs), listed([en for _, en in pairs], comma)


def listed(parts: list[str], comma: str = ", ") -> str:
    """An English enumeration with "and"."""
    return enumerated(parts, "and", comma)


def enumerated(parts: list[str], last: str, comma: str = ", ") -> str:
    """The parts with commas, and the word `last` before the last of several."""
    return parts[0] if len(parts) == 1 else f"{comma.join(parts[:-1])} {last} {parts[-1]}"


def one_or_many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def count_of(trips: Any) -> int:
    """How many trips; where the trips themselves are concealed, only their number is there."""
    return trips if isinstance(trips, int) else len(trips)


def dates_of(trips: Any, names: Names) -> str:
    """ " (20/02/2024–24/02/2024; …)", or nothing when there are none or they are concealed."""
    if isinstance(trips, int) or not trips:
        return ""
    return " (" + "; ".join(_dates(trip, names) for trip in trips) + ")"


def _dates(trip: Facts, names: Names) -> str:
    label = names.activity(str(trip["id"]))
    days = [day(trip[key]) for key in ("start", "end") if trip.get(key)]
    return f"{label}: {'–'.join(days)}" if days else label
