"""The tables that the migrations make are the tables that the code means."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine

from portal.extensions import Base
from tests.support.cluster import Cluster

WRITTEN_BY_HAND = {"alembic_version"}


def test_models_equal_migrations(app: Flask, database: Cluster) -> None:
    engine = create_engine(database.settings.database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={"compare_type": True, "include_object": _is_ours},
            )
            assert compare_metadata(context, Base.metadata) == []
    finally:
        engine.dispose()


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return not (kind == "table" and name in WRITTEN_BY_HAND)
