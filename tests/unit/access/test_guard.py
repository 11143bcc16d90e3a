"""The one door: what it lets through, where it sends the others, and what it says to them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, make_response
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.access import explain, guard
from portal.access.enforcer import permissions_of
from portal.access.explain import Holder
from portal.access.guard import (
    UndeclaredError,
    by_token,
    check_declarations,
    must_ask,
    public,
    require,
    require_apart,
    requires,
    requires_any,
    signed_in,
)
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.access.separation import FileSoFar, Step, Taken
from portal.core.context import Actor, Scope, acting_as, current_actor, set_actor
from portal.core.errors import Denied, PortalError
from portal.web import htmx
from portal.web.i18n import gettext


def actor(*roles: Role, acting_for: str | None = None) -> Actor:
    return Actor(
        user_id=7,
        username="an",
        name="Nguyễn Văn An",
        tenant_id=3,
        tenant_name="UBND thành phố Hội An",
        scope=Scope.OWN,
        roles=frozenset(roles),
        permissions=permissions_of(roles, standing_in=acting_for is not None),
        person_id=70,
        acting_for=acting_for,
    )


def plainly(error: PortalError) -> Response:
    """The words of an error page without the page."""
    return make_response(gettext(error.message, **error.params), error.status)


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the audit log was told."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(guard, "record_refusal", lambda **line: told.append(line))
    monkeypatch.setattr(guard, "on_refusal", plainly)
    return told


@pytest.fixture(autouse=True)
def _nobody_acts() -> Iterator[None]:
    yield
    set_actor(None)
    explain._lookup.clear()
    guard._program_lookup.clear()


class Door:
    """A small portal with one view of each kind; `visitor` is who comes."""

    def __init__(self) -> None:
        self.visitor: Actor | None = None
        self.app = Flask("door")
        self.app.config.update(SECRET_KEY="x" * 32, TESTING=True, WTF_CSRF_ENABLED=False)
        bp = Blueprint("files", __name__)

        @bp.get("/")
        @public("the first page says what the portal is")
        def home() -> str:
            return "home"

        @bp.route("/me", methods=["GET", "POST"])
        @signed_in
        def me() -> str:
            return "me"

        @bp.route("/files/<int:file_id>/submit", methods=["POST"])
        @requires(Permission.ACTIVITY_SUBMIT)
        def submit(file_id: int) -> str:
            return f"submitted {file_id}"

        @bp.post("/files/<int:file_id>/close")
        @signed_in
        def close(file_id: int) -> str:
            require(Permission.ACTIVITY_CLOSE, subject_type="activity", subject_id=file_id)
            return f"closed {file_id}"

        @bp.get("/desk")
        @requires_any(Permission.APPRAISAL_SIGN, Permission.ACTIVITY_SUBMIT)
        def desk() -> str:
            return "desk"

        @bp.get("/both")
        @requires(Permission.ACTIVITY_PROPOSE, Permission.ACTIVITY_SUBMIT)
        def both() -> str:
            return "both"

        @bp.post("/ask")
        @by_token(Permission.COMPLIANCE_CHECK)
        def ask() -> str:
            told = current_actor()
            return told.name if told else ""

        self.app.register_blueprint(bp)
        identity = Blueprint("identity", __name__)

        @identity.get("/sign-in")
        @public("whoever is not signed in signs in here")
        def sign_in() -> str:
            return "sign in"

        self.app.register_blueprint(identity)
        htmx.init_app(self.app)
        self.app.register_error_handler(PortalError, plainly)
        self.app.before_request(lambda: set_actor(self.visitor))
        guard.init_app(self.app)
        check_declarations(self.app)

    def client(self, *roles: Role, anonymous: bool = False) -> FlaskClient:
        self.visitor = None if anonymous else actor(*roles)
        return self.app.test_client()


@pytest.fixture
def door(refusals: list[dict[str, Any]]) -> Door:
    return Door()


def test_a_public_view_is_for_everybody(door: Door) -> None:
    assert door.client(anonymous=True).get("/").status_code == 200
    assert door.client(Role.VIEWER).get("/").status_code == 200


def test_a_view_for_signed_in_people_asks_for_no_role(door: Door) -> None:
    assert door.client().get("/me").status_code == 200


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.HEAD, "/desk", 200),
        (Role.FOCAL_HEAD, "/desk", 200),
        (Role.OFFICER, "/desk", 403),
        (Role.OFFICER, "/both", 403),
        (Role.HEAD, "/both", 403),
    ],
)
def test_a_view_admits_who_holds_what_it_requires(
    door: Door, role: Role, path: str, status: int
) -> None:
    assert door.client(role).get(path).status_code == status


def test_all_of_several_permissions_means_all(door: Door) -> None:
    assert door.client(Role.OFFICER, Role.HEAD).get("/both").status_code == 200


def test_a_view_for_programs_is_never_a_signed_in_persons(door: Door) -> None:
    """A page elsewhere could make a browser post with its cookie; a token it cannot send."""
    assert door.client(Role.HEAD, Role.OFFICER).post("/ask").status_code == 303
    assert door.client(anonymous=True).post("/ask").status_code == 303


def test_a_program_is_who_its_token_says_whoever_is_signed_in_beside_it(door: Door) -> None:
    program = replace(
        actor(), name="eOffice", token_id=4, permissions=frozenset({Permission.COMPLIANCE_CHECK})
    )
    guard.set_program_lookup(lambda: program)
    assert door.client(Role.HEAD).post("/ask").text == "eOffice"
    guard.set_program_lookup(lambda: replace(program, permissions=frozenset()))
    assert door.client(Role.HEAD).post("/ask").status_code == 403


def test_a_refused_form_is_refused_before_the_view_runs(
    door: Door, refusals: list[dict[str, Any]]
) -> None:
    response = door.client(Role.OFFICER).post("/files/5/submit")
    assert response.status_code == 403
    assert refusals == [
        {
            "action": "activity:submit",
            "reason": "You may not do this.",
            "subject_type": None,
            "subject_id": None,
            "data": {"endpoint": "files.submit", "method": "POST"},
        }
    ]


def test_a_refusal_says_what_it_was_and_who_does_it(door: Door) -> None:
    explain.set_holder_lookup(
        lambda roles, tenant: (
            [Holder("Trần Thị Bình", "UBND thành phố Hội An", "head")]
            if tenant == 3 and Role.HEAD in roles
            else []
        )
    )
    page = door.client(Role.OFFICER).post("/files/5/submit").get_data(as_text=True)
    assert "duyệt và trình hồ sơ của cơ quan" in page
    assert "Người đứng đầu cơ quan" in page
    assert "Trần Thị Bình (UBND thành phố Hội An)" in page


def test_a_page_sends_an_unknown_visitor_to_sign_in_and_back(door: Door) -> None:
    response = door.client(anonymous=True).get("/desk?tab=2")
    assert response.status_code == 303
    assert response.location == "/sign-in?next=/desk?tab%3D2"


def test_a_fragment_sends_an_unknown_visitor_to_sign_in_as_a_whole_page(door: Door) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/me"}
    response = door.client(anonymous=True).get("/desk", headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in?next=/me"


def test_an_unknown_visitor_does_not_even_learn_that_a_form_exists(
    door: Door, refusals: list[dict[str, Any]]
) -> None:
    response = door.client(anonymous=True).post("/files/5/submit")
    assert response.status_code == 303
    assert response.location.startswith("/sign-in")
    assert refusals == []


def test_an_address_that_does_not_exist_is_404_for_everybody(door: Door) -> None:
    assert door.client(anonymous=True).get("/nothing").status_code == 404
    assert door.client(Role.HEAD).get("/files/5/submit").status_code == 405


def test_the_next_request_of_a_thread_does_not_inherit_the_actor(door: Door) -> None:
    door.client(Role.HEAD).get("/desk")
    assert current_actor() is None


def test_a_view_added_behind_the_guards_back_is_never_served(door: Door) -> None:
    door.app._got_first_request = False
    door.app.add_url_rule("/late", "late", lambda: "late")
    assert door.client(Role.HEAD).get("/late").status_code == 404


def test_a_portal_with_an_undeclared_view_does_not_start_and_says_what_to_write() -> None:
    app = Flask("silent")

    @app.get("/silent")
    def silent() -> str:
        return ""

    @app.get("/declared")
    @signed_in
    def declared() -> str:
        return ""

    with pytest.raises(UndeclaredError) as error:
        check_declarations(app)
    assert "silent" in str(error.value)
    assert "@requires(Permission." in str(error.value)
    assert "declared (" not in str(error.value)


def test_a_view_declares_its_access_once() -> None:
    with pytest.raises(TypeError, match="twice"):
        signed_in(requires(Permission.PLAN_VIEW)(lambda: ""))


def test_a_public_view_gives_its_reason() -> None:
    with pytest.raises(TypeError, match="reason"):
        public(" ")


def test_a_requirement_is_a_permission_and_not_a_text() -> None:
    with pytest.raises(TypeError, match="Permission"):
        requires("plan:view")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Permission"):
        requires()


def test_a_service_gets_the_actor_who_holds_the_permission() -> None:
    with acting_as(actor(Role.HEAD)):
        assert require(Permission.ACTIVITY_SUBMIT).user_id == 7


def test_a_service_refuses_others() -> None:
    with acting_as(actor(Role.OFFICER)), pytest.raises(Denied) as denied:
        require(Permission.ACTIVITY_SUBMIT, subject_type="activity", subject_id=12)
    assert denied.value.permission == "activity:submit"


def test_a_service_refuses_when_nobody_acts() -> None:
    with pytest.raises(Denied):
        require(Permission.PLAN_VIEW)


def test_the_refusal_of_a_service_is_audited_and_explained_like_that_of_a_view(
    door: Door, refusals: list[dict[str, Any]]
) -> None:
    response = door.client(Role.OFFICER).post("/files/5/close")
    assert response.status_code == 403
    assert "Lãnh đạo cơ quan đầu mối" in response.get_data(as_text=True)
    assert [(line["action"], line["subject_type"], line["subject_id"]) for line in refusals] == [
        ("activity:close", "activity", 5)
    ]


def test_a_refusal_with_words_of_its_own_keeps_them() -> None:
    own = Denied("This file is not in a field of work in which you sign.", permission="plan:view")
    assert explain.explained(own, actor(Role.HEAD)) is own
    unknown = Denied(permission="system")
    assert explain.explained(unknown, actor(Role.HEAD)) is unknown


def test_a_refusal_stands_without_names_when_the_database_fails() -> None:
    def lookup(roles: object, tenant: object) -> list[Holder]:
        raise OperationalError("select", {}, Exception("gone"))

    explain.set_holder_lookup(lookup)
    why = explain.why_not(Permission.ACTIVITY_REFER, actor(Role.OFFICER))
    assert why.holders == ()
    assert "Người đứng đầu cơ quan" in str(why.denied())


def test_a_service_that_never_asks_is_caught_in_tests() -> None:
    with pytest.raises(AssertionError, match="close ended without asking"), must_ask("close"):
        pass
    with acting_as(actor(Role.HEAD)), must_ask("submit"):
        require(Permission.ACTIVITY_SUBMIT)


def test_a_service_refuses_who_had_a_part_in_the_file() -> None:
    file = FileSoFar(9, taken=(Taken(Step.SUBMIT, 7),))
    with acting_as(actor(Role.CHAIR)), pytest.raises(Denied, match="duyệt và trình") as denied:
        require_apart(Step.DECIDE, file, permission=Permission.DECISION_DECIDE)
    assert denied.value.params["rule"] == "own-proposal"
    with acting_as(actor(Role.CHAIR)):
        require_apart(Step.DECIDE, FileSoFar(9), permission=Permission.DECISION_DECIDE)


def test_an_explanation_names_roles_of_the_province_wherever_they_are() -> None:
    asked: list[tuple[tuple[Role, ...], int | None]] = []

    def lookup(roles: tuple[Role, ...], tenant: int | None) -> list[Holder]:
        asked.append((tuple(roles), tenant))
        return [Holder("Lê Thị Chi", "Sở Ngoại vụ", "focal-head")]

    explain.set_holder_lookup(lookup)
    why = explain.why_not(Permission.APPRAISAL_SIGN, actor(Role.OFFICER))
    assert why.roles == (Role.FOCAL_HEAD,)
    assert asked == [((Role.FOCAL_HEAD,), None)]
    assert why.holders[0].person == "Lê Thị Chi"


def test_an_explanation_does_not_send_people_to_themselves() -> None:
    explain.set_holder_lookup(lambda roles, tenant: [Holder("Nguyễn Văn An", "Hội An", "head")])
    assert explain.why_not(Permission.ACTIVITY_REFER, actor(Role.OFFICER)).holders == ()


def test_an_explanation_tells_a_stand_in_that_only_standing_in_forbids_it() -> None:
    why = explain.why_not(Permission.STAND_IN_APPOINT, actor(Role.HEAD, acting_for="Trần Bình"))
    assert why.standing_in
    assert str(why.denied()) == (
        "While you act for another person, you may not do this: cử người được ủy quyền."
    )
