"""Asks PostgreSQL and Redis whether they can serve this portal; each trouble is one sentence."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.config import ConfigError, Settings

LEAST_POSTGRES = 15
LEAST_REDIS = (6, 2)


def conninfo(url: str) -> str:
    """The address as libpq reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(conninfo(url))
    host = parts.netloc.rpartition("@")[2] or unquote(parse_qs(parts.query).get("host", [""])[0])
    return f"{parts.scheme}://{host}{parts.path}"


def for_administrator(settings: Settings) -> tuple[str, str]:
    """The address that may create roles and tables, and the variable that gave it."""
    url = settings.migrate_database_url
    if url and url != settings.database_url:
        return url, "MIGRATE_DATABASE_URL"
    return settings.database_url, "DATABASE_URL"


def connect(url: str, name: str = "DATABASE_URL", *, role: str | None = None) -> psycopg.Connection:
    """A connection, in autocommit, or ConfigError with one sentence."""
    try:
        connection = psycopg.connect(
            conninfo(url),
            connect_timeout=5,
            autocommit=True,
            options=f"-c role={role}" if role else None,
            application_name="portal",
        )
    except psycopg.OperationalError as error:
        raise ConfigError(_refusal(url, name, role, error)) from None
    except psycopg.Error as error:
        raise ConfigError(f"{name} is not an address of PostgreSQL: {_last_line(error)}") from None
    version = connection.info.server_version
    if version < LEAST_POSTGRES * 10000:
        connection.close()
        raise ConfigError(
            f"PostgreSQL at {shown(url)} is version {version // 10000}; "
            f"the portal needs {LEAST_POSTGRES} or newer."
        )
    return connection


def _refusal(url: str, name: str, role: str | None, error: psycopg.Error) -> str:
    said = _last_line(error)
    if role and role in said:
        if "does not exist" in said or "invalid value" in said:
            return (
                f"The database at {shown(url)} has no role {role}; run `portal migrate` first, "
                "with MIGRATE_DATABASE_URL of an administrator."
            )
        return (
            f"The login in {name} may not become {role} at {shown(url)}; "
            f"sign in as {role} or grant {role} to that login."
        )
    return f"PostgreSQL at {shown(url)} ({name}) cannot be used: {said}"


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = next((line for line in reversed(lines) if "FATAL" in line), lines[0] if lines else "?")
    return text.rsplit("FATAL:", 1)[-1].strip().rstrip(".") + "."


def check_redis(url: str) -> None:
    """ConfigError with one sentence unless a Redis of the right age answers."""
    client = None
    try:
        client = redis.Redis.from_url(
            url, socket_timeout=3, socket_connect_timeout=3, retry=Retry(NoBackoff(), 0)
        )
        info = client.info("server")
    except redis.AuthenticationError:
        raise ConfigError(f"Redis at {shown(url)} refuses the password in REDIS_URL.") from None
    except (redis.RedisError, ValueError, OSError) as error:
        raise ConfigError(
            f"Redis at {shown(url)} (REDIS_URL) cannot be used: {_last_line(error)}"
        ) from None
    finally:
        if client is not None:
            client.close()
    version = str(info.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2]) < LEAST_REDIS:
        least = ".".join(map(str, LEAST_REDIS))
        raise ConfigError(
            f"Redis at {shown(url)} is version {version}; the portal needs {least} or newer."
        )
