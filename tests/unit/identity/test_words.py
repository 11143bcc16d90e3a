"""Every code that people read has its words."""

from portal.access.roles import Capacity
from portal.identity.agents import device_name
from portal.identity.models import FieldOfWork, ManagedBy
from portal.identity.words import FIELDS_OF_WORK, MANAGED_BY
from portal.tenancy.models import TenantKind
from portal.tenancy.words import CAPACITIES, KINDS
from portal.web.i18n import use_locale


def test_every_field_kind_capacity_and_manager_has_its_words() -> None:
    assert set(FIELDS_OF_WORK) == set(FieldOfWork)
    assert set(MANAGED_BY) == set(ManagedBy)
    assert set(KINDS) == set(TenantKind)
    assert set(CAPACITIES) == set(Capacity)


def test_a_browser_is_told_in_two_words() -> None:
    chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
    assert device_name(chrome) == "Chrome · Windows"
    assert device_name(chrome + " Edg/130.0") == "Edge · Windows"
    assert device_name("Mozilla/5.0 (Android 14; Mobile) Firefox/131.0") == "Firefox · Android"
    with use_locale("en"):
        assert device_name("curl/8") == "unknown device"
