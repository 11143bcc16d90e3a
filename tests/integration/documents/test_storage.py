"""Bytes are written whole or not at all; orphans go, whatever a dossier names stays."""

import os
import time
from io import BytesIO

import pytest
from click.testing import CliRunner

from portal.cli_files import files as files_command
from portal.config import ConfigError
from portal.core.context import acting_as, system_actor
from portal.core.unit_of_work import unit_of_work
from portal.documents import services
from portal.documents.storage import ORPHAN_AFTER, Store, TooLargeError
from tests.integration.documents.conftest import upload
from tests.support import files


def age(path) -> None:
    past = time.time() - ORPHAN_AFTER - 60
    os.utime(path, (past, past))


def kept(store: Store) -> list:
    return sorted(path for path in store.root.rglob("*") if path.is_file())


def test_bytes_that_are_not_kept_leave_nothing(tmp_path):
    store = Store(tmp_path)
    with store.receive(BytesIO(b"abc"), 10) as incoming:
        assert incoming.size == 3
    assert kept(store) == []


def test_more_bytes_than_allowed_leave_nothing(tmp_path):
    store = Store(tmp_path)
    with pytest.raises(TooLargeError), store.receive(BytesIO(bytes(11)), 10):
        pass
    assert kept(store) == []


def test_bytes_lie_under_their_hash_readable_by_the_owner_only(tmp_path):
    store = Store(tmp_path / "uploads")
    with store.receive(BytesIO(b"abc"), 10) as incoming:
        store.keep(incoming)
    (path,) = kept(store)
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert path == store.path(digest)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_damaged_copy_is_replaced_by_the_next_upload_of_the_same_bytes(tmp_path):
    store = Store(tmp_path)
    for _ in range(2):
        with store.receive(BytesIO(b"abc"), 10) as incoming:
            store.keep(incoming)
        (path,) = kept(store)
        assert path.read_bytes() == b"abc"
        path.write_bytes(b"")


def test_a_hash_that_is_none_never_becomes_a_path(tmp_path):
    with pytest.raises(ValueError, match="SHA-256"):
        Store(tmp_path).path("../" * 21 + "x")


def test_old_orphans_go_and_named_or_young_files_stay(app_context, province, draft, superuser):
    store = services.store()
    with acting_as(province["officer"]), unit_of_work():
        services.attach(draft, province.tenants["hoi-an"], "other", upload(files.PDF))
    (named,) = kept(store)
    superuser.execute("UPDATE attachment SET removed_at = now()")
    orphans = []
    for data in (b"old", b"young"):
        with store.receive(BytesIO(data), 10) as incoming:
            store.keep(incoming)
        orphans.append(store.path(incoming.sha256))
    age(named)
    age(orphans[0])
    left = store.root / "incoming" / "crashed"
    left.write_bytes(b"half")
    age(left)
    with acting_as(system_actor()):
        assert services.remove_orphans() == (2, 7)
    assert kept(store) == sorted([named, orphans[1]])


@pytest.mark.parametrize("stray", ["lost+found/#12", ".DS_Store", "ab/notes.txt"])
def test_what_somebody_else_put_into_the_folder_stays(tmp_path, stray):
    path = tmp_path / stray
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"theirs")
    age(path)
    assert Store(tmp_path).remove_orphans(lambda _hashes: ()) == (0, 0)
    assert kept(Store(tmp_path)) == [path]


def test_two_workers_clean_at_once_and_neither_stumbles(tmp_path):
    store = Store(tmp_path)
    with store.receive(BytesIO(b"old"), 10) as incoming:
        store.keep(incoming)
    age(store.path(incoming.sha256))

    def meanwhile(_hashes):
        assert store.remove_orphans(lambda _hashes: ()) == (1, 3)
        return ()

    assert store.remove_orphans(meanwhile) == (0, 0)


@pytest.fixture
def clean(settings, database, monkeypatch):
    """`portal files clean` on the database under test."""
    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)

    def run() -> str:
        result = CliRunner().invoke(files_command, ["clean"], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    return run


def test_the_command_cleans_and_says_how_much(clean, uploads):
    store = Store(uploads)
    with store.receive(BytesIO(b"old"), 10) as incoming:
        store.keep(incoming)
    age(store.path(incoming.sha256))
    assert clean() == "Orphaned files removed: 1 (3 bytes).\n"
    assert kept(store) == []
    assert clean() == "Orphaned files removed: 0 (0 bytes).\n"


def test_the_command_keeps_what_a_dossier_names(clean, app_context, province, draft, uploads):
    with acting_as(province["officer"]), unit_of_work():
        services.attach(draft, province.tenants["hoi-an"], "other", upload(files.PDF))
    (named,) = kept(Store(uploads))
    age(named)
    assert clean() == "Orphaned files removed: 0 (0 bytes).\n"
    assert kept(Store(uploads)) == [named]


def test_the_command_without_a_database_says_so_in_one_sentence(settings, monkeypatch):
    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql://x@127.0.0.1:1/x")
    monkeypatch.setenv("MIGRATE_DATABASE_URL", "")
    result = CliRunner().invoke(files_command, ["clean"])
    assert isinstance(result.exception, ConfigError)
    assert "Connection refused" in str(result.exception)
