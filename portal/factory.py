"""Builds the web application from its rooms."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import orjson
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import extensions
from portal.config import ROOT, ConfigError, Settings

ROOMS: tuple[str, ...] = (
    "portal.web",
    "portal.identity",
    "portal.access",
    "portal.web.tokens",
    "portal.frame",
    "portal.health",
    "portal.tenancy",
    "portal.documents",
    "portal.desks.bell",
    "portal.desks.audit_log",
    "portal.activities",
    "portal.plans",
    "portal.desks",
    "portal.register",
    "portal.oversight",
    "portal.api",
)
"""Each has `init_app(app)` and registers what it serves. The order is that of their questions to
a request: its frame (web), who asks (identity), whether they may (access), whether the form is
ours (tokens); after these the features in any order."""


TABLES: tuple[str, ...] = (
    "portal.core.outbox",
    "portal.audit.models",
    "portal.tenancy.models",
    "portal.identity.models",
    "portal.documents.models",
    "portal.workflow.models",
    "portal.compliance.models",
    "portal.plans.models",
    "portal.activities.models",
    "portal.activities.kinds.outbound.model",
    "portal.desks.models",
    "portal.oversight.models",
    "portal.api.models",
)
"""Modules with tables; all are imported, because foreign keys cross rooms."""


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The application as `portal_app` serves it. Needs addresses of PostgreSQL and Redis.

    Raises when a route does not declare who may call it.
    """
    from portal.access.guard import check_declarations

    settings = settings or Settings.from_environ()
    _require_servers(settings)
    app = Flask("portal", static_folder=str(ROOT / "static"), template_folder=None)
    app.config.from_mapping(flask_config(settings), TESTING=testing)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    extensions.init_app(app, settings)
    for tables in TABLES:
        import_module(tables)
    for room in ROOMS:
        import_module(room).init_app(app)
    check_declarations(app)
    return app


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's own configuration for these settings."""
    megabyte = 1024 * 1024
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        # Cookies do not know ports: without it two portals on one host would sign each other out.
        "SESSION_COOKIE_NAME": (
            "__Host-portal" if settings.secure_cookies else f"portal_{settings.port}"
        ),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "MAX_CONTENT_LENGTH": (settings.max_upload_mb + 2) * megabyte,
        "UPLOAD_MOST_MB": settings.max_upload_mb,
        "MAX_FORM_MEMORY_SIZE": 2 * megabyte,
        "MAX_FORM_PARTS": 5000,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
    }


def engine_options(settings: Settings) -> dict[str, Any]:
    """Connections that are always `portal_app`, whoever logs in, and never wait for ever."""
    return {
        "pool_size": settings.web_threads,
        "max_overflow": 2,
        "pool_timeout": 5,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "json_serializer": _json_text,
        "json_deserializer": orjson.loads,
        "connect_args": {
            "application_name": "portal",
            "connect_timeout": 5,
            "options": "-c role=portal_app -c timezone=UTC -c statement_timeout=20000 "
            "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 "
            # Pages read few rows along an index: no parallel workers, no compiled plans, and
            # pages of the disk that are no dearer out of order.
            "-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1",
        },
    }


def _json_text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _require_servers(settings: Settings) -> None:
    missing = [
        name
        for name, value in (
            ("DATABASE_URL", settings.database_url),
            ("REDIS_URL", settings.redis_url),
            ("PORTAL_SECRET_KEY", settings.secret_key),
        )
        if not value
    ]
    if missing:
        raise ConfigError(
            f"Set {' and '.join(missing)}, or start the portal with its own servers: portal run."
        )
