"""Every address of the portal: who may call it is declared, spelled alike and safe to open."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.access import guard
from portal.access.declarations import Kind, access_of
from portal.access.guard import UNGUARDED
from portal.access.permissions import Permission
from portal.cli_access import app_without_servers

WRITES = frozenset({"commit", "unit_of_work"})
"""What a view that only reads does not call."""

ACTS = frozenset(
    {"approve", "appraise", "cancel", "close", "confirm", "consent", "decide", "delete", "recall"}
    | {"record", "refer", "remove", "revoke", "save", "settle", "sign", "sign-out", "submit"}
    | {"switch", "unlock", "upload", "waive", "withdraw"}
)
"""Last words of an address that say that something happens there."""


PUBLIC = {
    "api.openapi",  # how to ask: programs read it before they have a token
    "frame.choose_language",
    "frame.style_guide",  # only in tests and debugging; elsewhere it is 404
    "health.healthz",
    "health.readyz",
    "identity.sign_in",
}
"""Views for people who are not signed in."""


@pytest.fixture(scope="module")
def app() -> Flask:
    return app_without_servers()


@pytest.fixture(scope="module")
def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in UNGUARDED]


def segments(rule: Rule) -> Iterator[str]:
    """The fixed words of an address."""
    for part in re.sub(r"<[^>]*>", "", rule.rule).split("/"):
        if part and part != "_":  # what is not for users stands under /_/
            yield part


def last_word(rule: Rule) -> str:
    return ["", *segments(rule)][-1]


def only_reads(rule: Rule) -> bool:
    return "POST" not in (rule.methods or set())


def test_every_endpoint_declares_who_may_call_it(app: Flask) -> None:
    guard.check_declarations(app)


def test_an_ended_session_is_told_before_a_missing_token(app: Flask) -> None:
    hooks = [hook.__qualname__ for hook in app.before_request_funcs[None]]
    tokens = next(place for place, name in enumerate(hooks) if name.startswith("CSRFProtect"))
    assert hooks.count(guard._enforce.__qualname__) == 1
    assert hooks.index(guard._enforce.__qualname__) < tokens


def test_only_a_short_list_of_views_is_for_everybody(app: Flask) -> None:
    public = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if (access := access_of(view)) is not None and access.kind is Kind.PUBLIC
    }
    assert public <= PUBLIC, "a public view is decided here, by name, and not in passing"


def test_every_permission_that_a_view_requires_exists(app: Flask) -> None:
    for view in app.view_functions.values():
        access = access_of(view)
        assert access is None or access.permissions <= frozenset(Permission)


def test_addresses_are_written_in_kebab_case(rules: list[Rule]) -> None:
    odd = {
        rule.rule
        for rule in rules
        for word in segments(rule)
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?", word)
    }
    assert odd == set(), "write words in small letters, joined by hyphens"


def test_what_an_address_carries_has_a_type(rules: list[Rule]) -> None:
    untyped = {rule.rule for rule in rules if re.search(r"<\w+>", rule.rule)}
    assert untyped == set(), "write <int:activity_id>, <uuid:…> or another converter"


def test_only_get_and_post_are_used(rules: list[Rule]) -> None:
    for rule in rules:
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule


def test_an_address_that_names_an_act_is_posted_to(rules: list[Rule]) -> None:
    posted = {rule.rule for rule in rules if not only_reads(rule)}
    opened = {rule.rule for rule in rules if last_word(rule) in ACTS}
    assert opened <= posted, "a GET never changes anything: make it a POST"


def test_a_view_that_is_only_opened_writes_nothing(app: Flask, rules: list[Rule]) -> None:
    posted = {rule.endpoint for rule in rules if not only_reads(rule)}
    writing = {
        rule.endpoint
        for rule in rules
        if rule.endpoint not in posted
        and WRITES & frozenset(app.view_functions[rule.endpoint].__code__.co_names)
    }
    assert writing == set(), "a GET never changes anything: make it a POST"


def test_an_unknown_visitor_gets_nothing_but_the_public_views(
    app: Flask, rules: list[Rule]
) -> None:
    client = app.test_client()
    for rule in rules:
        access = access_of(app.view_functions[rule.endpoint])
        if access is None or access.kind is Kind.PUBLIC:
            continue
        path = re.sub(r"<int[^>]*>", "1", rule.rule)
        path = re.sub(r"<uuid:[^>]*>", "00000000-0000-0000-0000-000000000000", path)
        path = re.sub(r"<[^>]*>", "x", path)
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        response = client.open(path, method=method)
        # 404: the converter takes none of the values tried, so the guard was never asked.
        assert response.status_code in {303, 401, 404}, f"{method} {path}"
        if response.status_code == 303:
            assert response.location.startswith("/sign-in"), f"{method} {path}"
