"""The database session's tenant, and the column shapes that the rooms share.

Row-level security reads three settings of the transaction: portal.user_id, portal.tenant_id and
portal.scope. They are set for every transaction from the acting person, so that a commit in the
middle of a request never drops them; a transaction without them sees no tenant's rows.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from psycopg.pq import TransactionStatus
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Identity,
    Table,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, declared_attr, mapped_column

from portal.core import clock
from portal.core.context import Actor, current_actor, set_actor
from portal.extensions import Base, db

_BIND = text(
    "SELECT set_config('portal.user_id', :user_id, true),"
    " set_config('portal.tenant_id', :tenant_id, true),"
    " set_config('portal.scope', :scope, true)"
)


def settings_of(actor: Actor | None) -> dict[str, str]:
    """The three settings of `actor` as PostgreSQL takes them; empty text means unset."""
    if actor is None:
        return {"user_id": "", "tenant_id": "", "scope": ""}
    return {
        "user_id": "" if actor.user_id is None else str(actor.user_id),
        "tenant_id": "" if actor.tenant_id is None else str(actor.tenant_id),
        "scope": actor.scope.value,
    }


def bind_actor(actor: Actor | None) -> None:
    """Make `actor` the acting person of this request and of the open transaction."""
    set_actor(actor)
    db.session.execute(_BIND, settings_of(actor))


@event.listens_for(Session, "after_begin")
def _bind_transaction(
    _session: Session, _transaction: SessionTransaction, connection: Connection
) -> None:
    actor = current_actor()
    if actor is not None:
        connection.execute(_BIND, settings_of(actor))


@event.listens_for(Engine, "rollback")
def _keep_prepared(connection: Connection) -> None:
    """End a transaction that only read without forgetting how its statements are planned.

    psycopg's rollback() drops every prepared statement, in case the transaction had made tables.
    portal_app may make none, so a healthy transaction is ended before psycopg is asked (which
    then finds nothing to roll back); after an error psycopg does it its own way.
    """
    if connection.closed or connection.invalidated:
        return
    pgconn = getattr(connection.connection.dbapi_connection, "pgconn", None)
    if pgconn is not None and pgconn.transaction_status == TransactionStatus.INTRANS:
        pgconn.exec_(b"ROLLBACK")


class WithId:
    """A bigint identity key."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)


class TenantOwned:
    """A row that belongs to one tenant; its table must carry row-level security."""

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        return mapped_column(BigInteger, ForeignKey("tenant.id"), index=False)


class Stamped:
    """When a row came to be."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


def one_of(
    column: str, values: type[StrEnum] | Sequence[str], *, name: str | None = None
) -> CheckConstraint:
    """A check that `column` holds one of `values` (or NULL where the column allows it)."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=name or f"{column}_known")


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that need no objects and are made once."""
    return cast("Table", model.__table__)


def scalars(statement: Any, /, **params: Any) -> list[Any]:
    """The first column of every row of `statement`, in the current session."""
    return list(db.session.execute(statement, params).scalars())
