"""What the officer writes about a journey."""

from __future__ import annotations

from datetime import timedelta

from portal.activities.kinds.outbound.content import Content, Day, Member
from portal.demo.data import Unit
from portal.demo.directory import Directory
from portal.demo.journeys import Journey


def content_of(journey: Journey, directory: Directory) -> Content:
    """The proposal for a journey, complete; empty when it is kept on paper."""
    if journey.register_no:
        return Content()
    asked = journey.out_of_plan and journey.invited
    return Content(
        title=_title(journey),
        field=journey.theme.field,
        plan_item=journey.line.id if journey.line else None,
        urgent=bool(journey.urgent),
        urgent_reason=journey.urgent,
        members=tuple(_member(journey, directory, place) for place in range(len(journey.members))),
        departs=journey.departs,
        returns=journey.returns,
        countries=journey.to.countries,
        leader_rank=_rank(journey),
        purpose=f"{journey.to.purpose}.",
        host_partner=journey.to.host,
        content=journey.theme.content,
        programme=_programme(journey),
        invitation_from=journey.to.host if asked or not journey.out_of_plan else "",
        invitation_date=journey.invited_on if asked or not journey.out_of_plan else None,
        necessity=_necessity(journey) if journey.out_of_plan and journey.necessity else "",
        funding="host" if "Tập huấn" in journey.title else "state",
        cost_vnd=journey.cost,
    )


def _title(journey: Journey) -> str:
    return f"Đoàn công tác {_short(journey.unit)}: {journey.title}"


def _short(unit: Unit) -> str:
    return unit.vi.removesuffix(" tỉnh").removesuffix(" Quảng Nam")


def _member(journey: Journey, directory: Directory, place: int) -> Member:
    return Member(directory.persons[journey.members[place]], journey.role_of(place))


def _rank(journey: Journey) -> str:
    post = journey.leader.post.post
    if journey.leader.post.managed == "central":
        return "province-leader"
    return "province-deputy" if post.startswith("Phó Chủ tịch UBND tỉnh") else "department"


def _programme(journey: Journey) -> tuple[Day, ...]:
    """One entry a day: out, what the theme has, home."""
    days = (journey.returns - journey.departs).days + 1
    entries = [Day(journey.departs, f"Di chuyển đến {journey.to.host}", ())]
    for place, item in enumerate(journey.theme.programme):
        day = journey.departs + timedelta(days=min(place * max(days - 2, 1) // 4 + 1, days - 1))
        entries.append(Day(day, item, tuple(journey.theme.topics.get(place, ()))))
    entries.append(Day(journey.returns, "Về nước", ()))
    return tuple(entries)


def _necessity(journey: Journey) -> str:
    return (
        f"Phát sinh sau khi kế hoạch năm được duyệt: {journey.to.host} mời đích danh cơ quan; "
        f"nếu không tham gia sẽ lỡ dịp {journey.to.purpose[0].lower()}{journey.to.purpose[1:]}."
    )
