"""The audit extract of a pack: of every chain concerned all links from the first that concerns it
to the last, without a gap, so that the hashes can be followed by anybody.

`portal audit verify --checkpoint audit.jsonl` shows that the living log still holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from portal.audit import export as exports
from portal.audit.links import Link
from portal.audit.source import segment
from portal.extensions import db
from portal.oversight.pack_facts import Scope, over_wanted
from portal.oversight.pack_seal import Segment

# An entry concerns a pack when it is about one of its files or their parts, or happened in the
# agency (and the year) that the pack is of, or was done by the person.
_SEGMENTS: Final = over_wanted(
    """
, concerned AS (
    SELECT e.chain_id, e.seq FROM audit_event e
      JOIN wanted w ON e.subject_type = 'activity' AND e.subject_id = w.id
    UNION ALL
    SELECT e.chain_id, e.seq FROM audit_event e
      JOIN wanted w ON e.subject_type = 'attachment'
       AND (e.data ->> 'activity_id')::bigint = w.id AND e.chain_id = w.tenant_id
    UNION ALL
    SELECT e.chain_id, e.seq FROM audit_event e
     WHERE (CAST(:tenant AS bigint) IS NULL OR e.chain_id = :tenant)
       AND (CAST(:person AS bigint) IS NULL OR e.user_id IN
            (SELECT u.id FROM user_account u WHERE u.person_id = :person))
       AND (CAST(:year AS int) IS NULL OR (e.at >= :since AND e.at < :until))
), span AS (
    SELECT chain_id, min(seq) AS first, max(seq) AS last FROM concerned GROUP BY chain_id
)
SELECT s.chain_id, s.first, encode(f.prev_hash, 'hex'), s.last, encode(l.hash, 'hex')
  FROM span s
  JOIN audit_event f ON f.chain_id = s.chain_id AND f.seq = s.first
  JOIN audit_event l ON l.chain_id = s.chain_id AND l.seq = s.last
 ORDER BY s.chain_id"""
)


def extract(path: Path, scope: Scope, moment: datetime, secret: str) -> list[Segment]:
    """Write the links to `path`, a signed checkpoint of where each piece ends behind them."""
    rows = db.session.execute(_SEGMENTS, scope.parameters).all()
    pieces = [
        Segment(chain, first - 1, before, last, digest)
        for chain, first, before, last, digest in rows
    ]
    heads = {piece.chain: (piece.last_seq, piece.last_hash.encode()) for piece in pieces}
    with path.open("wb") as file:
        exports.write(_links(pieces), heads, moment, secret, file)
    return pieces


def _links(pieces: list[Segment]) -> Iterator[Link]:
    raw = db.session.connection().connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("the portal works with psycopg")
    for piece in pieces:
        yield from segment(raw, piece.chain, piece.before_seq + 1, piece.last_seq)
