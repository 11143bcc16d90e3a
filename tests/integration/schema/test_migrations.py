"""The tables that the migrations make are the tables that the code means."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine

from portal.extensions import Base
from tests.support.cluster import Cluster

WITHOUT_MODEL = {"alembic_version", "activity_search", "person_word"}
"""Read and written by SQL functions and triggers only."""


def test_models_equal_migrations(app: Flask, database: Cluster) -> None:
    """Every table, column, key and index of a model is there; migrations may add indexes."""
    engine = create_engine(database.settings.database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_object": _is_compared}
            )
            assert compare_metadata(context, Base.metadata) == []
    finally:
        engine.dispose()


def _is_compared(
    thing: object, name: str | None, kind: str, reflected: bool, other: object
) -> bool:
    if kind == "index" and reflected and other is None:
        return False
    return not (kind == "table" and name in WITHOUT_MODEL)
