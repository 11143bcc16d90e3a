"""The tables of an inspector's pack: name, title, columns, and the statement over `wanted`."""

from __future__ import annotations

from typing import Final

from portal.web.i18n import LazyText, lazy

Columns = tuple[tuple[str, LazyText], ...]

_FILE: Final = ("activity_id", lazy("Number of the file"))

TABLES: Final[tuple[tuple[str, LazyText, Columns, str], ...]] = (
    (
        "files",
        lazy("Files"),
        (
            _FILE,
            ("tenant", lazy("Agency")),
            ("kind", lazy("Kind")),
            ("state", lazy("State")),
            ("title", lazy("Title")),
            ("starts_on", lazy("Departure")),
            ("ends_on", lazy("Return")),
            ("countries", lazy("Countries")),
            ("departed_on", lazy("Really departed on")),
            ("returned_on", lazy("Really returned on")),
            ("countries_visited", lazy("Countries really visited")),
            ("purpose", lazy("Purpose")),
            ("host", lazy("Host partner")),
            ("invited_by", lazy("Invited by")),
            ("funding", lazy("Funding")),
            ("cost_vnd", lazy("Estimated cost")),
            ("plan_item", lazy("Plan item")),
            ("plan_origin", lazy("Origin")),
            ("urgent_reason", lazy("Why it is urgent")),
            ("after_the_fact", lazy("After the fact")),
            ("after_the_fact_reason", lazy("Reason")),
            ("referral_reason", lazy("Referred with a block")),
            ("authority", lazy("Who decides")),
            ("submitted_on", lazy("Submitted on")),
            ("reported_on", lazy("Reported on")),
            ("over_limit_reason", lazy("Above a yearly limit because")),
            ("results", lazy("Results")),
            ("register_no", lazy("Received on paper")),
        ),
        """
        SELECT w.id, t.name_vi, w.kind, w.state, CASE WHEN w.told THEN w.title END, w.starts_on,
               w.ends_on, CASE WHEN w.told THEN array_to_string(w.countries, ', ') END,
               r.departed_on, r.returned_on,
               CASE WHEN w.told THEN array_to_string(r.countries, ', ') END,
               CASE WHEN w.told THEN o.purpose END, CASE WHEN w.told THEN o.host_partner END,
               CASE WHEN w.told THEN o.invitation_from END, o.funding, o.cost_vnd,
               i.code, i.origin, CASE WHEN w.told THEN w.urgent_reason END, w.after_the_fact,
               CASE WHEN w.told THEN w.after_the_fact_reason END,
               CASE WHEN w.told THEN w.referral_reason END, w.authority, w.submitted_on,
               w.reported_on, CASE WHEN w.told THEN r.over_limit_reason END,
               CASE WHEN w.told THEN r.results END, w.paper_register_no
          FROM wanted w JOIN tenant t ON t.id = w.tenant_id
          LEFT JOIN outbound o ON o.activity_id = w.id
          LEFT JOIN trip_report r ON r.activity_id = w.id
          LEFT JOIN plan_item i ON i.id = w.plan_item_id
         ORDER BY w.id""",
    ),
    (
        "members",
        lazy("Members of the delegation"),
        (
            _FILE,
            ("person_id", lazy("Person no.")),
            ("name", lazy("Full name")),
            ("position", lazy("Position")),
            ("agency", lazy("Agency")),
            ("key_leader", lazy("Key leader")),
            ("role", lazy("Role")),
            ("went", lazy("Who really went")),
        ),
        """
        SELECT w.id, p.id, p.full_name, p.position, t.name_vi, p.key_leader, m.role, m.went
          FROM wanted w JOIN delegation_member m ON m.activity_id = w.id
          JOIN person p ON p.id = m.person_id JOIN tenant t ON t.id = p.tenant_id
         WHERE w.told ORDER BY w.id, m.position, m.id""",
    ),
    (
        "steps",
        lazy("Files and steps"),
        (
            _FILE,
            ("at", lazy("When")),
            ("action", lazy("Step")),
            ("from", lazy("From before")),
            ("to", lazy("To now")),
            ("who", lazy("Who")),
            ("acting_for", lazy("Acting for")),
            ("document_no", lazy("Number of the document")),
            ("document_date", lazy("Date of the document")),
            ("note", lazy("Remarks")),
        ),
        """
        SELECT w.id, s.at, s.action, s.from_state, s.to_state, s.actor_name, s.acting_for,
               s.document_no, s.document_date, CASE WHEN w.told THEN s.note END
          FROM wanted w JOIN step s ON s.activity_id = w.id ORDER BY w.id, s.id""",
    ),
    (
        "opinions",
        lazy("Opinions"),
        (
            _FILE,
            ("body", lazy("Body that was asked")),
            ("asked_on", lazy("Asked")),
            ("answer", lazy("Answer")),
            ("answered_on", lazy("Answered on")),
            ("document_no", lazy("Number of the document")),
            ("text", lazy("Text")),
        ),
        """
        SELECT w.id, p.body, p.asked_on, p.answer, p.answered_on, p.document_no,
               CASE WHEN w.told THEN p.text END
          FROM wanted w JOIN opinion p ON p.activity_id = w.id ORDER BY w.id, p.id""",
    ),
    (
        "decisions",
        lazy("Decision"),
        (
            _FILE,
            ("act", lazy("Kind")),
            ("outcome", lazy("Decision")),
            ("authority", lazy("Who decides")),
            ("document_no", lazy("Number of the document")),
            ("document_date", lazy("Date of the document")),
            ("sealed", lazy("Document outside the system")),
            ("reason", lazy("Reason")),
        ),
        """
        SELECT w.id, d.act, d.outcome, d.authority, d.document_no, d.document_date, d.sealed,
               CASE WHEN w.told AND NOT d.sealed THEN d.reason END
          FROM wanted w JOIN decision d ON d.activity_id = w.id ORDER BY w.id, d.id""",
    ),
    (
        "verdicts",
        lazy("Verdicts on the file"),
        (
            _FILE,
            ("verdict_id", lazy("Number")),
            ("stage", lazy("Step")),
            ("as_of", lazy("As of")),
            ("verdict", lazy("Verdict")),
            ("sha256", lazy("Fingerprint")),
            ("intact", lazy("Matches its fingerprint")),
        ),
        """
        SELECT v.activity_id, v.id, v.stage, v.as_of, v.verdict, encode(v.hash, 'hex'), v.intact
          FROM kept v ORDER BY v.activity_id, v.id""",
    ),
    (
        "findings",
        lazy("Findings"),
        (
            _FILE,
            ("verdict_id", lazy("Verdict")),
            ("rule", lazy("Rule")),
            ("version", lazy("Version")),
            ("severity", lazy("Effect")),
            ("waived", lazy("Waived")),
            ("facts", lazy("Details")),
            ("said", lazy("In words")),
        ),
        """
        SELECT v.activity_id, v.id, f.one ->> 'rule', f.one ->> 'version', f.one ->> 'severity',
               coalesce((f.one ->> 'waived')::bool, false), (f.one -> 'facts')::text
          FROM kept v
         CROSS JOIN LATERAL json_array_elements(
               CASE WHEN v.intact THEN v.result::json #> '{judgement,findings}' END
         ) WITH ORDINALITY AS f(one, place)
         ORDER BY v.activity_id, v.id, f.place""",
    ),
    (
        "rules",
        lazy("Rules"),
        (
            ("rule", lazy("Rule")),
            ("version", lazy("Version")),
            ("digest", lazy("Fingerprint")),
            ("verdicts", lazy("Verdicts that used it")),
            ("title", lazy("Title of the rule")),
            ("severity", lazy("Effect")),
            ("params", lazy("Numbers of the rule")),
            ("waivable_by", lazy("Waiver")),
            ("legal_basis", lazy("Legal basis")),
        ),
        """
        SELECT u.rule, u.used ->> 0, u.used ->> 1, count(*)
          FROM kept v
         CROSS JOIN LATERAL json_each(
               CASE WHEN v.intact THEN v.result::json -> 'rules' END
         ) AS u(rule, used)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    ),
    (
        "own_versions",
        lazy("The province's own versions"),
        (
            ("version_id", lazy("Version no.")),
            ("rule", lazy("Rule")),
            ("jurisdiction", lazy("Applies in")),
            ("valid_from", lazy("In force from")),
            ("state", lazy("State")),
            ("loosens", lazy("Loosens the rule")),
            ("definition", lazy("Numbers of the rule")),
            ("document", lazy("Document")),
            ("settled_at", lazy("When")),
            ("who", lazy("Who")),
            ("remark", lazy("Remarks")),
        ),
        """
        SELECT v.id, v.rule, v.jurisdiction, v.valid_from, v.state, v.loosens,
               v.definition::text, v.document::text, v.settled_at, u.name, v.remark
          FROM rule_version v LEFT JOIN user_account u ON u.id = v.settled_by
         WHERE CAST(:year AS int) IS NULL OR extract(year FROM v.valid_from) = :year
            OR (v.settled_at >= :since AND v.settled_at < :until)
         ORDER BY v.id""",
    ),
    (
        "waivers",
        lazy("Waivers"),
        (
            _FILE,
            ("rule", lazy("Rule")),
            ("by", lazy("By")),
            ("document_no", lazy("Number of the document")),
            ("document_date", lazy("Date of the document")),
            ("expires_on", lazy("Valid until")),
            ("reason", lazy("Reason")),
            ("recorded_at", lazy("When")),
            ("who", lazy("Who")),
        ),
        """
        SELECT w.id, v.rule, v.by, v.document_no, v.document_date, v.expires_on,
               CASE WHEN w.told THEN v.reason END, v.created_at, u.name
          FROM wanted w JOIN waiver v ON v.activity_id = w.id
          LEFT JOIN user_account u ON u.id = v.recorded_by
         ORDER BY w.id, v.id""",
    ),
    (
        "signals",
        lazy("Signals of evasion"),
        (
            ("signal_id", lazy("Number")),
            ("kind", lazy("Kind")),
            ("facts", lazy("Details")),
            ("found_at", lazy("When")),
            ("settled_at", lazy("Settled")),
            ("who", lazy("Who")),
            ("reason", lazy("Reason")),
            ("files", lazy("Files")),
            ("said", lazy("In words")),
        ),
        """
        SELECT s.id, s.kind, s.facts::text, s.created_at, s.settled_at, u.name, s.reason,
               (SELECT string_agg(f.id, ', ' ORDER BY f.id::bigint)
                  FROM jsonb_array_elements_text(s.facts -> 'files') AS f(id)), s.tenant_ids
          FROM signal s LEFT JOIN user_account u ON u.id = s.settled_by
         WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(s.facts -> 'files') AS f(id)
                         JOIN wanted w ON w.id = f.id::bigint)
            OR (CAST(:person AS bigint) IS NULL
                AND (CAST(:tenant AS bigint) IS NULL
                     OR s.tenant_ids @> jsonb_build_array(CAST(:tenant AS bigint)))
                AND (CAST(:year AS int) IS NULL
                     OR s.facts -> 'years' @> jsonb_build_array(CAST(:year AS int))))
         ORDER BY s.id""",
    ),
    (
        "refusals",
        lazy("Refusals"),
        (
            ("what", lazy("Kind")),
            _FILE,
            ("at", lazy("When")),
            ("action", lazy("Wanted")),
            ("who", lazy("Who")),
            ("reason", lazy("Reason")),
        ),
        """
        SELECT 'step', w.id, s.at, s.action, s.actor_name, CASE WHEN w.told THEN s.note END
          FROM wanted w JOIN step s ON s.activity_id = w.id
         WHERE s.to_state IN ('rejected', 'returned') OR s.action LIKE 'send-back%'
            OR s.action IN ('refuse-amendment', 'record-amendment-refusal')
        UNION ALL
        SELECT 'access', CASE WHEN e.subject_type = 'activity' THEN e.subject_id END, e.at,
               e.data ->> 'wanted', u.name, e.data ->> 'reason'
          FROM audit_event e LEFT JOIN user_account u ON u.id = e.user_id
         WHERE e.action = 'access.refused'
           AND (CAST(:tenant AS bigint) IS NULL OR e.chain_id = :tenant)
           AND (CAST(:person AS bigint) IS NULL OR u.person_id = :person)
           AND (CAST(:year AS int) IS NULL OR (e.at >= :since AND e.at < :until))
         ORDER BY 1, 3, 2, 4""",
    ),
    (
        "quota",
        lazy("Trips counted"),
        (
            _FILE,
            ("rule", lazy("Rule")),
            ("subject", lazy("Person or agency no.")),
            ("year", lazy("Year")),
            ("slot", lazy("Place in the quota")),
            ("limit", lazy("Limit")),
            ("over_reason", lazy("Above a yearly limit because")),
        ),
        """
        SELECT w.id, q.rule, q.subject_id, q.period, q.slot, q."limit",
               CASE WHEN w.told THEN q.over_reason END
          FROM wanted w JOIN quota_use q ON q.activity_id = w.id ORDER BY w.id, q.id""",
    ),
    (
        "amendments",
        lazy("Amendments"),
        (
            _FILE,
            ("number", lazy("Number")),
            ("state", lazy("State")),
            ("size", lazy("Extent")),
            ("reason", lazy("Reason")),
            ("settled_at", lazy("When")),
        ),
        """
        SELECT w.id, m.number, m.state, m.size, CASE WHEN w.told THEN m.reason END, m.settled_at
          FROM wanted w JOIN amendment m ON m.activity_id = w.id ORDER BY w.id, m.id""",
    ),
    (
        "documents",
        lazy("Documents"),
        (
            _FILE,
            ("kind", lazy("Kind")),
            ("name", lazy("Name of the document")),
            ("size", lazy("Size")),
            ("sha256", lazy("Fingerprint")),
            ("added_at", lazy("Added")),
            ("removed_at", lazy("Removed")),
        ),
        """
        SELECT w.id, d.kind, d.filename, d.size, d.sha256, d.created_at, d.removed_at
          FROM wanted w JOIN attachment d ON d.activity_id = w.id
         WHERE w.told ORDER BY w.id, d.id""",
    ),
)
