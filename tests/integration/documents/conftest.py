"""A draft of Hội An, and everybody who may or may not read its dossier."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from portal.config import Settings
from tests.support.province import Province


@pytest.fixture(autouse=True)
def uploads(settings: Settings) -> Path:
    """The folder of the stored files, empty."""
    shutil.rmtree(settings.uploads, ignore_errors=True)
    return settings.uploads


@pytest.fixture
def draft(province: Province) -> int:
    return province.activity("hoi-an")


def upload(data: bytes, name: str = "Thư mời.pdf") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)
