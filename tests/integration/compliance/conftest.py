"""The register's pages as the focal point, the chair's office, a district and the inspector."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.support.pages import PageClient
from tests.support.province import Province
from tests.support.signing_in import entrance, province_with_passwords

Enter = Callable[[str], PageClient]


@pytest.fixture
def people(superuser: psycopg.Connection) -> Province:
    return province_with_passwords(superuser)


@pytest.fixture
def enter(app: Flask, people: Province) -> Enter:
    return entrance(app)
