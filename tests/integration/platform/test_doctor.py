"""The doctor finds what is wrong and says how to mend it."""

from dataclasses import replace

import pytest

from portal.doctor import examine

LATE_MESSAGE = """INSERT INTO outbox (topic, payload, attempts, next_try_at, created_at)
VALUES ('x', '{}', 0, now() - interval '1 hour', now())"""


def complaints(settings):
    return {finding.about: finding for finding in examine(settings) if not finding.ok}


def test_a_healthy_portal_has_no_complaints(settings):
    assert complaints(settings) == {}


@pytest.mark.parametrize(
    ("damage", "about", "mend"),
    [
        ("ALTER TABLE plan NO FORCE ROW LEVEL SECURITY", "row security", "FORCE ROW LEVEL"),
        ("ALTER TABLE plan DISABLE ROW LEVEL SECURITY", "row security", "ENABLE ROW LEVEL"),
        ("CREATE TABLE stray (tenant_id bigint)", "row security", '"stray"'),
        ("ALTER TABLE plan OWNER TO CURRENT_USER", "row security", "OWNER TO portal_owner"),
        ("UPDATE alembic_version SET version_num = '0001'", "migrations", "portal migrate"),
        (
            LATE_MESSAGE,
            "outbox",
            "portal worker",
        ),
    ],
)
def test_damage_is_found_and_its_mending_named(settings, superuser, damage, about, mend):
    superuser.execute(damage)
    found = complaints(settings)
    assert list(found) == [about]
    assert mend in found[about].mend


def test_a_dead_database_is_one_complaint_and_the_rest_is_still_looked_at(settings):
    dead = replace(
        settings,
        database_url="postgresql+psycopg://x@127.0.0.1:1/x",
        migrate_database_url="",
        redis_url="redis://127.0.0.1:1",
    )
    found = complaints(dead)
    assert "Connection refused" in found["servers"].text


def test_plain_cookies_on_a_public_address_are_a_complaint(settings):
    assert "cookies" in complaints(replace(settings, host="0.0.0.0"))
    assert "cookies" not in complaints(replace(settings, host="0.0.0.0", secure_cookies=True))


def test_a_demo_province_on_a_real_server_is_a_complaint(settings):
    assert "demo" in complaints(replace(settings, demo=True))
