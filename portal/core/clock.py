"""The only place that reads the system clock, so that tests and replays can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("portal_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Việt Nam."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """`moment` on the clocks of Việt Nam."""
    return moment.astimezone(LOCAL)


@contextmanager
def frozen_at(moment: datetime | date) -> Iterator[None]:
    """Make `moment` the present inside the block; a bare date means its noon in Việt Nam."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=LOCAL)
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
