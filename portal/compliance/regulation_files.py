"""Reads policies/regulations/ and refuses whatever a lawyer could not rely on.

    documents.yaml            every text cited: number, date, title, level, address
    working-days.yaml         days closed or worked beside the official calendar
    vn/ quang-nam/ da-nang/   one file a rule: titles, then its versions by date
    cases/                    the law's borders as test cases (read by `portal compliance test`)

Adding a rule is one file here, one small function in compliance/rules, one sentence in
compliance/messages, and its cases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Final, get_args

from portal.compliance.facts import KINDS, Authority, Kind, Province
from portal.compliance.reader import Fields, Path, as_choice, as_date
from portal.compliance.regulations import (
    Bilingual,
    Grantor,
    Jurisdiction,
    LegalBasis,
    Level,
    Mark,
    Regulations,
    Severity,
    Version,
    default_regulations,
)
from portal.compliance.rules import RULES, RuleSpec
from portal.compliance.strict_yaml import (
    MalformedError,
    dotted,
    line_of,
    one_line,
    read_documents,
)
from portal.core.working_days import WorkingCalendar

JURISDICTIONS: Final[tuple[Jurisdiction, ...]] = get_args(Jurisdiction)
_GRANTORS: Final[tuple[Grantor, ...]] = ("deciding-authority", *get_args(Authority))
_YEAR_OR_DAY: Final = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?")
_VERSION_KEYS: Final = (
    *("valid_from", "valid_to", "severity", "waivable_by", "params", "level", "mark"),
    *("legal_basis", "checked_on", "checked_by", "note"),
)

_BASIS_KEYS: Final = ("document", "clause", "kinds")

Documents = Mapping[str, LegalBasis]
OWN_DOCUMENT: Final = "own"
"""How a version of the province's own cites the text that it rests on."""


class RegulationError(Exception):
    """The rule set cannot be used; the message names file, place and what was expected."""

    def __init__(self, file: FilePath, error: MalformedError) -> None:
        line = error.line or (line_of(file.read_bytes(), 1, error.key) if file.is_file() else 1)
        said = one_line(f"{file}: {error.key}: {error.expected}", longest=1000)
        super().__init__(f"{said} (line {line})")
        self.file = file


def load_regulations(folder: FilePath) -> Regulations:
    """Every version below `folder`; raises `RegulationError` at the first thing wrong."""
    documents = _load_documents(folder / "documents.yaml")
    versions: list[Version] = []
    for jurisdiction in JURISDICTIONS:
        for file in sorted((folder / jurisdiction).glob("*.yaml")):
            versions += _load_rule(file, jurisdiction, documents)
    absent = sorted(set(RULES) - {version.rule for version in versions})
    if absent:
        error = MalformedError(absent[0], "expected a file with at least one version of this rule")
        raise RegulationError(folder, error)
    return Regulations(versions, _load_calendar(folder / "working-days.yaml"))


def own_version(
    rule: str, jurisdiction: Jurisdiction, definition: object, document: object
) -> Version:
    """A version of the province's own, from plain data in the form of the files.

    `definition` is one entry of `versions`, whose only `legal_basis` may name the document "own";
    `document` is that document's entry of documents.yaml. Raises MalformedError.
    """
    shipped = default_regulations().versions(rule)
    if not shipped:
        raise MalformedError("rule", "expected the id of a known rule")
    documents = {OWN_DOCUMENT: _document(document, ("document",))}
    latest = shipped[-1]
    read = _VersionReader(RULES[rule], jurisdiction, latest.title, latest.description, documents)
    return read.version(definition, ("definition",))


def _one_document(file: FilePath) -> object:
    try:
        documents = list(read_documents(file.read_bytes()))
    except OSError as error:
        unreadable = MalformedError("(file)", f"expected a readable file: {error.strerror}")
        raise RegulationError(file, unreadable) from None
    except MalformedError as error:
        raise RegulationError(file, error) from None
    if len(documents) != 1:
        raise RegulationError(file, MalformedError("(file)", "expected one YAML document"))
    return documents[0]


def _load_documents(file: FilePath) -> Documents:
    root = _one_document(file)
    try:
        if not isinstance(root, dict):
            raise MalformedError("(document)", "expected a mapping of documents by id")
        return {key: _document(value, (key,)) for key, value in root.items()}
    except MalformedError as error:
        raise RegulationError(file, error) from None


def _document(value: object, path: Path) -> LegalBasis:
    keys = ("number", "title", "date", "level", "address", "province")
    fields = Fields(value, path, keys, "a mapping with " + ", ".join(keys))
    day = fields.text("date")
    if day is not None and not _YEAR_OR_DAY.fullmatch(day):
        raise MalformedError(dotted(fields.at("date")), "expected 'YYYY-MM-DD' or 'YYYY' in quotes")
    return LegalBasis(
        document=fields.id("number"),
        title=_bilingual(fields, "title"),
        date=day,
        clause="",
        level=fields.required_choice("level", get_args(Level)),
        address=fields.id("address"),
        province=fields.choice("province", get_args(Province)),
    )


def _bilingual(fields: Fields, key: str) -> Bilingual:
    inner = Fields(fields.raw(key), fields.at(key), ("vi", "en"), "a mapping with vi, en")
    return Bilingual(inner.id("vi"), inner.id("en"))


def _load_rule(file: FilePath, jurisdiction: Jurisdiction, documents: Documents) -> list[Version]:
    root = _one_document(file)
    try:
        fields = Fields(root, (), ("rule", "title", "description", "versions"), "a mapping")
        rule = fields.id("rule")
        if rule not in RULES or file.stem != rule:
            raise MalformedError("rule", "expected the known rule the file is named after")
        title, description = _bilingual(fields, "title"), _bilingual(fields, "description")
        read = _VersionReader(RULES[rule], jurisdiction, title, description, documents)
        versions = list(fields.each("versions", read.version))
        _in_order(versions)
        _told_by_their_numbers(versions)
        return versions
    except MalformedError as error:
        raise RegulationError(file, error) from None


def _in_order(versions: list[Version]) -> None:
    """At least one version, by date, and never two on one day."""
    if not versions:
        raise MalformedError("versions", "expected at least one version")
    for number, (earlier, later) in enumerate(pairwise(versions), start=1):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            key = dotted(("versions", number, "valid_from"))
            raise MalformedError(key, "expected a day after the version before it ends")


def _told_by_their_numbers(versions: list[Version]) -> None:
    """The description may name parameters in braces, and nothing else."""
    for version in versions:
        for tongue in ("vi", "en"):
            try:
                version.described(tongue)
            except (KeyError, IndexError, ValueError):
                expected = "expected braces only around the name of a parameter"
                raise MalformedError(f"description.{tongue}", expected) from None


@dataclass(frozen=True, slots=True)
class _VersionReader:
    spec: RuleSpec
    jurisdiction: Jurisdiction
    title: Bilingual
    description: Bilingual
    documents: Documents

    def version(self, value: object, path: Path) -> Version:
        fields = Fields(value, path, _VERSION_KEYS, "a mapping with " + ", ".join(_VERSION_KEYS))
        version = Version(
            rule=self.spec.id,
            jurisdiction=self.jurisdiction,
            valid_from=fields.required_day("valid_from"),
            valid_to=fields.day("valid_to"),
            severity=fields.required_choice("severity", get_args(Severity)),
            waivable_by=fields.choice("waivable_by", _GRANTORS),
            params=self._params(fields),
            legal_basis=self._legal_basis(fields),
            level=fields.required_choice("level", get_args(Level)),
            mark=fields.required_choice("mark", get_args(Mark)),
            checked_on=fields.required_day("checked_on"),
            checked_by=fields.id("checked_by"),
            title=self.title,
            description=self.description,
            note=_bilingual(fields, "note") if fields.has("note") else None,
        )
        self._sound(version, fields)
        return version

    def _sound(self, version: Version, fields: Fields) -> None:
        if version.valid_to is not None and version.valid_to < version.valid_from:
            raise MalformedError(
                dotted(fields.at("valid_to")), "expected a day not before valid_from"
            )
        if version.severity == "block" and version.is_default:
            key = dotted(fields.at("severity"))
            raise MalformedError(key, "expected warn or info: what is not read in law never blocks")
        if version.waivable_by is not None and version.severity != "block":
            key = dotted(fields.at("waivable_by"))
            raise MalformedError(key, "expected nothing: only a block can be waived")

    def _params(self, fields: Fields) -> dict[str, int]:
        names = self.spec.params
        if not names and not fields.has("params"):
            return {}
        expected = "a mapping with " + (", ".join(names) or "nothing")
        inner = Fields(fields.raw("params"), fields.at("params"), names, expected)
        return {name: inner.required_integer(name, 1, 10_000) for name in names}

    def _legal_basis(self, fields: Fields) -> tuple[LegalBasis, ...]:
        basis = fields.each("legal_basis", self._provision)
        where = get_args(Province) if self.jurisdiction == "vn" else (self.jurisdiction,)
        for province in where:
            if not any(provision.applies_in(province) for provision in basis):
                key = dotted(fields.at("legal_basis"))
                expected = f"expected at least one provision that applies in {province}"
                raise MalformedError(key, f"{expected}, with document and clause")
        return basis

    def _provision(self, value: object, path: Path) -> LegalBasis:
        fields = Fields(value, path, _BASIS_KEYS, "a mapping with " + ", ".join(_BASIS_KEYS))
        document, clause = fields.id("document"), fields.id("clause")
        if document not in self.documents:
            known = ", ".join(self.documents)
            raise MalformedError(dotted(fields.at("document")), f"expected one of {known}")
        return replace(self.documents[document], clause=clause, kinds=self._kinds(fields))

    def _kinds(self, fields: Fields) -> tuple[Kind, ...]:
        """For which kinds of activity the provision speaks; only a rule of all kinds says so."""
        kinds = fields.each("kinds", lambda value, path: as_choice(value, path, KINDS))
        if kinds and not self.spec.id.startswith("any."):
            key = dotted(fields.at("kinds"))
            raise MalformedError(key, "expected nothing: this rule concerns one kind of activity")
        return kinds


def _load_calendar(file: FilePath) -> WorkingCalendar:
    root = _one_document(file)
    try:
        fields = Fields(root, (), ("closed", "worked"), "a mapping with closed, worked")
        return WorkingCalendar(fields.each("closed", as_date), fields.each("worked", as_date))
    except MalformedError as error:
        raise RegulationError(file, error) from None
