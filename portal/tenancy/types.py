"""What the tenancy room tells other rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.access.roles import Capacity
from portal.tenancy.models import TenantKind

__all__ = ["Capacity", "Holding", "Succession", "TenantKind", "TenantRow"]


@dataclass(frozen=True, slots=True)
class Holding:
    """A capacity that a tenant holds, from a day to a day."""

    capacity: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Succession:
    """One step of succession: the other agency, since when, and the paper that says so."""

    tenant_id: int
    name_vi: str
    name_en: str
    on_date: dt.date
    basis: str

    def name(self, locale: str) -> str:
        return self.name_vi if locale == "vi" else self.name_en


@dataclass(frozen=True, slots=True)
class TenantRow:
    """One agency of the directory."""

    id: int
    code: str
    kind: str
    name_vi: str
    name_en: str
    parent_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None
    internal_review: bool

    def name(self, locale: str) -> str:
        """The name in that language."""
        return self.name_vi if locale == "vi" else self.name_en

    def exists_on(self, day: dt.date) -> bool:
        """Whether the agency exists on `day` (its last day included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
