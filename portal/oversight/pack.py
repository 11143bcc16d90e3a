"""The inspector's pack: everything on an agency, a person or a year in one signed bundle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BufferedRandom, BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson
from sqlalchemy import text

from portal.audit.events import declare
from portal.audit.services import record
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.extensions import db, settings
from portal.oversight import pack_audit, pack_pdf, pack_sheet
from portal.oversight.pack_facts import Scope, Table, over_wanted, tables
from portal.oversight.pack_key import public_text, signing_key
from portal.oversight.pack_seal import VERDICTS, seal
from portal.web.i18n import gettext, locale

declare({"pack.made": "sha256 size ?tenant_id ?person_id ?year"})

STEPS: Final = 7
"""Tables, verdicts, audit extract, JSON, spreadsheet, summary, seal."""
_VERDICTS: Final = over_wanted(
    """SELECT v.id, v.activity_id, encode(v.hash, 'hex') AS sha256,
               CASE WHEN v.intact THEN v.facts::json ELSE to_json(v.facts) END AS facts,
               CASE WHEN v.intact THEN v.result::json ELSE to_json(v.result) END AS result
          FROM kept v ORDER BY v.id"""
)
_NAME: Final = "SELECT name_vi, name_en FROM tenant WHERE id = :id"


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle that was made: its fingerprint, its bytes, and how many files it tells of."""

    sha256: str
    size: int
    files: int


def make(
    scope: Scope, target: BufferedRandom | BytesIO, step_done: Callable[[], None] = lambda: None
) -> Made:
    """Write the pack of `scope` to `target` as the acting person may read it; it is audited.

    All facts and the audit extract are of one moment. `step_done` is called after each of `STEPS`.
    Raises NotFound for an agency or a person that does not exist, ConfigError when the seal key
    cannot be used.
    """
    key, moment = signing_key(settings()), clock.now().replace(microsecond=0)
    with TemporaryDirectory(prefix="portal-pack-") as name:
        folder = Path(name)
        _begin_snapshot()
        try:
            title = _title(scope)
            found = tables(scope)
            step_done()
            _write_verdicts(folder / VERDICTS, scope)
            step_done()
            pieces = pack_audit.extract(
                folder / "audit.jsonl", scope, moment, settings().secret_key
            )
            step_done()
        finally:
            db.session.rollback()
        _write_json(folder / "pack.json", scope, found, moment)
        step_done()
        pack_sheet.write(folder / "pack.xlsx", found, moment)
        step_done()
        pack_pdf.write(folder / "summary.pdf", title, public_text(key), found, moment)
        step_done()
        about = {"scope": scope.as_dict(), "language": locale(), "title": title}
        seal(folder, target, about, pieces, key, moment)
        step_done()
    size = target.tell()
    target.seek(0)
    made = Made(hashlib.file_digest(target, "sha256").hexdigest(), size, len(found[0].rows))
    with unit_of_work():
        record("pack.made", data={"sha256": made.sha256, "size": size, **scope.as_dict()})
    target.seek(0)
    return made


def filename(scope: Scope, moment: datetime) -> str:
    """pack-tenant-3-year-2026-20261123.zip."""
    parts = [f"{key.removesuffix('_id')}-{value}" for key, value in scope.as_dict().items()]
    return "-".join(["pack", *parts, f"{clock.local(moment):%Y%m%d}"]) + ".zip"


def _begin_snapshot() -> None:
    """One moment for every statement; large packs may take longer than a page."""
    db.session.rollback()
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    db.session.execute(text("SET LOCAL timezone = 'UTC'"))
    db.session.execute(text("SET LOCAL statement_timeout = '10min'"))
    db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _title(scope: Scope) -> str:
    parts = [gettext("Inspector's pack")]
    if scope.tenant_id is not None:
        row = db.session.execute(text(_NAME), {"id": scope.tenant_id}).one_or_none()
        if row is None:
            raise NotFound
        parts.append(row[1] if locale() == "en" else row[0])
    if scope.person_id is not None:
        asked = text("SELECT full_name FROM person WHERE id = :id")
        name = db.session.execute(asked, {"id": scope.person_id}).scalar_one_or_none()
        if name is None:
            raise NotFound
        parts.append(name)
    if scope.year is not None:
        parts.append(str(scope.year))
    return " · ".join(parts)


def _write_verdicts(path: Path, scope: Scope) -> None:
    """A line each: facts, rule versions, result and the hash over them, to be replayed."""
    with path.open("wb") as file:
        for row in db.session.execute(_VERDICTS, scope.parameters).mappings():
            file.write(orjson.dumps(dict(row), option=orjson.OPT_SORT_KEYS) + b"\n")


def _write_json(path: Path, scope: Scope, found: Sequence[Table], moment: datetime) -> None:
    whole = {
        "made_at": moment.isoformat(),
        "scope": scope.as_dict(),
        "tables": {
            table.name: [
                dict(zip((key for key, _ in table.columns), row, strict=True)) for row in table.rows
            ]
            for table in found
        },
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")
