"""The words for kinds and capacities of agencies."""

from __future__ import annotations

from typing import Final

from portal.tenancy.types import Capacity, TenantKind
from portal.web.i18n import LazyText, lazy

KINDS: Final[dict[str, LazyText]] = {
    TenantKind.DEPARTMENT: lazy("Department"),
    TenantKind.DISTRICT: lazy("District"),
    TenantKind.COMMUNE: lazy("Commune"),
    TenantKind.MASS_ORGANISATION: lazy("Mass organisation"),
    TenantKind.SOCIO_POLITICAL: lazy("Socio-political organisation"),
    TenantKind.PARTY_BODY: lazy("Party body"),
    TenantKind.PEOPLE_COUNCIL: lazy("People's Council"),
    TenantKind.PUBLIC_UNIT: lazy("Public unit"),
    TenantKind.POLICE: lazy("Police"),
    TenantKind.FOCAL: lazy("Department of Foreign Affairs"),
    TenantKind.CHAIR_OFFICE: lazy("Chair's office"),
}

CAPACITIES: Final[dict[str, LazyText]] = {
    Capacity.FOCAL: lazy("focal point"),
    Capacity.POLICE: lazy("provincial police"),
    Capacity.CHAIR: lazy("chair of the People's Committee"),
    Capacity.COMMITTEE: lazy("standing committee"),
    Capacity.INSPECTORATE: lazy("inspectorate"),
    Capacity.ADMINISTRATION: lazy("administration of the portal"),
}
