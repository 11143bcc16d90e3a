"""One commit a request.

Every write happens inside `with unit_of_work() as uow:`. What is collected and written in one
statement registers with `before_commit`; what locks something that all transactions share (the
head of an audit chain) with `last_of_all`; what may only happen once the truth is stored (ringing
the job bell) with `after_commit`. An inner unit of work joins the outer one.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError

from portal.core.errors import Conflict
from portal.extensions import db

log = logging.getLogger(__name__)

_RETRYABLE = (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable)


@dataclass(slots=True)
class UnitOfWork:
    """The work of one transaction that is still to be committed."""

    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    last: dict[str, Callable[[], None]] = field(default_factory=dict)
    after: dict[str, Callable[[], None]] = field(default_factory=dict)

    def before_commit(self, key: str, action: Callable[[], None]) -> None:
        """Run `action` at the end of the transaction; what has the same `key` is run once."""
        self.before.setdefault(key, action)

    def last_of_all(self, key: str, action: Callable[[], None]) -> None:
        """Like before_commit, after everything else: for locks that all transactions share."""
        self.last.setdefault(key, action)

    def after_commit(self, key: str, action: Callable[[], None]) -> None:
        """Run `action` once after the commit; a failure is logged: a sweep repeats the work."""
        self.after.setdefault(key, action)


_current: ContextVar[UnitOfWork | None] = ContextVar("portal_unit_of_work", default=None)


def current_unit() -> UnitOfWork:
    """The unit of work that is open; an error of the programmer when there is none."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("This write needs `with unit_of_work():` around it.")
    return unit


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Commit everything done inside the block, or nothing.

    Raises Conflict when another transaction was faster (deadlock, lock time-out, serialisation).
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    unit = UnitOfWork()
    token = _current.set(unit)
    try:
        yield unit
        db.session.flush()
        for action in (*unit.before.values(), *unit.last.values()):
            action()
        db.session.commit()
    except DBAPIError as error:
        db.session.rollback()
        if isinstance(error.orig, _RETRYABLE):
            raise Conflict(
                "Somebody else changed this at the same moment. Please try again."
            ) from error
        raise
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _current.reset(token)
    for key, action in unit.after.items():
        try:
            action()
        except Exception:
            log.warning("after-commit work %s failed; the sweep will repeat it", key, exc_info=True)
