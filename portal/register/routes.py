"""The register of rules, for everybody who is signed in."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, flash, request, url_for

from portal.access.guard import requires, signed_in
from portal.access.permissions import Permission
from portal.compliance import labels, rule_checks
from portal.compliance.enacted import law_in_force
from portal.compliance.messages.words import GRANTORS
from portal.compliance.regulations import Version, default_regulations
from portal.compliance.rules import RULES
from portal.core import clock
from portal.core.context import Scope, current_actor
from portal.core.errors import NotFound
from portal.register import queries, words
from portal.register.borders import borders_of
from portal.register.forms import CheckForm, RuleFilter
from portal.web.forms import parse_date
from portal.web.htmx import leave_to, render_page
from portal.web.i18n import gettext, locale
from portal.web.navigation import link

bp = Blueprint("register", __name__, template_folder="templates", url_prefix="/regulations")
link(bp, "regulations", "register.index")

WORDS: Final[dict[str, Any]] = {
    "families": words.FAMILIES,
    "severities": words.SEVERITIES,
    "levels": words.LEVELS,
    "marks": words.MARKS,
    "checkers": words.CHECKERS,
    "issued_on": words.issued_on,
    "jurisdictions": labels.JURISDICTIONS,
    "parameters": labels.PARAMETERS,
}


@bp.get("")
@signed_in
def index() -> Response:
    """Every rule that holds in this province."""
    form = RuleFilter(request.args)
    fits = form.validate()
    asked = (form.q.data or "", form.family.data or "") if fits else ("", "")
    lines = queries.lines(*asked)
    return render_page(
        "register/index.html",
        form=form,
        lines=lines,
        filtered=any(asked),
        due=sum(line.is_due for line in lines),
        fired=queries.fired_this_year() if sees_figures() else None,
        tongue=locale(),
        **WORDS,
    )


@bp.get("/changes")
@signed_in
def changes() -> Response:
    """What is different from one day on."""
    asked, problem, day = request.args.get("day", "").strip(), None, clock.today()
    if asked:
        try:
            day = parse_date(asked)
        except ValueError as wrong:
            problem = str(wrong)
    days = queries.change_days()
    return render_page(
        "register/changes.html",
        status=422 if problem else 200,
        asked=asked or f"{day:%d/%m/%Y}",
        day=day,
        problem=problem,
        changes=[] if problem else queries.changes_on(day),
        days=sorted(days, reverse=True),
        following=next((later for later in days if later > day), None),
        tongue=locale(),
        **WORDS,
    )


@bp.get("/<string:rule>")
@signed_in
def rule(rule: str) -> Response:
    """One rule: words, versions, sources, borders, checks."""
    return _rule_page(rule, CheckForm())


@bp.post("/<string:rule>/check")
@requires(Permission.REGULATION_CHECK)
def check(rule: str) -> Response:
    """Somebody compared the rule with its sources today."""
    form = CheckForm()
    if not form.validate():
        return _rule_page(rule, form, status=422)
    rule_checks.record_check(rule, form.remark.data)
    flash(gettext("The check is recorded; the next one is due in a year."), "success")
    return leave_to(url_for("register.rule", rule=rule))


def _rule_page(rule: str, form: CheckForm, *, status: int = 200) -> Response:
    found = queries.versions(rule) if rule in RULES else []
    if not found:
        raise NotFound
    today, actor = clock.today(), current_actor()
    fired = queries.fired_this_year() if sees_figures() else None
    held = law_in_force().version_in_force(rule, queries.province(), today)
    now = held if isinstance(held, Version) else None
    checked = queries.checked_by(now or found[0], queries.last_checks())
    return render_page(
        "register/rule.html",
        status=status,
        rule=rule,
        title=_said(found[0].title),
        description=(now or found[0]).described(locale()),
        versions=found,
        now=now,
        today=today,
        checked=checked,
        is_due=checked.is_due(today),
        borders=borders_of(rule),
        has_own=any(default_regulations().version(rule, each.id) is None for each in found),
        fired=None if fired is None else fired.get(rule, 0),
        form=form,
        may_draft=bool(RULES[rule].params)
        and actor is not None
        and actor.may(Permission.REGULATION_DRAFT),
        may_check=actor is not None and actor.may(Permission.REGULATION_CHECK),
        grantors={by: said[1 if locale() == "en" else 0] for by, said in GRANTORS.items()},
        tongue=locale(),
        **WORDS,
    )


def _said(text: object) -> str:
    return str(getattr(text, locale(), ""))


def sees_figures() -> bool:
    """How often a rule fired is for the focal point's eyes."""
    actor = current_actor()
    return actor is not None and actor.scope is Scope.FOCAL
