"""Migrations run once, as the owner, and never wait for ever."""

import threading

import pytest

from portal.config import ConfigError
from portal.server.migrate import LOCK, current_revision, head, migrate


def test_the_database_is_at_the_newest_migration_and_a_second_run_does_nothing(settings, superuser):
    assert current_revision(superuser) == head()
    assert migrate(settings) is None


def test_a_database_of_a_newer_portal_is_not_touched(settings, superuser):
    superuser.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    with pytest.raises(ConfigError, match="which this version does not know"):
        migrate(settings)


def test_two_migrations_wait_for_each_other(settings, superuser):
    superuser.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    other = threading.Thread(target=migrate, args=(settings,))
    other.start()
    other.join(1)
    assert other.is_alive()
    superuser.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    other.join(20)
    assert not other.is_alive()
