"""Settings of one portal, from the environment only. A bad value is one clear sentence."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: `migrations/`, `policies/` and `static/` lie here."""

Province = Literal["quang-nam", "da-nang"]
PROVINCES: tuple[Province, ...] = ("quang-nam", "da-nang")


class ConfigError(Exception):
    """The portal cannot start like this; the message is one sentence for who started it."""


def _text(_name: str, raw: str) -> str:
    return raw


def _path(_name: str, raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def parse(name: str, raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {raw!r}.")
        return int(raw)

    return parse


def _flag(name: str, raw: str) -> bool:
    value = raw.lower()
    if value not in {"0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise ConfigError(f"{name} must be 1 or 0, not {raw!r}.")
    return value in {"1", "true", "yes", "on"}


def _province(name: str, raw: str) -> Province:
    if raw not in PROVINCES:
        raise ConfigError(f"{name} must be one of {', '.join(PROVINCES)}, not {raw!r}.")
    return raw


def _names(_name: str, raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _database(name: str, raw: str) -> str:
    """The address in SQLAlchemy's spelling with psycopg 3 as the driver; '' stays ''."""
    if not raw:
        return raw
    scheme, separator, rest = raw.partition("://")
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    raise ConfigError(
        f"{name} must look like postgresql://user:password@host:5432/portal; "
        f"this one starts with {scheme[:20]!r}."
    )


def _redis(name: str, raw: str) -> str:
    if raw and urlsplit(raw).scheme not in {"redis", "rediss", "unix"}:
        raise ConfigError(
            f"{name} must start with redis://, rediss:// or unix://; this one starts with "
            f"{raw.partition(':')[0][:20]!r}."
        )
    return raw


def _secret(name: str, raw: str) -> str:
    if raw and len(raw) < 32:
        raise ConfigError(f"{name} must have at least 32 characters; this one has {len(raw)}.")
    return raw


def _var(name: str, default: str, meaning: str, parse: Callable[[str, str], Any] = _text) -> Any:
    return field(
        default_factory=lambda: parse(name, default),
        metadata={"name": name, "default": default, "meaning": meaning, "parse": parse},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One portal's settings. `from_environ` reads them; tests build them by keyword."""

    database_url: str = _var(
        "DATABASE_URL", "", "PostgreSQL (15 or newer); empty: the embedded one.", _database
    )
    migrate_database_url: str = _var(
        "MIGRATE_DATABASE_URL",
        "",
        "The same database as a role that may create roles and tables; empty: `DATABASE_URL`.",
        _database,
    )
    redis_url: str = _var(
        "REDIS_URL", "", "Redis (6.2 or newer) or Valkey; empty: the embedded one.", _redis
    )
    data: Path = _var(
        "PORTAL_DATA", "data", "Folder for the embedded servers, uploads and keys.", _path
    )
    host: str = _var("PORTAL_HOST", "127.0.0.1", "Address to listen on.")
    port: int = _var("PORTAL_PORT", "8000", "Port to listen on.", _whole(1, 65535))
    secret_key: str = _var(
        "PORTAL_SECRET_KEY",
        "",
        "Signs cookies and forms, 32 characters or more; with the embedded servers made once "
        "and kept in the data folder, with `DATABASE_URL` required.",
        _secret,
    )
    seal_key: str = _var(
        "PORTAL_SEAL_KEY",
        "",
        "File with the Ed25519 key (PEM) that signs the inspector's packs; empty: `seal_key.pem`, "
        "made once and kept in the data folder.",
    )
    province: Province = _var(
        "PORTAL_PROVINCE", "quang-nam", "Whose rules apply: `quang-nam` or `da-nang`.", _province
    )
    demo: bool = _var(
        "PORTAL_DEMO",
        "",
        "1: load the demo province into an empty database; empty: only with the embedded one.",
        lambda name, raw: _flag(name, raw) if raw else False,
    )
    session_idle_minutes: int = _var(
        "PORTAL_SESSION_IDLE_MINUTES", "30", "Signed out after so long idle.", _whole(1, 1440)
    )
    session_hours: int = _var(
        "PORTAL_SESSION_HOURS", "12", "Signed out after so long in any case.", _whole(1, 168)
    )
    max_upload_mb: int = _var(
        "PORTAL_MAX_UPLOAD_MB", "20", "Largest file that may be uploaded.", _whole(1, 1024)
    )
    secure_cookies: bool = _var(
        "PORTAL_SECURE_COOKIES", "0", "1 behind HTTPS: cookies travel over HTTPS only.", _flag
    )
    proxy_hops: int = _var(
        "PORTAL_PROXY_HOPS", "0", "How many reverse proxies stand in front.", _whole(0, 5)
    )
    trusted_hosts: tuple[str, ...] = _var(
        "PORTAL_TRUSTED_HOSTS", "", "Host names it answers to, with commas; empty: all.", _names
    )
    web_workers: int = _var("PORTAL_WEB_WORKERS", "2", "Web processes.", _whole(1, 64))
    web_threads: int = _var("PORTAL_WEB_THREADS", "4", "Threads in each of them.", _whole(1, 64))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, **given: str) -> Settings:
        """Read the environment; `given` (field name → text) wins over it, as command options do."""
        source = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for item in fields(cls):
            name, parse = item.metadata["name"], item.metadata["parse"]
            raw = given.get(item.name) or source.get(name, "").strip() or item.metadata["default"]
            values[item.name] = parse(name, raw)
        settings = cls(**values)
        if not source.get("PORTAL_DEMO", "").strip():
            settings = replace(settings, demo=settings.embedded_postgres)
        return settings

    @property
    def embedded_postgres(self) -> bool:
        return not self.database_url

    @property
    def embedded_redis(self) -> bool:
        return not self.redis_url

    @property
    def uploads(self) -> Path:
        """Where attachments are stored, by content hash."""
        return self.data / "uploads"

    def __repr__(self) -> str:
        return f"Settings(data={str(self.data)!r}, port={self.port}, province={self.province!r})"

    def environ(self) -> dict[str, str]:
        """The settings as environment variables, for a child process."""
        texts: dict[str, str] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, bool):
                value = "1" if value else "0"
            elif isinstance(value, tuple):
                value = ",".join(value)
            texts[item.metadata["name"]] = str(value)
        return texts


def variables_table() -> str:
    """All environment variables as a Markdown table, as the README shows it."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for item in fields(Settings):
        meta = item.metadata
        default = f"`{meta['default']}`" if meta["default"] else ""
        rows.append(f"| `{meta['name']}` | {default} | {meta['meaning']} |")
    return "\n".join(rows)
