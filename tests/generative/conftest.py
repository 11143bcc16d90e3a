"""The province in motion, at a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.core.clock import frozen_at
from tests.generative.world import TODAY, World, arrange_world


@pytest.fixture
def world(superuser: psycopg.Connection, app: Flask, acting: Any) -> Iterator[World]:
    with frozen_at(TODAY):
        yield arrange_world(superuser, app, acting)
