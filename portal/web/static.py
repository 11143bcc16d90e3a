"""Static files with the hash of their content in the address: a browser keeps them for a year.

Small text files are also kept gzipped in memory: the embedded portal has no nginx in front, and the
line may be slow.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request, send_from_directory
from flask import url_for as flask_url_for

from portal.core.errors import NotFound

_EXTENSION: Final = "portal_static"
_YEAR: Final = 31_536_000
_COMPRESSIBLE: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    digest: str
    #: None for a file that is compressed by its format.
    gzipped: bytes | None


def read_static(folder: Path) -> dict[str, StaticFile]:
    """Every file under ``folder``: its path → content hash and gzipped bytes."""
    return {
        path.relative_to(folder).as_posix(): _read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in _COMPRESSIBLE else None
    return StaticFile(digest, packed)


def static_url(name: str) -> str:
    """The address of a file of ``static/``; an unknown name is a mistake of ours (KeyError)."""
    file: StaticFile = current_app.extensions[_EXTENSION][name]
    return flask_url_for("static", filename=name, v=file.digest)


def serve(filename: str) -> Response:
    """One static file. A year in the cache when the address names its content, else asked again
    each time.
    """
    known: dict[str, StaticFile] = current_app.extensions[_EXTENSION]
    file = known.get(filename)
    folder = current_app.config["PORTAL_STATIC"]
    if file is None and not current_app.debug:
        raise NotFound
    suffix = Path(filename).suffix
    packed = file.gzipped if file is not None and not current_app.debug else None
    if packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(packed, content_type=f"{_COMPRESSIBLE[suffix]}; charset=utf-8")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(folder, filename)
    if packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if file is not None:
        response.set_etag(file.digest)
        response.make_conditional(request)
    named = "v" in request.args or filename.startswith("vendor/")
    response.headers["Cache-Control"] = (
        f"public, max-age={_YEAR}, immutable" if named else "no-cache"
    )
    return response


def init_app(app: Flask) -> None:
    """Read the application's static folder once and serve it under Flask's own address."""
    folder = Path(app.static_folder or "static")
    app.config["PORTAL_STATIC"] = folder
    app.extensions[_EXTENSION] = read_static(folder)
    app.view_functions["static"] = serve
