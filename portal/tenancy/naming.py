"""Finding the one agency that somebody means by a part of its name or by its code."""

from __future__ import annotations

from typing import Final

from portal.core.errors import FieldErrors
from portal.tenancy.queries import tenants
from portal.tenancy.types import TenantRow
from portal.web.i18n import gettext, locale
from portal.web.text import fold

LONGEST: Final = 200
NAMED: Final = 5
"""Agencies named when several fit."""


def agency_called(text: str) -> TenantRow:
    """The agency of today with this name or code; a whole name beats a part of one.

    Raises FieldErrors for `agency`, in the reader's language, when none or several fit.
    """
    text = text.strip()[:LONGEST]
    found = tenants(text=text)
    exact = [one for one in found if fold(text) in (fold(one.name_vi), fold(one.name_en))]
    found = exact or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise FieldErrors({"agency": gettext("No agency has this name or code.")})
    names = "; ".join(name_of(each) for each in found[:NAMED])
    message = gettext("Several agencies fit; write which: %(names)s.", names=names)
    raise FieldErrors({"agency": message})


def name_of(tenant: TenantRow) -> str:
    """The agency's name in the reader's language."""
    return tenant.name_en if locale() == "en" else tenant.name_vi
