"""The objects that the whole application shares: database, Redis, settings."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from portal.config import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model: constraints get stable names, so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its settings, database and Redis; connects to nothing yet."""
    app.extensions["portal_settings"] = settings
    app.extensions["portal_redis"] = make_redis(settings.redis_url)
    db.init_app(app)


def make_redis(url: str) -> Redis:
    """A client that answers or fails within two seconds: Redis may be lost, a page may not wait."""
    return Redis.from_url(
        url, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1)
    )


def settings() -> Settings:
    """The settings of the running app."""
    return cast("Settings", current_app.extensions["portal_settings"])


def redis() -> Redis:
    """The app's Redis client (bytes in, bytes out)."""
    return cast("Redis", current_app.extensions["portal_redis"])
