"""The forms of signing in and of one's own account."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import ValidationError

from portal.web.forms import BaseForm, Required, TextField
from portal.web.i18n import _, lazy


class SignInForm(BaseForm):
    """Who and with which password."""

    username = TextField(lazy("User name"), [Required()], longest=100)
    password = PasswordField(lazy("Password"), [Required()])


class PasswordForm(BaseForm):
    """Another password for oneself."""

    current = PasswordField(lazy("Present password"), [Required()])
    wanted = PasswordField(lazy("New password"), [Required()])
    repeated = PasswordField(lazy("New password once more"), [Required()])

    def validate_repeated(self, field: PasswordField) -> None:
        if field.data != self.wanted.data:
            raise ValidationError(_("The two passwords differ; type the new one twice."))
