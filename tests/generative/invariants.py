"""What holds of the stored rows whatever was sent: nothing half-written, every chain whole."""

from __future__ import annotations

from portal.audit import source
from portal.audit.verify import check
from tests.generative.world import World

PROMISES = {
    "a delegation without its own row": """
        SELECT a.id FROM activity a WHERE a.kind = 'outbound'
           AND NOT EXISTS (SELECT 1 FROM outbound o WHERE o.activity_id = a.id)""",
    "a state that its last step did not give it": """
        SELECT a.id FROM activity a
          JOIN LATERAL (SELECT s.to_state FROM step s WHERE s.activity_id = a.id
                         ORDER BY s.id DESC LIMIT 1) last ON true
         WHERE last.to_state <> a.state""",
    "a file that has ended and still waits for somebody": """
        SELECT DISTINCT a.id FROM activity a JOIN task t ON t.activity_id = a.id
         WHERE t.closed_at IS NULL AND a.state IN ('rejected', 'withdrawn', 'cancelled', 'closed')""",
    "a slot above the limit without its reason": """
        SELECT q.activity_id FROM quota_use q
         WHERE q.slot > q.limit AND q.waiver_id IS NULL AND q.over_reason IS NULL""",
    "a slot of a file that is not decided": """
        SELECT q.activity_id FROM quota_use q JOIN activity a ON a.id = q.activity_id
         WHERE a.state NOT IN ('approved', 'under-way', 'completed', 'reported', 'closed')""",
    "a row of one tenant on the file of another": """
        SELECT m.activity_id FROM delegation_member m JOIN activity a ON a.id = m.activity_id
         WHERE m.tenant_id <> a.tenant_id""",
    "a submitted file without its day": """
        SELECT id FROM activity
         WHERE submitted_on IS NULL AND state IN ('submitted', 'in-appraisal', 'appraised',
               'approved', 'under-way', 'completed', 'reported', 'closed')""",
}


def broken(world: World) -> list[str]:
    """Every promise that does not hold, with the files that break it."""
    found = []
    for promise, statement in PROMISES.items():
        files = [row[0] for row in world.rows(statement)]
        if files:
            found.append(f"{promise}: files {files[:20]}")
    with source.snapshot(world.connection) as connection:
        report = check(source.links(connection), source.heads(connection))
    return found + [str(fault) for fault in report.faults]
