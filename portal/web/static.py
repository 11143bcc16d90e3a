"""Static files with the hash of their content in the address: a browser keeps them for a year.

They are few and small and stay in memory, text also gzipped: the embedded portal has no nginx in
front, and the line may be slow.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request
from flask import url_for as flask_url_for

from portal.core.errors import NotFound

_EXTENSION: Final = "portal_static"
_YEAR: Final = 31_536_000
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml; charset=utf-8",
    ".woff2": "font/woff2",
}
"""What we ship, said the same on every machine; other kinds as the system names them."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent."""

    content: bytes
    kind: str
    digest: str
    gzipped: bytes | None


def read_static(folder: Path) -> dict[str, StaticFile]:
    """Every file under `folder` by its path."""
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or _guessed(path.name)
    packed = gzip.compress(content, 9, mtime=0)
    # Pictures and fonts are packed already.
    worth = packed if len(packed) < 0.9 * len(content) else None
    return StaticFile(content, kind, hashlib.sha256(content).hexdigest()[:12], worth)


def _guessed(name: str) -> str:
    kind, packing = mimetypes.guess_type(name)
    if kind is None or packing:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _files() -> dict[str, StaticFile]:
    if current_app.debug:
        return read_static(Path(current_app.static_folder or ""))
    found: dict[str, StaticFile] = current_app.extensions[_EXTENSION]
    return found


def static_url(name: str) -> str:
    """The address of a file of `static/`; an unknown name is a mistake of ours (KeyError)."""
    return flask_url_for("static", filename=name, v=_files()[name].digest)


def serve(filename: str) -> Response:
    """One static file: a year in the cache when its address names its content, else asked again."""
    file = _files().get(filename)
    if file is None:
        raise NotFound
    packed = file.gzipped if "gzip" in request.headers.get("Accept-Encoding", "") else None
    response = Response(packed or file.content, content_type=file.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.gzipped:
        response.headers["Vary"] = "Accept-Encoding"
    # Files of vendor/ carry their version in their name; style sheets fetch fonts by it.
    named = request.args.get("v") == file.digest or filename.startswith("vendor/")
    response.headers["Cache-Control"] = (
        f"public, max-age={_YEAR}, immutable" if named else "no-cache"
    )
    response.set_etag(file.digest)
    response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Read the application's static folder once and serve it under Flask's own address."""
    app.extensions[_EXTENSION] = read_static(Path(app.static_folder or ""))
    app.view_functions["static"] = serve
