"""The form of a new token."""

from __future__ import annotations

from portal.web.forms import BaseForm, DayField, Required, TextField
from portal.web.i18n import lazy


class TokenForm(BaseForm):
    """For which system, and until when."""

    name = TextField(
        lazy("Name of the system"),
        [Required()],
        description=lazy("So that you know it again: eOffice of the agency, for example."),
        longest=100,
    )
    expires_on = DayField(
        lazy("Works until"), [Required()], description=lazy("At most one year from today.")
    )
