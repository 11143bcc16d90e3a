"""What pages are measured against: bare Flask handlers in the same process and run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from jinja2 import Environment
from sqlalchemy import create_engine

from portal.web import rendering
from portal.web.i18n import use_locale
from tests.support.cluster import Cluster


@dataclass(slots=True)
class RenderedPage:
    """What a page was rendered from."""

    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)


@contextmanager
def rendered() -> Iterator[RenderedPage]:
    """Notes from what the page asked for inside the block is rendered."""
    page, render = RenderedPage(), rendering.render

    def note(template: str, context: dict[str, Any], block: str | None = None) -> str:
        text = render(template, context, block)
        page.template, page.context = template, context
        return text

    rendering.render = note
    try:
        yield page
    finally:
        rendering.render = render


def same_page(app: Flask, sent: list[tuple[str, Any]], page: RenderedPage) -> Callable[[], Any]:
    """A bare handler: the same SQL, the same template with the same values, in the msgids."""
    context = {**page.context, "bell": (page.context["bell"][0], lambda: 0)}
    engine = create_engine(
        app.config["SQLALCHEMY_DATABASE_URI"], **app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    )
    bare = Flask("bare")

    @bare.get("/")
    def handler() -> str:
        with engine.connect() as connection:
            for statement, values in sent:
                connection.exec_driver_sql(statement, values).fetchall()
        with app.test_request_context("/activities"), use_locale("en"):
            return rendering.environment().get_template(page.template).render(context)

    client = bare.test_client()
    return lambda: client.get("/")


def bare_list(cluster: Cluster, tenant_id: int) -> Callable[[], Any]:
    """performance.md's floor: one indexed query and a plain table of 25 rows."""
    template = Environment(autoescape=True).from_string(
        "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>"
        "{% endfor %}</table>"
    )
    engine = create_engine(cluster.settings.migrate_database_url)
    bare = Flask("bare")

    @bare.get("/")
    def handler() -> str:
        with engine.connect() as connection:
            statement = (
                "SELECT id, title, state, starts_on, ends_on FROM activity WHERE tenant_id = %s"
                " ORDER BY id DESC LIMIT 25"
            )
            return template.render(rows=connection.exec_driver_sql(statement, (tenant_id,)).all())

    client = bare.test_client()
    return lambda: client.get("/")
