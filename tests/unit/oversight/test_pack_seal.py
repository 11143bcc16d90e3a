"""A sealed bundle names whatever was changed, taken out or put in since it was sealed."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.audit import export as exports
from portal.audit.links import GENESIS, Link, text_of
from portal.config import ConfigError, Settings
from portal.oversight.pack_key import (
    KeyTextError,
    is_signed,
    key_path,
    public_key_if_any,
    public_text,
    signing_key,
)
from portal.oversight.pack_seal import Segment, examine, seal

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
Members = dict[str, bytes]


def chain(length: int, *, skipped: int) -> tuple[list[Link], Segment]:
    """The end of a chain of `length` links of which the first ones are left out."""
    links, prev = [], GENESIS
    for seq in range(1, length + 1):
        parts = [b"7", b"%d" % seq, b"2026-01-01T00:00:00.000000Z", *[b"null"] * 3, b'"x.y"']
        text = text_of([*parts, b"null", b"null", b"{}", prev])
        links.append(Link(7, seq, prev, hashlib.sha256(text).hexdigest().encode(), text))
        prev = links[-1].hash
    before = links[skipped - 1].hash.decode() if skipped else GENESIS.decode()
    return links[skipped:], Segment(7, skipped, before, length, prev.decode())


def bundle(folder: Path, *, skipped: int = 2) -> Members:
    links, segment = chain(6, skipped=skipped)
    inside = folder / "inside"
    inside.mkdir()
    (inside / "pack.json").write_text('{"trips": 3}')
    with (inside / "audit.jsonl").open("wb") as file:
        exports.write(links, {7: (6, links[-1].hash)}, AT, "secret", file)
    target = io.BytesIO()
    seal(inside, target, {"scope": {"year": 2026}}, [segment], KEY, AT)
    with zipfile.ZipFile(target) as sealed:
        return {name: sealed.read(name) for name in sealed.namelist()}


def faults(members: Members, expected: str | None = None) -> list[str]:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return examine(target, expected).faults


@pytest.mark.parametrize("skipped", [0, 2])
def test_a_bundle_that_nobody_touched_holds(tmp_path: Path, skipped: int) -> None:
    assert faults(bundle(tmp_path, skipped=skipped), public_text(KEY)) == []


def changed(name: str, old: bytes, new: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1)

    return change


def resealed_with_another_key(members: Members) -> None:
    """What somebody who has no key of the portal would do: sign anew with one of their own."""
    other = Ed25519PrivateKey.generate()
    manifest = json.loads(members["manifest.json"])
    manifest["public_key"] = public_text(other)
    body = json.dumps(manifest).encode()
    members["manifest.json"] = body
    members["manifest.sig"] = base64.b64encode(other.sign(body))


TAMPERINGS: dict[str, tuple[Callable[[Members], object], str]] = {
    "a file changed": (changed("pack.json", b"3", b"2"), "pack.json was changed"),
    "a file longer": (changed("pack.json", b"3", b"33"), "pack.json was changed"),
    "a file missing": (lambda m: m.pop("pack.json"), "pack.json is missing"),
    "a file added": (lambda m: m.update({"b.txt": b""}), "b.txt was added"),
    "the manifest changed": (changed("manifest.json", b"2026", b"2025"), "signature does not fit"),
    "the signature gone": (lambda m: m.pop("manifest.sig"), "is missing or cannot be read"),
    "another key": (resealed_with_another_key, "sealed with another key"),
    "no JSON": (lambda m: m.update({"manifest.json": b"[]"}), "cannot be read"),
    "a link altered": (changed("audit.jsonl", b'"x.y"', b'"x.z"'), "chain 7, entry 3: altered"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_done_to_a_bundle_is_named(tmp_path: Path, what: str) -> None:
    tamper, said = TAMPERINGS[what]
    members = bundle(tmp_path)
    tamper(members)
    assert any(said in fault for fault in faults(members, public_text(KEY)))


def test_links_cut_off_at_either_end_are_missed_although_the_rest_is_in_order(
    tmp_path: Path,
) -> None:
    for number, place in ((0, "entry 3: removed"), (3, "entry 6: removed from the end")):
        (tmp_path / str(number)).mkdir()
        members = bundle(tmp_path / str(number))
        lines = members["audit.jsonl"].splitlines(keepends=True)
        del lines[number]
        members["audit.jsonl"] = b"".join(lines)
        assert any(place in fault for fault in faults(members))


def test_what_is_no_archive_is_said_to_be_none() -> None:
    assert examine(io.BytesIO(b"PK nothing")).faults == ["The file is no whole ZIP archive."]


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert public_key_if_any(settings) is None
    first = signing_key(settings)
    assert stat.S_IMODE(key_path(settings).stat().st_mode) == 0o600
    assert public_text(signing_key(settings)) == public_text(first)
    assert public_key_if_any(settings) == public_text(first)
    assert [path.name for path in settings.data.iterdir()] == ["seal_key.pem"]


def test_a_key_that_was_named_is_never_made_and_must_be_one(tmp_path: Path) -> None:
    missing = Settings(data=tmp_path, seal_key=str(tmp_path / "missing.pem"))
    with pytest.raises(ConfigError, match="cannot be read"):
        signing_key(missing)
    (tmp_path / "no.pem").write_text("none")
    with pytest.raises(ConfigError, match="no Ed25519 key"):
        signing_key(Settings(data=tmp_path, seal_key=str(tmp_path / "no.pem")))


def test_a_text_that_is_no_public_key_is_refused() -> None:
    for text in ("", "rsa:abc", "ed25519:!!!", "ed25519:YWJj"):
        with pytest.raises(KeyTextError):
            is_signed(b"", "", text)
