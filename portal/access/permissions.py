"""Every permission of the portal, in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Permission(StrEnum):
    """`resource:action`, in alphabetical order, with what it allows in Vietnamese and English.

    A permission says what kind of act a role may do. On which rows is the business of row-level
    security, in which state that of the workflow, and whether this person may do it on this file
    that of the separation of duties (`separation.py`).
    """

    vi: str
    en: str

    def __new__(cls, value: str, vi: str = "", en: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.vi = vi
        member.en = en
        return member

    ACTIVITY_AMEND = (
        "activity:amend",
        "soạn điều chỉnh hoạt động đã phê duyệt",
        "draft an amendment of an approved activity",
    )
    ACTIVITY_CANCEL = ("activity:cancel", "hủy hoạt động", "cancel an approved activity")
    ACTIVITY_CLOSE = ("activity:close", "đóng hồ sơ", "close a reported file")
    ACTIVITY_PROPOSE = ("activity:propose", "soạn đề xuất", "create and edit a draft")
    ACTIVITY_RECORD_AFTER_FACT = (
        "activity:record-after-fact",
        "ghi nhận hoạt động đã diễn ra",
        "record an activity after it happened",
    )
    ACTIVITY_REFER = (
        "activity:refer",
        "chuyển cơ quan đầu mối hồ sơ chưa thể trình",
        "refer a blocked file to the focal point",
    )
    ACTIVITY_REPORT = (
        "activity:report",
        "báo cáo kết quả hoạt động",
        "report what happened, planned against actual",
    )
    ACTIVITY_REVIEW = ("activity:review", "rà soát nội bộ", "review a draft inside the agency")
    ACTIVITY_SETTLE_AMENDMENT = (
        "activity:settle-amendment",
        "thống nhất điều chỉnh nhỏ",
        "settle a small amendment for the focal point",
    )
    ACTIVITY_SUBMIT = (
        "activity:submit",
        "duyệt và trình hồ sơ của cơ quan",
        "approve inside the agency and submit",
    )
    ACTIVITY_VIEW = ("activity:view", "xem hoạt động", "read activities")
    ACTIVITY_WITHDRAW = (
        "activity:withdraw",
        "rút hồ sơ đã trình",
        "withdraw a file that is not decided",
    )
    API_TOKEN_MANAGE = (
        "api-token:manage",
        "cấp và thu hồi khóa kết nối cho hệ thống khác",
        "issue and revoke tokens for other systems",
    )
    APPRAISAL_RECEIVE = (
        "appraisal:receive",
        "tiếp nhận hồ sơ thẩm định",
        "take a submitted file into appraisal",
    )
    APPRAISAL_RETURN = (
        "appraisal:return",
        "trả lại hồ sơ để bổ sung",
        "return a file for correction",
    )
    APPRAISAL_SIGN = ("appraisal:sign", "ký báo cáo thẩm định", "sign the appraisal")
    APPRAISAL_WRITE = ("appraisal:write", "viết báo cáo thẩm định", "write the appraisal")
    AUDIT_EXPORT = ("audit:export", "xuất nhật ký hệ thống", "export the audit log")
    AUDIT_VIEW = ("audit:view", "xem nhật ký hệ thống", "read the audit log")
    CALENDAR_VIEW = ("calendar:view", "xem lịch", "see who is abroad when")
    COMPLIANCE_CHECK = (
        "compliance:check",
        "kiểm tra quy định cho một đề xuất",
        "check a proposal against the rules",
    )
    DECISION_CONSENT = (
        "decision:consent",
        "cho chủ trương (Ban Thường vụ)",
        "give the standing committee's consent",
    )
    DECISION_DECIDE = ("decision:decide", "quyết định hồ sơ", "decide a file")
    DECISION_RECORD = (
        "decision:record",
        "ghi nhận quyết định từ văn bản giấy",
        "record a decision from its paper",
    )
    DESK_VIEW = ("desk:view", "xem việc cần làm", "see what waits for oneself")
    DIRECTORY_VIEW = ("directory:view", "xem danh bạ cơ quan", "read the directory of agencies")
    DOCUMENT_UPLOAD = ("document:upload", "tải tài liệu lên hồ sơ", "add a document to a file")
    DOCUMENT_VIEW = ("document:view", "xem tài liệu của hồ sơ", "read the documents of a file")
    MEMBERSHIP_MANAGE = (
        "membership:manage",
        "cấp và thu hồi vai trò",
        "grant and revoke roles in an agency",
    )
    OPINION_ASK = ("opinion:ask", "lấy ý kiến", "ask another agency for its opinion")
    OPINION_GIVE = ("opinion:give", "cho ý kiến", "give the opinion that was asked")
    OPINION_RECORD = (
        "opinion:record",
        "ghi nhận ý kiến nhận bằng văn bản giấy",
        "record an opinion received on paper",
    )
    PERSON_ENTER = (
        "person:enter",
        "thêm người của cơ quan vào danh sách",
        "enter an official of the own agency into the list",
    )
    PERSON_MANAGE = (
        "person:manage",
        "cập nhật danh sách con người",
        "keep the list of people",
    )
    PERSON_VIEW = ("person:view", "xem danh sách con người", "read the list of people")
    PLAN_VIEW = ("plan:view", "xem kế hoạch năm", "read the annual plans")
    PLAN_WHAT_IF = (
        "plan:what-if",
        "soát trước kế hoạch của một năm theo quy định",
        "judge a year's plans by the rules beforehand",
    )
    REGULATION_CHECK = (
        "regulation:check",
        "đối chiếu quy định với văn bản gốc",
        "record that a rule was compared with its sources",
    )
    REGULATION_DRAFT = (
        "regulation:draft",
        "soạn phiên bản quy định của tỉnh",
        "draft a version of a rule for the province",
    )
    REGULATION_PUBLISH = (
        "regulation:publish",
        "ban hành phiên bản quy định của tỉnh",
        "publish a version of a rule for the province",
    )
    SIGNAL_SETTLE = (
        "signal:settle",
        "kết luận dấu hiệu né tránh quy định",
        "settle a signal of evasion with a reason",
    )
    SIGNAL_VIEW = (
        "signal:view",
        "xem dấu hiệu né tránh quy định",
        "read the signals of evasion",
    )
    STAND_IN_APPOINT = (
        "stand-in:appoint",
        "cử người được ủy quyền",
        "appoint one's stand-in",
    )
    STAND_IN_VIEW = ("stand-in:view", "xem người được ủy quyền", "see who acts for whom")
    TENANT_MANAGE = ("tenant:manage", "quản lý cơ quan, đơn vị", "manage agencies")
    TRAVEL_VIEW = (
        "travel:view",
        "xem số chuyến đi của lãnh đạo",
        "see how many trips a leader has made (in full for one's own agency)",
    )
    TRAVEL_VIEW_ALL = (
        "travel:view-all",
        "xem đầy đủ chuyến đi của lãnh đạo mọi cơ quan",
        "see the trips of every agency's leaders in full",
    )
    USER_MANAGE = ("user:manage", "quản lý tài khoản", "manage user accounts")
    WAIVER_RECORD = (
        "waiver:record",
        "ghi nhận chấp thuận ngoại lệ",
        "record a waiver of a rule",
    )
    WAIVER_VIEW = (
        "waiver:view",
        "xem chấp thuận ngoại lệ của mọi cơ quan",
        "read the waivers of every agency and their rate",
    )
