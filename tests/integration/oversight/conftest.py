"""The oversight's pages as the focal point, the inspector and those who may not see them."""

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
def province(superuser: psycopg.Connection) -> Province:
    return province_with_passwords(superuser)


@pytest.fixture
def enter(app: Flask, province: Province) -> Enter:
    return entrance(app)
