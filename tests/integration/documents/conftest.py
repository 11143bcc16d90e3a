"""A draft of Hội An, and everybody who may or may not read its dossier."""

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.config import Settings
from tests.support.pages import PageClient
from tests.support.province import Province
from tests.support.signing_in import entrance, province_with_passwords


@pytest.fixture(autouse=True)
def uploads(settings: Settings) -> Path:
    """The folder of the stored files, empty."""
    shutil.rmtree(settings.uploads, ignore_errors=True)
    return settings.uploads


@pytest.fixture
def province(superuser: psycopg.Connection) -> Province:
    return province_with_passwords(superuser)


@pytest.fixture
def enter(app: Flask, province: Province) -> Callable[[str], PageClient]:
    return entrance(app)


@pytest.fixture
def draft(province: Province) -> int:
    return province.activity("hoi-an")


def upload(data: bytes, name: str = "Thư mời.pdf") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)
