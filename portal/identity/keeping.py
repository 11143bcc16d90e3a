"""A form whose session ended while it was written: what was typed waits for its own author.

The sign-in page carries it as one hidden field. Who signs in next as the same person is shown it
and may send it again; for anybody else it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.access.sign_in import safe_next
from portal.identity import sessions
from portal.identity.forms import SignInForm
from portal.web.htmx import is_fragment, render_page
from portal.web.security import same_origin

FIELD: Final = "kept"
LARGEST: Final = 300_000
"""Characters of a kept form as the page carries it; a larger one goes the web room's way."""
KEPT_FOR: Final = 12 * 3600

_SECRET: Final = frozenset({"csrf_token", "password", "current", "wanted", "repeated"})
"""Never kept: passwords, and a token that is of no more use."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, and where it was going."""

    url: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def keep_form(token: str) -> Response | None:
    """The sign-in page with what was just posted; None when there is nothing to keep for anybody.

    Only for posts from our own pages: no other site may put words into a person's form.
    """
    if request.method != "POST" or is_fragment() or not same_origin():
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in _SECRET]
    files = [file.filename for file in request.files.values() if file.filename]
    owner = sessions.owner_of_ended(token)
    url = safe_next(request.full_path.removesuffix("?"))
    if owner is None or url is None or not (fields or files):
        return None
    kept = _signer().dumps([owner, url, fields, files])
    if len(kept) > LARGEST:
        return None
    return render_page(
        "identity/sign_in.html", status=401, form=SignInForm(formdata=None), next=None, kept=kept
    )


def kept_form(signed: str, user_id: int | None) -> KeptForm | None:
    """The form that was kept, for the person who typed it; None for everybody else."""
    if not signed or len(signed) > LARGEST:
        return None
    try:
        owner, url, fields, files = _signer().loads(signed, max_age=KEPT_FOR)
    except (BadData, ValueError):
        return None
    if owner != user_id:
        return None
    return KeptForm(url, tuple((name, value) for name, value in fields), tuple(files))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="portal.kept-form")
