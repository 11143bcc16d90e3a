"""What a cure is called, as a button says it in both languages."""

from __future__ import annotations

from typing import Final, Literal

from portal.compliance.facts import DAYS_OF
from portal.compliance.findings import Finding
from portal.compliance.messages.words import (
    BODIES,
    FACTS,
    GRANTORS,
    countries_of,
    day,
    enumerated,
    said,
)
from portal.compliance.names import Names

Action = Literal[
    "remove-member",
    "remove-members",
    "leave-on-or-after",
    "leave-on-or-before",
    "return-on-or-before",
    "end-on-or-after",
    "link-plan-item",
    "unlink-plan-item",
    "fill-in",
    "leave-secrets-at-home",
    "drop-country",
    "drop-countries",
    "no-enterprise",
    "start-on-or-after",
    "obtain-opinion",
    "ask-waiver",
]

_ACTIONS: Final[dict[Action, tuple[str, str]]] = {
    "remove-member": ("Bỏ {} khỏi đoàn", "Remove {} from the delegation"),
    "remove-members": ("Bỏ bớt {} người khỏi đoàn", "Leave out {} of the members"),
    "leave-on-or-after": ("Dời ngày đi sang {} hoặc sau đó", "Leave on or after {}"),
    "leave-on-or-before": ("Dời ngày đi về {} hoặc trước đó", "Leave on or before {}"),
    "return-on-or-before": ("Về chậm nhất ngày {}", "Return by {}"),
    "end-on-or-after": ("Sửa ngày kết thúc, từ ngày {} trở đi", "Let it end on or after {}"),
    "link-plan-item": ("Chọn mục kế hoạch {}", "Choose plan item {}"),
    "unlink-plan-item": ("Đề xuất là đoàn ngoài kế hoạch", "Propose it as out of plan"),
    "fill-in": ("Bổ sung {}", "Enter {}"),
    "leave-secrets-at-home": ("Không mang tài liệu mật", "Leave the secret documents at home"),
    "drop-country": ("Bỏ nước {} khỏi chuyến đi", "Leave out {}"),
    "drop-countries": ("Bỏ bớt {} nước khỏi chuyến đi", "Leave out {} of the countries"),
    "no-enterprise": (
        "Không để doanh nghiệp tổ chức hoặc chi trả",
        "Let no enterprise organise or pay",
    ),
    "start-on-or-after": ("Dời ngày tổ chức sang {} hoặc sau đó", "Hold it on or after {}"),
    "obtain-opinion": ("Lấy ý kiến của {}", "Obtain the opinion of {}"),
    "ask-waiver": ("Đề nghị {} chấp thuận ngoại lệ", "Ask {} for a waiver"),
}
_AUTHORITIES: Final = {
    **GRANTORS,
    "central": ("cấp trung ương", "the central body"),
    "prime-minister": ("Thủ tướng Chính phủ", "the Prime Minister"),
    "party-rules": ("cấp có thẩm quyền của Đảng", "the competent Party body"),
    "managing-body": ("cơ quan quản lý", "the managing body"),
    "agency": ("thủ trưởng cơ quan", "the head of the agency"),
}


_DAYS: Final = frozenset(
    {
        "leave-on-or-after",
        "leave-on-or-before",
        "return-on-or-before",
        "end-on-or-after",
        "start-on-or-after",
    }
)
"""Actions whose target is a day."""


def sentence(
    finding: Finding, action: Action, target: tuple[str, ...], names: Names
) -> tuple[str, str]:
    """The change in Vietnamese and in English, as a button says it."""
    vi, en = _ACTIONS[action]
    what = _target(finding, action, target, names)
    return vi.format(what[0]), en.format(what[1])


def _target(
    finding: Finding, action: Action, target: tuple[str, ...], names: Names
) -> tuple[str, str]:
    if not target:
        return "", ""
    first = target[0]
    if action == "fill-in":
        return said(FACTS, [_plain_name(finding, name) for name in target])
    if action == "obtain-opinion":
        return said(BODIES, target)
    if action == "ask-waiver":
        return _AUTHORITIES[first]
    if action == "drop-country":
        return countries_of(target)
    if action == "remove-member":
        people = [names.person(id_) for id_ in target]
        return enumerated(people, "và"), enumerated(people, "and")
    shown = names.item(first) if action == "link-plan-item" else first
    shown = day(first) if action in _DAYS else shown
    return shown, shown


def _plain_name(finding: Finding, name: str) -> str:
    if name in ("start", "end") and "kind" in finding.facts:
        return DAYS_OF[finding.facts["kind"]][name == "end"]
    return name
