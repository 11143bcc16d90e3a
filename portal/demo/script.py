"""Who does what with a file, and when: the way of one delegation through the offices.

The same script is either written down as history or really performed (`history`, `live`). Times
lie on working days in office hours; who acts obeys the separation of duties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from portal.core.clock import LOCAL
from portal.core.context import Scope
from portal.core.working_days import add_working_days, is_working_day, subtract_working_days
from portal.demo.journeys import Journey
from portal.demo.people import DemoPerson, account, people_of

SYSTEM: Final = "system"

WAITS: Final = {
    "send-for-review": (1, 3), "endorse": (0, 2), "submit": (0, 2), "receive": (0, 1),
    "ask-opinion": (0, 0), "give-opinion": (1, 3), "record-opinion": (1, 3), "appraise": (0, 2),
    "sign-appraisal": (0, 1), "consent": (1, 3), "record-consent": (1, 3), "approve": (1, 3),
    "record-approval": (1, 3), "reject": (1, 3), "return": (0, 1), "withdraw": (1, 2),
    "waive": (0, 1), "refer": (0, 1), "send-back": (0, 1), "refuse-consent": (1, 3),
    "return-for-correction": (1, 2),
}  # fmt: skip
"""Working days between a step and the one before it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One step: when, what, by whom ("system" or a user name), and what is given with it."""

    at: datetime
    action: str
    by: str
    scope: Scope | None = None
    given: dict[str, Any] = field(default_factory=dict)


def way(journey: Journey, *, to: str, returned: bool = False, waiver: str = "") -> list[str]:
    """The actions from the draft to `to`, in order, as the journey needs them.

    `returned`: the focal point sends it back once. `waiver`: a rule that is waived before the
    decision.
    """
    inside = ["send-for-review", "endorse"] if journey.unit.review else []
    actions = ["create", *inside, "submit"]
    if returned:
        actions += ["receive", "return", *inside, "submit"]
    actions.append("receive")
    if journey.needs_police:
        actions += ["ask-opinion", "give-opinion"]
    actions += ["appraise", "sign-appraisal"]
    if journey.authority == "standing-committee":
        actions.append("consent")
    if waiver:
        actions.append("waive")
    actions.append("record-approval" if journey.authority == "central" else "approve")
    return [*actions[: actions.index(to)], to] if to in actions else [*actions[:-1], to]


def acts_until(
    journey: Journey, actions: Sequence[str], last: datetime, random: Random
) -> list[Act]:
    """The actions with their times, counted backwards from the last one."""
    moments = [last]
    for action in reversed(actions[1:]):
        low, high = WAITS.get(action, (0, 1))
        moments.append(_earlier(moments[-1], random.randint(low, high), random))
    moments.reverse()
    return [act(journey, action, at, random) for action, at in zip(actions, moments, strict=True)]


def acts_after(
    journey: Journey,
    random: Random,
    *,
    to: str,
    until: datetime,
    report_after: int | None = None,
    passports_after: int | None = None,
) -> list[Act]:
    """What follows an approval, up to the action `to` and to the moment `until`.

    `report_after`: days between return and report; `passports_after`: working days.
    """
    out, home = journey.departs, journey.returns
    reported = _working(home + timedelta(days=report_after or random.randint(5, 13)))
    handed_in = add_working_days(home, passports_after or random.randint(1, 4))
    plan = [
        ("depart", _midnight(out)),
        ("return-home", _midnight(home + timedelta(days=1))),
        ("record-passports", _office_hours(handed_in, random)),
        ("report", _office_hours(reported, random)),
        (
            "close",
            _office_hours(add_working_days(max(reported, handed_in), random.randint(1, 4)), random),
        ),
    ]
    wanted = ["depart", "return-home", "record-passports", "report", "close"]
    kept = wanted[: wanted.index(to) + 1]
    if passports_after == 0:
        kept = [action for action in kept if action != "record-passports"]
    found = [
        act(journey, action, at, random) for action, at in plan if action in kept and at <= until
    ]
    return sorted(found, key=lambda one: one.at)


def act(journey: Journey, action: str, at: datetime, random: Random) -> Act:
    """The step with whoever takes it and what they give."""
    by, scope = _who(journey, action)
    given: dict[str, Any] = {}
    by_chair = action == "waive" and journey.authority == "chair"
    if by_chair:
        by, scope = "ubnd.vp", Scope.CHAIR
    if action in _DOCUMENTS:
        series, number = ("TB-UBND", 400) if by_chair else _DOCUMENTS[action]
        given["document_no"] = f"{number + random.randint(0, 2400)}/{series}"
        given["document_date"] = at.date()
    if action in _WORDS:
        given |= _WORDS[action]
    if action == "record-approval":
        given["sealed"] = True
    if action in _REASONS:
        given["reason"] = random.choice(_REASONS[action])
    if action == "record-passports":
        given["extra"] = {"returned_on": at.date()}
    return Act(at, action, by, scope, given)


_DOCUMENTS: Final = {
    "approve": ("QĐ-UBND", 300),
    "record-approval": ("QĐ-TW", 20),
    "consent": ("TB-TU", 100),
    "record-consent": ("TB-TU", 100),
    "reject": ("UBND-KGVX", 1200),
    "refuse-consent": ("TB-TU", 100),
    "record-opinion": ("CAT-PA01", 200),
    "waive": ("TB-TU", 400),
}
_WORDS: Final[dict[str, dict[str, Any]]] = {
    "ask-opinion": {
        "note": "Đề nghị Công an tỉnh cho ý kiến về nội dung làm việc và thành phần đoàn."
    },
    "give-opinion": {"opinion": "agree", "note": "Thống nhất nội dung và thành phần đoàn."},
    "appraise": {
        "note": "Hồ sơ đầy đủ; nội dung phù hợp thỏa thuận hợp tác; kinh phí trong dự toán.",
        "recommendation": "approve",
    },
}
_REASONS: Final = {
    "return": (
        "Chương trình chưa nêu cơ quan làm việc từng ngày; đề nghị bổ sung.",
        "Thiếu dự toán kinh phí và bản dịch thư mời; đề nghị bổ sung.",
    ),
    "return-for-correction": ("Rút gọn thành phần đoàn và làm rõ nguồn kinh phí.",),
    "send-back": ("Nội dung làm việc còn chung chung, cần nêu kết quả dự kiến.",),
    "withdraw": ("Đối tác lùi thời gian đón đoàn, cơ quan sẽ trình lại sau.",),
    "reject": ("Nội dung trùng với đoàn đã đi trong năm, chưa thực sự cần thiết.",),
    "refuse-consent": ("Chưa thực sự cần thiết trong thời điểm hiện nay.",),
    "cancel": ("Đối tác thông báo hoãn sự kiện vì lý do khách quan.",),
    "refer": ("Sự kiện do Trung ương giao, đề nghị Sở Ngoại vụ xem xét, hướng dẫn.",),
    "record-after-fact": ("Đoàn đi gấp theo công điện, hồ sơ được lập sau khi về nước.",),
    "waive": ("Sự kiện quan trọng của tỉnh, không có người khác thay thế.",),
}  # fmt: skip


def _who(journey: Journey, action: str) -> tuple[str, Scope | None]:
    unit, going = journey.unit.slug, set(journey.members)
    if action in ("depart", "return-home"):
        return SYSTEM, None
    if action in _OFFICE:
        scope, names = _OFFICE[action]
        own_head = unit == "sngv"
        free = [
            name
            for name in names
            if account(name).person.number not in going and not (own_head and name == "sngv.ld")
        ]
        if action in ("appraise", "sign-appraisal", "close", "approve", "reject"):
            free = _rotated(free, journey)
        return free[0], scope
    return _inside(journey, action, people_of(unit)), Scope.OWN


def _rotated(names: list[str], journey: Journey) -> list[str]:
    """The work is shared: a deputy chair signs in a field of work, officers take turns."""
    signing = [name for name in names if not account(name).fields]
    in_field = [name for name in names if journey.theme.field in account(name).fields]
    if in_field and journey.departs.day % 3 == 0:
        return in_field
    turn = journey.departs.day % len(signing)
    return signing[turn:] + signing[:turn]


_OFFICE: Final[dict[str, tuple[Scope, tuple[str, ...]]]] = {
    "receive": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "return": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "ask-opinion": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "record-opinion": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "appraise": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "sign-appraisal": (Scope.FOCAL, ("sngv.ld", "sngv.pld")),
    "close": (Scope.FOCAL, ("sngv.cb", "sngv.cb2")),
    "give-opinion": (Scope.POLICE, ("ca.cb", "ca.cb2")),
    "consent": (Scope.COMMITTEE, ("btv", "btv.vp")),
    "refuse-consent": (Scope.COMMITTEE, ("btv", "btv.vp")),
    "waive": (Scope.COMMITTEE, ("btv.vp", "btv")),
    "record-consent": (Scope.CHAIR, ("ubnd.vp",)),
    "approve": (Scope.CHAIR, ("ubnd.ct", "ubnd.pct1", "ubnd.pct2")),
    "reject": (Scope.CHAIR, ("ubnd.ct", "ubnd.pct1", "ubnd.pct2")),
    "return-for-correction": (Scope.CHAIR, ("ubnd.ct",)),
    "record-approval": (Scope.CHAIR, ("ubnd.vp",)),
}

_INSIDE: Final = {
    "endorse": "reviewer", "send-back": "reviewer", "submit": "head", "refer": "head",
    "withdraw": "head", "cancel": "head",
}  # fmt: skip


def _inside(journey: Journey, action: str, staff: Iterable[DemoPerson]) -> str:
    """Who acts in the proposing agency: the officer, the reviewer, the head or a deputy."""
    role = _INSIDE.get(action, "officer")
    holders = [p for p in staff if role in p.post.roles]
    # Where the head also reviews, somebody else is asked first.
    holders.sort(key=lambda person: len(person.post.roles))
    deputies = [
        p for p in staff if "deputy-head" in p.post.roles and action in ("submit", "cancel")
    ]
    if deputies and journey.departs.day % 4 == 0:
        holders = deputies
    return _username(holders[0])


def _username(person: DemoPerson) -> str:
    own = person.post.account
    return own[1:] if own.startswith("=") else f"{person.unit}.{own}"


def _working(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _midnight(day: date) -> datetime:
    """When the sweep notices a new day."""
    return datetime.combine(day, time(0, 5), LOCAL)


def _office_hours(day: date, random: Random) -> datetime:
    """A moment of a working day: 7:30 to 16:45 with a rest at noon."""
    hour = random.choice((7, 8, 8, 9, 9, 10, 10, 13, 14, 14, 15, 15, 16))
    minute = random.randint(31, 59) if hour == 7 else random.randint(0, 44)
    return datetime.combine(day, time(hour, minute, random.randint(0, 59)), LOCAL)


def _earlier(moment: datetime, working_days: int, random: Random) -> datetime:
    """So many working days before `moment`; none: an hour or two, if the office was open."""
    if working_days == 0:
        before = moment - timedelta(minutes=random.randint(25, 110), seconds=random.randint(0, 59))
        if before.time() >= time(7, 30) and is_working_day(before.date()):
            return before
        working_days = 1
    return _office_hours(subtract_working_days(moment.date(), working_days), random)
