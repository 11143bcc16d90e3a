"""The addresses of the API. Whatever is asked, the answer is JSON."""

from __future__ import annotations

import json
from typing import Final

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.access.guard import by_token, public
from portal.access.permissions import Permission
from portal.api.check import answer
from portal.api.openapi import CHECK, document
from portal.api.problems import ApiProblem
from portal.compliance.strict_yaml import MAX_BYTES
from portal.web.i18n import lazy
from portal.web.tokens import csrf

bp = Blueprint("api", __name__)

_ENCODINGS: Final = frozenset({"", "utf-8", "utf8"})


@bp.post(CHECK)
@csrf.exempt
@by_token(Permission.COMPLIANCE_CHECK)
def check() -> Response:
    """Judge one case."""
    said = json.dumps(answer(_body()), ensure_ascii=False)
    return Response(f"{said}\n", mimetype="application/json")


@bp.get("/api/v1/openapi.json")
@public("programs read how to ask before they have a token; it says nothing of anybody")
def openapi() -> Response:
    """How to ask, for programs."""
    return jsonify(document())


def _body() -> bytes:
    """The bytes of a JSON request. Raises ApiProblem for another type and for too many."""
    charset = request.mimetype_params.get("charset", "").lower()
    encoded = request.headers.get("Content-Encoding", "identity").lower() != "identity"
    if request.mimetype != "application/json" or charset not in _ENCODINGS or encoded:
        raise ApiProblem(
            "not-json",
            lazy("Send Content-Type: application/json in UTF-8, without Content-Encoding."),
        )
    request.max_content_length = MAX_BYTES + 1  # of what is longer it would read the beginning
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large() from None
    if len(data) > MAX_BYTES:
        raise _too_large()
    return data


def _too_large() -> ApiProblem:
    return ApiProblem("too-large", lazy("At most %(most)s bytes.", most=MAX_BYTES))
