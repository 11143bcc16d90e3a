"""Separation of duties: who may not take a step of a file, whatever their role allows.

Pure functions over the steps already taken; which steps exclude each other is data, in
`policies/access/separation.yaml`. Somebody who acts for another counts as both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from portal.access.policy import POLICY_FOLDER, PolicyError
from portal.access.roles import Capacity, Role
from portal.core.context import Actor


class Step(StrEnum):
    """What a person can have done with a file, as far as it bars them from something else."""

    APPRAISE = "appraise"
    CLOSE = "close"
    CONSENT = "consent"
    DECIDE = "decide"
    GIVE_OPINION = "give-opinion"
    PROPOSE = "propose"
    RECORD_DECISION = "record-decision"
    REPORT = "report"
    REVIEW = "review"
    SETTLE_AMENDMENT = "settle-amendment"
    SIGN_APPRAISAL = "sign-appraisal"
    SUBMIT = "submit"
    WAIVE = "waive"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody took; `for_…` name the person whom they acted for."""

    step: Step
    user_id: int | None
    person_id: int | None = None
    tenant_id: int | None = None
    for_user_id: int | None = None
    for_person_id: int | None = None


@dataclass(frozen=True, slots=True)
class FileSoFar:
    """What separation of duties needs to know of a file; steps of all its versions count."""

    proposing_tenant_id: int
    proposing_capacities: frozenset[str] = frozenset()
    member_person_ids: frozenset[int] = frozenset()
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Why this person may not take this step; `rule` is stable, for audit and tests."""

    rule: str
    vi: str
    en: str

    def text(self, locale: str) -> str:
        return self.vi if locale == "vi" else self.en


class Text(NamedTuple):
    """One message in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Two groups of steps that no one person takes both of."""

    id: str
    one: frozenset[Step]
    other: frozenset[Step]

    def against(self, step: Step) -> frozenset[Step]:
        """The earlier steps that bar from `step`."""
        barring: frozenset[Step] = frozenset()
        if step in self.one:
            barring |= self.other
        if step in self.other:
            barring |= self.one
        return barring


@dataclass(frozen=True, slots=True)
class OwnTenant:
    """Steps that the proposing tenant may not take itself, and its exception."""

    id: str
    steps: frozenset[Step]
    own_file: frozenset[Capacity]
    barred_roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Separation:
    """The whole of separation.yaml."""

    names: Mapping[Step, Text]
    apart: tuple[Apart, ...]
    member_steps: frozenset[Step]
    member_text: Text
    tenants: tuple[OwnTenant, ...]
    apart_text: Text
    other_tenant_text: Text
    barred_role_text: Text


def objection_to(
    step: Step, actor: Actor, file: FileSoFar, separation: Separation | None = None
) -> Objection | None:
    """Why `actor` may not take `step` on this file, None when nothing stands against it."""
    rules = separation or shipped_separation()
    return (
        _member(step, actor, file, rules)
        or _apart(step, actor, file, rules)
        or _own_tenant(step, actor, file, rules)
    )


def _member(step: Step, actor: Actor, file: FileSoFar, rules: Separation) -> Objection | None:
    persons = {actor.person_id, actor.acting_for_person_id}
    if step in rules.member_steps and not file.member_person_ids.isdisjoint(persons):
        return Objection("member", rules.member_text.vi, rules.member_text.en)
    return None


def _apart(step: Step, actor: Actor, file: FileSoFar, rules: Separation) -> Objection | None:
    users = {actor.user_id, actor.acting_for_user_id} - {None}
    persons = {actor.person_id, actor.acting_for_person_id} - {None}
    mine = {
        taken.step
        for taken in file.taken
        if not users.isdisjoint((taken.user_id, taken.for_user_id))
        or not persons.isdisjoint((taken.person_id, taken.for_person_id))
    }
    for rule in rules.apart:
        earlier = sorted(rule.against(step) & mine)
        if earlier:
            return Objection(
                rule.id,
                rules.apart_text.vi.format(earlier=", ".join(rules.names[e].vi for e in earlier)),
                rules.apart_text.en.format(earlier=", ".join(rules.names[e].en for e in earlier)),
            )
    return None


def _own_tenant(step: Step, actor: Actor, file: FileSoFar, rules: Separation) -> Objection | None:
    if actor.tenant_id != file.proposing_tenant_id:
        return None
    for rule in rules.tenants:
        if step not in rule.steps:
            continue
        if rule.own_file.isdisjoint(file.proposing_capacities):
            return Objection(rule.id, rules.other_tenant_text.vi, rules.other_tenant_text.en)
        if not rule.barred_roles.isdisjoint(actor.roles):
            return Objection(rule.id, rules.barred_role_text.vi, rules.barred_role_text.en)
    return None


_FILE: Final = POLICY_FOLDER / "separation.yaml"


@cache
def shipped_separation() -> Separation:
    """The rules of the release. Raises PolicyError."""
    return read_separation(_FILE)


def read_separation(path: Path) -> Separation:
    """Read and check separation.yaml: every step named, nothing unknown. Raises PolicyError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _parse(data)
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path.name}: {type(error).__name__}: {error}") from error


def _parse(data: dict[str, Any]) -> Separation:
    _only(data, "steps", "apart", "members", "tenants", "messages")
    names = {Step(step): _text(texts) for step, texts in data["steps"].items()}
    unnamed = frozenset(Step) - names.keys()
    if unnamed:
        raise ValueError(f"steps without a name: {', '.join(sorted(unnamed))}")
    members, messages = data["members"], data["messages"]
    _only(members, "steps", "vi", "en")
    _only(messages, "apart", "other_tenant", "barred_role")
    return Separation(
        names=names,
        apart=tuple(_parse_apart(rule) for rule in data["apart"]),
        member_steps=_steps(members["steps"]),
        member_text=_text({"vi": members["vi"], "en": members["en"]}),
        tenants=tuple(_parse_tenant(rule) for rule in data["tenants"]),
        apart_text=_text(messages["apart"]),
        other_tenant_text=_text(messages["other_tenant"]),
        barred_role_text=_text(messages["barred_role"]),
    )


def _parse_apart(rule: dict[str, Any]) -> Apart:
    _only(rule, "id", "one", "other")
    return Apart(rule["id"], _steps(rule["one"]), _steps(rule["other"]))


def _parse_tenant(rule: dict[str, Any]) -> OwnTenant:
    _only(rule, "id", "steps", "own_file", "barred_roles")
    return OwnTenant(
        rule["id"],
        _steps(rule["steps"]),
        frozenset(Capacity(name) for name in rule["own_file"]),
        frozenset(Role(name) for name in rule["barred_roles"]),
    )


def _steps(names: Iterable[str]) -> frozenset[Step]:
    return frozenset(Step(name) for name in names)


def _text(texts: dict[str, str]) -> Text:
    _only(texts, "vi", "en")
    if any("%" in text for text in texts.values()):
        raise ValueError("a message holds no %: it would be read as a placeholder")
    return Text(texts["vi"].strip(), texts["en"].strip())


def _only(mapping: dict[str, Any], *keys: str) -> None:
    if mapping.keys() != set(keys):
        raise ValueError(f"expected the keys {', '.join(keys)}, found {', '.join(mapping)}")
