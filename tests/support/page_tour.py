"""Every page of the portal with an example to look at: for axe, for phones, for both languages.

Whoever adds a page adds a line to PAGES: the endpoint, and who opens which address of it. A word in
braces is an id that EXAMPLES finds in the demo province. What is no page of its own goes to NO_PAGE
with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import psycopg
from flask import Flask

PAGES: Final[dict[str, tuple[str, ...]]] = {
    "accounts.new_user": ("quantri /admin/users/new",),
    "accounts.user": ("quantri /admin/users/{account}",),
    "accounts.users": ("quantri /admin/users",),
    "activities.ask_amendment": ("sngv.cb /activities/{amended}/amendment/appraise-amendment",),
    "activities.ask_report": ("syt.cb /activities/{home}/report",),
    "activities.ask_step": (
        "ubnd.ct /activities/{appraised}/steps/approve",
        "sngv.cb /activities/{appraising}/steps/appraise",
    ),
    "activities.ask_waiver": ("ubnd.vp /activities/{stopped}/waivers/outbound.supplement-quota",),
    "activities.view": (
        "hoian.cb /activities/{draft}",
        "sngv.ld /activities/{amended}",
        "ubnd.ct /activities/{appraised}",
        "thanhtra /activities/{closed}",
    ),
    "api_tokens.guide": ("hoian.ld /api-tokens/guide",),
    "api_tokens.index": ("hoian.ld /api-tokens", "syt.ld /api-tokens"),
    "api_tokens.issue": ("hoian.ld /api-tokens/new",),
    "audit.log": ("thanhtra /audit",),
    "bell.listed": ("sngv.cb /notices",),
    "desks.activities": ("hoian.cb /activities", "thanhtra /activities?state=approved"),
    "desks.calendar_page": ("hoian.cb /calendar",),
    "desks.search": ("hoian.cb /search", "hoian.cb /search?q=nhat+ban"),
    "desks.waiting": (
        "hoian.cb /",
        "hoian.ld /",
        "sngv.cb /",
        "ca.cb /",
        "ubnd.ct /",
        "thanhtra /",
        "quantri /",
    ),
    "identity.change_password": ("hoian.cb /my/password",),
    "identity.my_sessions": ("hoian.cb /my/sessions",),
    "identity.sign_in": ("- /sign-in",),
    "outbound.amend": ("sct.cb /outbound/{amending}/amend",),
    "outbound.edit": ("hoian.cb /outbound/{draft}/edit",),
    "outbound.new": ("hoian.cb /outbound/new",),
    "oversight.exceptions_page": (
        "sngv.cb /oversight/exceptions",
        "thanhtra /oversight/exceptions?year=2026",
    ),
    "oversight.trips": ("thanhtra /oversight/exceptions/trips",),
    "people.directory": ("hoian.cb /people",),
    "packs.ask": ("thanhtra /oversight/pack",),
    "people.edit_person": ("quantri /people/{person}/edit",),
    "people.new_person": ("hoian.cb /people/new", "quantri /people/new"),
    "people.person": ("hoian.cb /people/{person}",),
    "plans.overview": ("hoian.cb /plans",),
    "plans.view": ("hoian.cb /plans/{plan}",),
    "register.changes": ("hoian.cb /regulations/changes",),
    "register.index": ("hoian.cb /regulations",),
    "register.rule": ("hoian.cb /regulations/outbound.leader-trips",),
    "signals.index": ("sngv.cb /oversight/signals", "thanhtra /oversight/signals?settled=yes"),
    "signals.signal": (
        "sngv.cb /oversight/signals/{signal}",
        "thanhtra /oversight/signals/{settled}",
    ),
    "split.appraisal": ("sngv.cb /desks/appraisal",),
    "split.decisions": ("ubnd.ct /desks/decisions",),
    "split.inspection": ("thanhtra /desks/inspection",),
    "split.opinions": ("ca.cb /desks/opinions",),
    "stand_ins.appoint": ("hoian.ld /stand-ins/new",),
    "stand_ins.stand_ins": ("hoian.ld /stand-ins",),
    "tenancy.agencies": ("hoian.cb /agencies",),
    "tenancy.agency": ("hoian.cb /agencies/{agency}",),
    "together.choose": ("ubnd.ct /desks/decisions/together",),
    "verdicts.given": ("thanhtra /activities/{closed}/verdicts",),
    "verdicts.verdict": ("thanhtra /activities/{judged}/verdicts/{verdict}",),
    "versions.draft": ("sngv.cb /regulations/outbound.leader-trips/draft",),
    "versions.edit": ("sngv.cb /regulations/versions/{version}/edit",),
    "versions.index": ("sngv.cb /regulations/versions",),
    "versions.version": ("sngv.cb /regulations/versions/{version}",),
    "what_if.page": (
        "sngv.cb /plans/what-if",
        "hoian.ld /plans/what-if",
        "sngv.cb /plans/what-if?number=outbound.leader-trips:limit&value=1",
    ),
}

#: What a GET answers with something else than a page to read.
NO_PAGE: Final[dict[str, str]] = {
    "api.openapi": "a document for programs",
    "desks.choices": "suggestions of a filter field",
    "documents.download": "a file",
    "documents.listed": "the list of files inside the form and the file",
    "frame.style_guide": "invented text; tests/browser/test_look.py looks at it",
    "health.healthz": "for the load balancer",
    "health.readyz": "for the load balancer",
    "packs.bundle": "a ZIP file",
    "packs.runs": "a part of packs.ask",
    "outbound.people": "the people found, inside the form",
    "print.code": "the code on a printed file",
    "static": "style, scripts, icons",
    "versions.export": "a YAML file",
    "versions.impact_so_far": "a part of versions.version",
    "what_if.sheet": "a spreadsheet",
}

_IN_STATE = "SELECT min(id) FROM activity WHERE state = '{}'"
_OF_HOI_AN = "(SELECT tenant_id FROM membership JOIN user_account u ON u.id = user_id"
_OF_HOI_AN += " WHERE username = 'hoian.cb')"

EXAMPLES: Final[dict[str, str]] = {
    "account": "SELECT id FROM user_account WHERE username = 'hoian.cb'",
    "agency": f"SELECT max(tenant_id) FROM person WHERE tenant_id IN {_OF_HOI_AN}",
    "amended": "SELECT min(activity_id) FROM amendment WHERE state = 'submitted'",
    "amending": "SELECT max(activity_id) FROM amendment WHERE state = 'draft'",
    "appraised": f"{_IN_STATE.format('appraised')} AND authority = 'chair' AND blocks = 0",
    "appraising": _IN_STATE.format("in-appraisal"),
    "closed": _IN_STATE.format("closed"),
    "draft": f"{_IN_STATE.format('draft')} AND tenant_id IN {_OF_HOI_AN}",
    "home": "SELECT max(id) FROM activity WHERE state = 'completed'",
    "judged": "SELECT max(activity_id) FROM verdict",
    "person": f"SELECT min(id) FROM person WHERE tenant_id IN {_OF_HOI_AN}",
    "plan": f"SELECT max(id) FROM plan WHERE tenant_id IN {_OF_HOI_AN}",
    "settled": "SELECT min(id) FROM signal WHERE settled_at IS NOT NULL",
    "signal": "SELECT min(id) FROM signal WHERE kind = 'split-trip' AND settled_at IS NULL",
    "stopped": "SELECT min(id) FROM activity WHERE state = 'appraised' AND blocks > 0",
    "verdict": "SELECT id FROM verdict ORDER BY activity_id DESC, id DESC LIMIT 1",
    "version": "SELECT max(id) FROM rule_version",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One page to look at; the first of its endpoint by axe at every size and in English too."""

    endpoint: str
    path: str
    first: bool


def pages_of(app: Flask) -> set[str]:
    """Every endpoint that answers a GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def visits(connection: psycopg.Connection) -> dict[str, list[Visit]]:
    """Who opens what; the account "-" is nobody's."""
    ids = {}
    for name, statement in EXAMPLES.items():
        row = connection.execute(statement.encode()).fetchone()
        assert row is not None, name
        assert row[0] is not None, f"the demo province has no example for {{{name}}}"
        ids[name] = row[0]
    found: dict[str, list[Visit]] = defaultdict(list)
    for endpoint, lines in PAGES.items():
        for line in lines:
            who, path = line.split(" ")
            found[who].append(Visit(endpoint, path.format_map(ids), line == lines[0]))
    return found
