"""One request exactly as it is sent, and how fields become its body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_from_bytes

from tests.generative.nonsense import Sent, encoded

Fields = list[tuple[bytes, bytes | Sent]]
BOUNDARY: Final = b"walkerwalkerwalker"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY.decode()}"


@dataclass(frozen=True, slots=True)
class Request:
    """Who sends what. `who` None is a visitor who never signed in."""

    who: str | None
    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    content_type: str = ""

    @property
    def asked(self) -> str:
        """All that was sent, as text: what only comes back is no secret."""
        return f"{self.path!r}{self.query!r}{self.body!r}"

    def __str__(self) -> str:
        lines = [f"{self.method} {self.path!r} ? {_short(self.query)} as {self.who}"]
        lines += [
            f"  {name}: {_short(text.encode(errors='replace'))}" for name, text in self.headers
        ]
        if self.content_type or self.body:
            lines.append(f"  {self.content_type!r}: {_short(self.body)}")
        return "\n".join(lines)


def _short(data: bytes, most: int = 1500) -> str:
    return repr(data) if len(data) <= most else f"{data[:most]!r}… ({len(data)} bytes)"


def as_query(fields: Sequence[tuple[bytes, bytes | Sent]]) -> bytes:
    """Fields as an address or a plain form carries them; files are left out."""
    return b"&".join(_pair(name, text) for name, text in fields if isinstance(text, bytes))


def as_parts(fields: Sequence[tuple[bytes, bytes | Sent]]) -> bytes:
    """Fields and files as a form with uploads carries them."""
    return b"".join(_part(name, text) for name, text in fields) + b"--" + BOUNDARY + b"--\r\n"


def quoted(text: bytes) -> bytes:
    """For an address: what looks escaped already stays as it is, fit or not."""
    return text if text.startswith(b"%") else quote_from_bytes(text[:20_000]).encode()


def _pair(name: bytes, text: bytes) -> bytes:
    return quote_from_bytes(name).encode() + b"=" + quote_from_bytes(text).encode()


def _part(name: bytes, text: bytes | Sent) -> bytes:
    head = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="' + name + b'"'
    if isinstance(text, bytes):
        return head + b"\r\n\r\n" + text + b"\r\n"
    head += b'; filename="' + encoded(text.name) + b'"\r\nContent-Type: ' + encoded(text.claims)
    return head + b"\r\n\r\n" + text.data + b"\r\n"
