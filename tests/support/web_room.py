"""The web room alone in a small application: no database, no Redis, no features."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Flask, abort, request

from portal import frame
from portal.config import ROOT, Settings
from portal.core.context import Actor, Scope, set_actor
from portal.core.errors import Blocked, Conflict, Denied, FieldErrors, NotFound, Unavailable
from portal.web import init_app, navigation, tokens
from portal.web.forms import BaseForm, DayField, Required, TextField
from portal.web.htmx import leave_to, render_page
from tests.support.pages import PageClient

OFFICER = Actor(
    user_id=7,
    username="nam-giang.can-bo",
    name="Lê Thị Ngọc Ánh",
    tenant_id=3,
    tenant_name="UBND huyện Nam Giang",
    scope=Scope.OWN,
    permissions=frozenset({"activity:view"}),
)


class ProposalForm(BaseForm):
    purpose = TextField("Purpose", [Required()], longest=20)
    start = DayField("Start")


REFUSALS = {
    "missing": NotFound(),
    "denied": Denied("You cannot %(act)s here.", act="duyệt"),
    "conflict": Conflict("The file is no longer as your page showed it."),
    "fields": FieldErrors({"start": "Fill in this field."}),
    "blocked": Blocked(("Đã đủ 2 chuyến.",)),
    "down": Unavailable("A part that the portal needs does not answer."),
    "crash": RuntimeError("secret: a table name"),
}


def make_web_room() -> Flask:
    """One small application; a person signs in with the header ``X-Actor``."""
    made = Flask("portal", static_folder=str(ROOT / "static"), template_folder=None)
    made.config.update(SECRET_KEY="k" * 32, TESTING=True, PROPAGATE_EXCEPTIONS=False)
    made.config["MAX_CONTENT_LENGTH"] = 50_000
    made.extensions["portal_settings"] = Settings(demo=True)
    made.test_client_class = PageClient
    made.before_request(_sign_in)
    made.teardown_request(lambda _error: set_actor(None))
    init_app(made)
    tokens.init_app(made)
    frame.init_app(made)
    made.register_blueprint(_pages())
    identity = Blueprint("identity", __name__)
    identity.add_url_rule("/sign-in", "sign_in", lambda: "", methods=["GET", "POST"])
    made.register_blueprint(identity)
    return made


def _sign_in() -> None:
    language = request.headers.get("X-Actor")
    set_actor(replace(OFFICER, locale=language) if language else None)


def _pages() -> Blueprint:
    pages = Blueprint("pages", __name__)
    for place in navigation.PLACES:
        pages.add_url_rule(f"/{place.key}", place.key, lambda: "")
    navigation.link(pages, "tasks", "pages.tasks")
    navigation.link(pages, "activities", "pages.activities", "activity:view")
    navigation.link(pages, "people", "pages.people", "person:view")
    navigation.link_search(pages, "pages.statistics")
    navigation.link_bell(pages, "pages.exchange", lambda: 120)

    @pages.route("/refuse/<kind>", methods=["GET", "POST"])
    def refuse(kind: str) -> str:
        raise REFUSALS[kind]

    @pages.get("/status/<int:code>")
    def status(code: int) -> str:
        abort(code)

    @pages.route("/guide", methods=["GET", "POST"])
    def guide() -> object:
        form = ProposalForm()
        if form.validate_on_submit():
            return leave_to("/tasks")
        return render_page("style_guide.html", "problem", 422 if form.errors else 200, form=form)

    return pages
