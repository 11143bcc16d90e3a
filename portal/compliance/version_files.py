"""The province's own versions as YAML: written for other portals and the archive, read again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import yaml

from portal.compliance.models import RuleVersion
from portal.compliance.reader import Fields
from portal.compliance.strict_yaml import MalformedError, read_documents

KEYS: Final = ("rule", "jurisdiction", "definition", "document")


def write(rows: Iterable[RuleVersion]) -> bytes:
    """One YAML document a version, in the words of the rule files."""
    documents = [{key: getattr(row, key) for key in KEYS} for row in rows]
    text: str = yaml.safe_dump_all(
        documents, allow_unicode=True, sort_keys=False, explicit_start=True, width=100
    )
    return text.encode("utf-8")


def read(data: bytes) -> list[dict[str, Any]]:
    """What `write` wrote. Raises MalformedError at the first thing wrong."""
    found: list[dict[str, Any]] = []
    for number, document in enumerate(read_documents(data), start=1):
        try:
            fields = Fields(document, (), KEYS, "a mapping with " + ", ".join(KEYS))
            entry = {"rule": fields.id("rule"), "jurisdiction": fields.id("jurisdiction")}
            found.append(entry | {key: fields.raw(key) for key in ("definition", "document")})
        except MalformedError as error:
            raise MalformedError(error.key, error.expected, number, error.line) from None
    return found
