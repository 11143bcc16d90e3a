"""Sealing a folder of files into one signed bundle, and telling what was done to a bundle since.

The manifest names every file with its SHA-256; the signature is over the manifest's bytes. Of the
audit extract also the chains are followed, of the kept verdicts each one's own hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.audit import export as exports
from portal.audit.verify import check
from portal.compliance.verdicts import SealedVerdict, to_bytes
from portal.oversight.pack_key import KeyTextError, is_signed, public_text

FORM: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
AUDIT: Final = "audit.jsonl"
VERDICTS: Final = "verdicts.jsonl"
_BLOCK: Final = 256 * 1024
_LARGEST_MANIFEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a chain without a gap: the link before it, and where it ends."""

    chain: int
    before_seq: int
    before_hash: str
    last_seq: int
    last_hash: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "chain": self.chain,
            "before": [self.before_seq, self.before_hash],
            "last": [self.last_seq, self.last_hash],
        }


@dataclass(slots=True)
class Examination:
    """What a bundle says of itself and what does not hold; no faults: it is as it was sealed."""

    public_key: str = ""
    made_at: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    files: int = 0
    entries: int = 0
    verdicts: int = 0
    faults: list[str] = field(default_factory=list)


def seal(
    folder: Path,
    target: IO[bytes],
    about: Mapping[str, Any],
    segments: list[Segment],
    key: Ed25519PrivateKey,
    moment: datetime,
) -> None:
    """Write the files of `folder`, in the order of their names, as one bundle to `target`.

    `moment` is the only time that the bundle bears; equal files give equal bytes.
    """
    files = sorted(path for path in folder.iterdir())
    manifest = {
        "form": FORM,
        "made_at": moment.isoformat(),
        **about,
        "public_key": public_text(key),
        "files": {path.name: _fingerprint(path) for path in files},
        "chains": [segment.as_dict() for segment in segments],
    }
    body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    stamp = moment.timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(_entry(MANIFEST, stamp), body)
        signature = base64.b64encode(key.sign(body)) + b"\n"
        bundle.writestr(_entry(SIGNATURE, stamp), signature)
        for path in files:
            with (
                path.open("rb") as source,
                bundle.open(_entry(path.name, stamp), "w", force_zip64=True) as inside,
            ):
                while block := source.read(_BLOCK):
                    inside.write(block)


def examine(source: IO[bytes], expected: str | None = None) -> Examination:
    """Everything that was changed, taken out of or put into the bundle since it was sealed.

    `expected` is the public key that it should bear; without one only the bundle's own counts.
    """
    found = Examination()
    try:
        with zipfile.ZipFile(source) as bundle:
            _examine(bundle, expected, found)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        found.faults.append("The file is no whole ZIP archive.")
    return found


def _examine(bundle: zipfile.ZipFile, expected: str | None, found: Examination) -> None:
    manifest = _manifest(bundle, expected, found)
    if manifest is None:
        return
    found.made_at, found.scope = str(manifest["made_at"]), manifest["scope"]
    listed: Mapping[str, Any] = manifest["files"]
    names = bundle.namelist()
    inside = set(names) - {MANIFEST, SIGNATURE}
    found.faults += [f"{name} is there twice." for name in sorted(_twice(names))]
    found.faults += [f"{name} was added." for name in sorted(inside - listed.keys())]
    found.faults += [f"{name} is missing." for name in sorted(listed.keys() - inside)]
    for name in sorted(inside & listed.keys()):
        found.files += 1
        if not _is_unchanged(bundle, name, listed[name]):
            found.faults.append(f"{name} was changed.")
    if AUDIT in inside:
        found.faults += _broken_chains(bundle, manifest["chains"], found)
    if VERDICTS in inside:
        found.faults += _broken_verdicts(bundle, found)


def _manifest(
    bundle: zipfile.ZipFile, expected: str | None, found: Examination
) -> Mapping[str, Any] | None:
    """The manifest, once its signature was looked at; None when it cannot be read."""
    try:
        if bundle.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        body = bundle.read(MANIFEST)
        signature = bundle.read(SIGNATURE).decode("ascii").strip()
        manifest: dict[str, Any] = json.loads(body)
        found.public_key = str(manifest["public_key"])
        if manifest["form"] != FORM or not isinstance(manifest["files"], dict):
            raise ValueError("another form")
        if not is_signed(body, signature, found.public_key):
            found.faults.append(f"{MANIFEST} was changed: its signature does not fit.")
    except (KeyError, ValueError, TypeError, KeyTextError):
        found.faults.append(f"{MANIFEST} or {SIGNATURE} is missing or cannot be read.")
        return None
    if expected is not None and found.public_key != expected:
        found.faults.append("The bundle was sealed with another key than the one expected.")
    return manifest


def _is_unchanged(bundle: zipfile.ZipFile, name: str, listed: Mapping[str, Any]) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with bundle.open(name) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if size > listed["size"]:
                    return False
    except zipfile.BadZipFile:
        return False
    return size == listed["size"] and digest.hexdigest() == listed["sha256"]


def _broken_chains(
    bundle: zipfile.ZipFile, chains: list[Mapping[str, Any]], found: Examination
) -> list[str]:
    """Follow every segment of the audit extract from the link before it to its end."""
    try:
        before = {c["chain"]: (c["before"][0], c["before"][1].encode()) for c in chains}
        heads = {c["chain"]: (c["last"][0], c["last"][1].encode()) for c in chains}
        with bundle.open(AUDIT) as file:
            report = check(exports.read_links(file, []), heads, before=before)
    except (exports.ExportError, KeyError, TypeError, zipfile.BadZipFile) as error:
        return [f"{AUDIT}: {error}"]
    found.entries = report.entries
    return [f"{AUDIT}: {fault}" for fault in report.faults]


def _broken_verdicts(bundle: zipfile.ZipFile, found: Examination) -> Iterator[str]:
    """Kept verdicts whose facts or result do not match their own hash."""
    try:
        with bundle.open(VERDICTS) as file:
            for line in file:
                found.verdicts += 1
                kept = orjson.loads(line)
                digest = bytes.fromhex(kept["sha256"])
                facts, result = to_bytes(kept["facts"]), to_bytes(kept["result"])
                if not SealedVerdict(facts, result, digest).is_intact:
                    yield f"{VERDICTS}: verdict {kept['id']} does not match its hash."
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile):
        yield f"{VERDICTS}: line {found.verdicts} is no kept verdict."


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "size": path.stat().st_size}


def _entry(name: str, stamp: tuple[Any, ...]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}
