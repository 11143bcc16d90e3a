"""What the proposer writes: answers to warnings, results of a trip."""

from __future__ import annotations

from typing import Final

from portal.compliance.findings import Judgement
from portal.demo.journeys import Journey

ANSWERS: Final = {
    "outbound.lead-time": "Thư mời đến muộn; nội dung đã chuẩn bị xong, đề nghị xem xét sớm.",
    "outbound.plan-deviation": "Đối tác đề nghị đổi thời gian và thành phần so với kế hoạch.",
    "outbound.supplement-quota": "Sự kiện phát sinh, không đề xuất thêm đoàn ngoài kế hoạch.",
    "outbound.leader-trips": "Nếu hồ sơ kia cũng được duyệt, cơ quan sẽ thay trưởng đoàn.",
    "outbound.trip-report": "Cơ quan đang hoàn thiện báo cáo chuyến đi trước và sẽ gửi trong tuần.",
    "outbound.passport-return": "Hộ chiếu của đoàn trước đang được thu hồi để bàn giao.",
}
_OTHERWISE: Final = "Cơ quan đã xem xét và sẽ thực hiện đúng quy định."


def answers_to(judgement: Judgement) -> dict[str, str]:
    """A written answer to every warning."""
    return {
        finding.rule: ANSWERS.get(finding.rule, _OTHERWISE)
        for finding in judgement.findings
        if finding.severity == "warn"
    }


def results_of(journey: Journey) -> dict[str, str]:
    """Result and follow-up of a trip."""
    purpose = journey.to.purpose[0].lower() + journey.to.purpose[1:]
    return {
        "results": (
            f"Đoàn đã làm việc với {journey.to.host}, hoàn thành mục tiêu {purpose}. "
            "Hai bên thống nhất nội dung hợp tác và đầu mối liên hệ."
        ),
        "follow_up": "Theo dõi việc thực hiện nội dung đã thống nhất; báo cáo sau sáu tháng.",
    }
