"""Reads `policies/access/` strictly: a policy that names something unknown does not start."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.access.permissions import Permission
from portal.access.roles import PROGRAM, STAND_IN, Role
from portal.config import ROOT

POLICY_FOLDER: Final = ROOT / "policies" / "access"

BASE_ROLES: Final = frozenset({"examiner", "member", "person", "proposer"})
"""Roles that others build on in policy.csv; no membership gives them."""

_SUBJECTS: Final = frozenset({*Role, STAND_IN, PROGRAM}) | BASE_ROLES
_EFFECTS: Final = frozenset({"allow", "deny"})


class PolicyError(ValueError):
    """The policy cannot be used; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One `p` line: this role is allowed or denied this permission."""

    role: str
    permission: str
    effect: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The files as read: Casbin's model text, the rules, and who builds on whom."""

    model: str
    rules: tuple[Rule, ...]
    links: tuple[tuple[str, str], ...]
    version: str


def read_policy(folder: Path = POLICY_FOLDER) -> Policy:
    """Read and check model.conf and policy.csv.

    Raises PolicyError for an unknown role, permission or effect, a line said twice, a malformed
    line, or a permission that no role is allowed.
    """
    model = _read(folder / "model.conf")
    path = folder / "policy.csv"
    text = _read(path)
    rules: list[Rule] = []
    links: list[tuple[str, str]] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = tuple(field.strip() for field in line.split(","))
        where = f"{path.name}, line {number}"
        if fields[:3] in seen:
            raise PolicyError(f"{where}: {line!r} is said twice.")
        seen.add(fields[:3])
        match fields:
            case ("p", role, permission, effect):
                _known(where, "permission", permission, frozenset(Permission))
                _known(where, "effect", effect, _EFFECTS)
                _known(where, "role", role, _SUBJECTS)
                rules.append(Rule(role, permission, effect))
            case ("g", role, base):
                _known(where, "role", role, _SUBJECTS)
                _known(where, "base role", base, BASE_ROLES)
                links.append((role, base))
            case _:
                raise PolicyError(
                    f"{where}: expected 'p, role, permission, allow|deny' or 'g, role, base role', "
                    f"found {line!r}."
                )
    unused = frozenset(Permission) - {rule.permission for rule in rules if rule.effect == "allow"}
    if unused:
        raise PolicyError(f"{path.name}: no role is allowed {', '.join(sorted(unused))}.")
    digest = hashlib.sha256(f"{model}\0{text}".encode()).hexdigest()
    return Policy(model, tuple(rules), tuple(links), digest)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(f"The access policy {path} cannot be read: {error.strerror}.") from error


def _known(where: str, kind: str, value: str, allowed: frozenset[str]) -> None:
    if value not in allowed:
        raise PolicyError(
            f"{where}: {value!r} is not a known {kind}. Known: {', '.join(sorted(allowed))}."
        )
