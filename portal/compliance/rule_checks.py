"""Who compared a rule with its sources, and when."""

from __future__ import annotations

from portal.access.guard import require
from portal.access.permissions import Permission
from portal.audit.events import declare
from portal.audit.services import record
from portal.compliance.models import RuleCheck
from portal.compliance.rules import RULES
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db

declare({"regulation.checked": "rule"})


def record_check(rule: str, remark: str) -> None:
    """Write down that the acting person compared `rule` with its sources today."""
    actor = require(Permission.REGULATION_CHECK)
    if rule not in RULES:
        raise NotFound
    with unit_of_work():
        db.session.add(RuleCheck(rule=rule, user_id=actor.user_id, remark=remark))
        record("regulation.checked", data={"rule": rule})
