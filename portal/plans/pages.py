"""What the plan pages ask. Row-level security decides which plans and files there are."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text

from portal.core.errors import NotFound
from portal.extensions import db
from portal.plans.types import ItemRow, ItemUse, PlanRow
from portal.web.i18n import locale

SHOWN: Final = 100
"""Plans on a page."""
GIVEN_UP: Final = ("withdrawn", "cancelled", "rejected")

_PLANS: Final = """
    SELECT p.id, p.tenant_id, CASE WHEN :english THEN t.name_en ELSE t.name_vi END,
           p.year, p.status, p.decision_no, p.decision_date,
           (SELECT count(*) FROM plan_item i WHERE i.plan_id = p.id),
           (SELECT count(DISTINCT i.id) FROM plan_item i
              JOIN activity a ON a.plan_item_id = i.id
             WHERE i.plan_id = p.id AND a.state <> ALL (:given_up))
      FROM plan p JOIN tenant t ON t.id = p.tenant_id
     WHERE {which}
     ORDER BY p.year DESC, t.search_key, p.id DESC
     LIMIT :most
"""
_OF_TENANT: Final = text(_PLANS.format(which="p.tenant_id = :tenant"))
_OF_YEAR: Final = text(
    _PLANS.format(
        which="p.year = :year AND (CAST(:after AS bigint) IS NULL OR (t.search_key, p.id) >"
        " (SELECT t2.search_key, p2.id FROM plan p2 JOIN tenant t2 ON t2.id = p2.tenant_id"
        " WHERE p2.id = :after))"
    )
)
_ONE: Final = text(_PLANS.format(which="p.id = :plan"))
_ITEMS: Final = text("""
    SELECT i.id, i.code, i.kind, i.origin, i.title, i.countries, i.month, i.size,
           q.full_name AS leader,
           (SELECT jsonb_agg(jsonb_build_array(a.id, a.title, a.state) ORDER BY a.id)
              FROM activity a WHERE a.plan_item_id = i.id) AS uses
      FROM plan_item i LEFT JOIN person q ON q.id = i.leader_id
     WHERE i.plan_id = :plan
     ORDER BY i.month NULLS LAST, length(i.code), i.code
""")


def plans_of(tenant_id: int) -> list[PlanRow]:
    """The plans of one agency, latest year first."""
    return _rows(_OF_TENANT, tenant=tenant_id)


def plans_in(year: int, after: int | None = None) -> list[PlanRow]:
    """The plans of all agencies for one year, by name, after a plan; one too many tells of more."""
    return _rows(_OF_YEAR, year=year, after=after)


def get_plan(plan_id: int) -> PlanRow:
    """One plan. Raises NotFound."""
    found = _rows(_ONE, plan=plan_id)
    if not found:
        raise NotFound
    return found[0]


def items_of(plan_id: int) -> list[ItemRow]:
    """The items of a plan by month, each with the files that stand on it."""
    rows = db.session.execute(_ITEMS, {"plan": plan_id}).mappings()
    return [
        ItemRow(**(dict(row) | {"uses": tuple(ItemUse(*use) for use in row["uses"] or ())}))
        for row in rows
    ]


def _rows(statement: Any, **values: Any) -> list[PlanRow]:
    given = {
        "english": locale() == "en",
        "given_up": list(GIVEN_UP),
        "most": SHOWN + 1,
        **values,
    }
    return [PlanRow(*row) for row in db.session.execute(statement, given)]
