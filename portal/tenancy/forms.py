"""The forms of the directory of agencies."""

from __future__ import annotations

from portal.tenancy.words import KINDS
from portal.web.forms import BaseForm, ChoiceField, TextField
from portal.web.i18n import lazy


class AgencyFilter(BaseForm):
    """Which agencies the list shows."""

    q = TextField(lazy("Name or code"), longest=100)
    kind = ChoiceField(lazy("Kind"), choices=list(KINDS.items()), empty=lazy("All kinds"))
