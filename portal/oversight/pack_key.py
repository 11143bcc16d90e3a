"""The Ed25519 key that seals the inspector's packs: one for a portal, made once."""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.config import ConfigError, Settings

FILE: Final = "seal_key.pem"
PREFIX: Final = "ed25519:"


class KeyTextError(ValueError):
    """What was given is no public key as the portal shows it."""


def key_path(settings: Settings) -> Path:
    """Where this portal's key lies, whether or not it was made yet."""
    return Path(settings.seal_key) if settings.seal_key else settings.data / FILE


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The key; made with mode 0600 when there is none and no place for it was given.

    Raises ConfigError with one sentence when it cannot be read or written.
    """
    path = key_path(settings)
    if not settings.seal_key and not path.exists():
        _make(path)
    return _read(path)


def public_key_if_any(settings: Settings) -> str | None:
    """The public key as text; None while no pack was ever made here."""
    path = key_path(settings)
    return public_text(_read(path)) if settings.seal_key or path.exists() else None


def public_text(key: Ed25519PrivateKey) -> str:
    """`ed25519:` and the 32 bytes of the public key in base64."""
    raw = key.public_key().public_bytes_raw()
    return PREFIX + base64.b64encode(raw).decode()


def is_signed(body: bytes, signature: str, public: str) -> bool:
    """Whether `signature` (base64) of `body` was made with the private half of `public`."""
    key = _public(public)
    try:
        key.verify(base64.b64decode(signature, validate=True), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(text: str) -> Ed25519PublicKey:
    try:
        if not text.startswith(PREFIX):
            raise ValueError("no prefix")
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise KeyTextError(f"{text[:80]!r} is no public key; one begins with {PREFIX}") from error


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigError(f"The seal key {path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{path} holds no Ed25519 key in PEM without a password.")
    return key


def _make(path: Path) -> None:
    """Written beside its place and linked there: two that make one at once keep the first."""
    text = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    except OSError as error:
        raise ConfigError(f"The seal key {path} cannot be made: {error.strerror}.") from None
