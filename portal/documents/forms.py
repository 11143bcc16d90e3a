"""The form that adds a document to a file."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField

from portal.documents.types import KINDS
from portal.web.forms import BaseForm, ChoiceField, Required
from portal.web.i18n import lazy


class AddForm(BaseForm):
    """A file, what it is, and the word of who adds it that no state secret is in it."""

    kind = ChoiceField(lazy("What the file is"), [Required()], choices=list(KINDS.items()))
    upload = FileField(lazy("File"), [Required(lazy("Choose a file."))])
    not_secret = BooleanField(
        lazy("The file holds no state secret"),
        [Required(lazy("Confirm that the file holds no state secret, or leave it out."))],
        description=lazy(
            "Papers marked Mật, Tối mật or Tuyệt mật never enter the portal: record only their "
            "register number and date."
        ),
    )
