"""The filters of the oversight's lists, and what settles a signal."""

from __future__ import annotations

from typing import Any, Final

from wtforms.validators import NumberRange, Optional

from portal.core.errors import FieldErrors
from portal.oversight import words
from portal.tenancy.naming import LONGEST, agency_called
from portal.web.forms import BaseForm, ChoiceField, LongTextField, NumberField, Required, TextField
from portal.web.i18n import lazy

LONGEST_REASON: Final = 2_000


class OversightFilter(BaseForm):
    """What every list of the oversight is narrowed by."""

    agency = TextField(lazy("Agency"), longest=LONGEST)
    year = NumberField(
        lazy("Year"), [Optional(), NumberRange(2000, 2099, lazy("Type a year from 2000 to 2099."))]
    )
    tenant_id: int | None = None
    """The agency that was named, once the form is validated."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        right = super().validate(*args, **kwargs)
        if right and self.agency.data:
            try:
                self.tenant_id = agency_called(self.agency.data).id
            except FieldErrors as wrong:
                self.agency.errors = list(wrong.errors.values())
                return False
        return right

    def is_used(self) -> bool:
        """Whether anything narrows the list."""
        return any(field.data for field in self)


class SignalForm(OversightFilter):
    """The filter bar of the signals."""

    kind = ChoiceField(lazy("Kind"), empty=lazy("All kinds"), choices=list(words.KINDS.items()))
    settled = ChoiceField(
        lazy("State"),
        empty=lazy("All signals"),
        choices=[("no", lazy("Not settled yet")), ("yes", lazy("Settled"))],
    )


class WaiverForm(OversightFilter):
    """The filter bar of the exceptions; the rules that can be waived are set by the page."""

    by = ChoiceField(lazy("Granted by"), empty=lazy("All"), choices=list(words.GRANTORS.items()))
    rule = ChoiceField(lazy("Rule"), empty=lazy("All rules"))


class SettleForm(BaseForm):
    """Why a signal rests."""

    reason = LongTextField(
        lazy("Reason"),
        [Required()],
        description=lazy("What was looked at, and why it is no way around a rule."),
        longest=LONGEST_REASON,
    )
