"""What the officer writes about a journey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from portal.activities.kinds.outbound.content import Content, Day, Member
from portal.activities.kinds.outbound.model import DelegationMember, Outbound, ProgrammeItem
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
    return f"{journey.unit.vi}: {journey.title[0].lower()}{journey.title[1:]}"


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


def rows_of(
    content: Content, answers: Mapping[str, str], *, went: bool
) -> Iterator[tuple[type, dict[str, Any]]]:
    """The rows that hold a content, without their file. `went`: the trip is reported."""
    yield (
        Outbound,
        {
            "purpose": content.purpose,
            "host_partner": content.host_partner,
            "content": content.content,
            "invitation_from": content.invitation_from,
            "invitation_date": content.invitation_date,
            "necessity": content.necessity,
            "funding": content.funding,
            "cost_vnd": content.cost_vnd,
            "organiser": content.organiser,
            "leader_rank": content.leader_rank,
            "answers": dict(answers),
        },
    )
    for place, member in enumerate(content.members):
        part = {"person_id": member.person, "role": member.role, "position": place}
        yield DelegationMember, {**part, "went": True if went else None}
    for place, day in enumerate(content.programme):
        entry = {"day": day.day, "item": day.item, "topics": list(day.topics)}
        yield ProgrammeItem, {"position": place, **entry}
