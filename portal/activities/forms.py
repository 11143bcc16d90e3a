"""What a step of a file can ask for. A step shows the fields that its row of the table needs."""

import re
from decimal import Decimal
from typing import Any, Final

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.activities.types import Input
from portal.activities.words import ON_PAPER, OPINIONS, RECOMMENDATIONS
from portal.web.filters import number
from portal.web.forms import (
    BaseForm,
    ChecksField,
    CountriesField,
    DayField,
    LongTextField,
    TextField,
    options,
)
from portal.web.i18n import gettext, lazy, locale

LARGEST_COST: Final = 10**14
_THOUSANDS: Final = re.compile(r"\d{1,3}([.,   ]\d{3})+|\d+")


class VersionField(IntegerField):
    """The version of the file that the page shows."""

    widget = HiddenInput()


class CostField(TextField):
    """Đồng, typed with or without thousands separators."""

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else number(Decimal(value), code=locale())

    @property
    def amount(self) -> int | None:
        """Whole đồng; None when nothing or no number is typed."""
        text = (self.data or "").strip()
        return int(re.sub(r"\D", "", text)) if text and _THOUSANDS.fullmatch(text) else None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        text = (self.data or "").strip()
        if text and self.amount is None:
            raise ValidationError(gettext("Write the amount in đồng, for example 120.000.000."))
        if self.amount is not None and self.amount > LARGEST_COST:
            raise ValidationError(gettext("This amount is too large. Check the number of zeros."))


class StepForm(BaseForm):
    """Every field that a step can need."""

    version = VersionField(lazy("Version"), [Optional()])
    reason = LongTextField(lazy("Reason"), longest=4000)
    note = LongTextField(lazy("Text"), longest=10_000, rows=6)
    recommendation = RadioField(
        lazy("Recommendation"),
        choices=options(RECOMMENDATIONS.items()),
        validate_choice=False,
    )
    opinion = RadioField(
        lazy("Answer"),
        choices=options(pair for pair in OPINIONS.items() if pair[0] != ON_PAPER),
        validate_choice=False,
    )
    document_no = TextField(lazy("Number of the document"), longest=60)
    document_date = DayField(lazy("Date of the document"))
    expires_on = DayField(lazy("Valid until"))
    sealed = BooleanField(lazy("The document may not enter the system: number and date only"))
    upload = FileField(lazy("Scanned document"))
    not_secret = BooleanField(lazy("The file holds no state secret"))
    returned_on = DayField(lazy("Handed in on"))
    consent_no = TextField(lazy("Number of the standing committee's consent"), longest=60)
    consent_date = DayField(lazy("Date of the consent"))

    def given(self) -> Input:
        """What was typed, for the service."""
        return Input(
            version=self.version.data,
            reason=self.reason.data or "",
            note=self.note.data or "",
            recommendation=self.recommendation.data or "",
            document_no=self.document_no.data or "",
            document_date=self.document_date.data,
            opinion=self.opinion.data or "",
            sealed=bool(self.sealed.data),
            extra={
                "returned_on": self.returned_on.data,
                "consent_no": self.consent_no.data,
                "consent_date": self.consent_date.data,
            },
        )


class ReportForm(BaseForm):
    """The trip report: what really happened."""

    version = VersionField(lazy("Version"), [Optional()])
    departed_on = DayField(lazy("Really departed on"))
    returned_on = DayField(lazy("Really returned on"))
    countries = CountriesField(lazy("Countries really visited"), abroad=True)
    went = ChecksField(lazy("Who really went"), coerce=int)
    results = LongTextField(lazy("Results"), longest=20_000, rows=8)
    follow_up = LongTextField(lazy("What is to follow"), longest=10_000)
    cost_vnd = CostField(lazy("Real cost to the state budget (đồng)"), longest=30)
    over_limit_reason = LongTextField(lazy("Why the trip went above a yearly limit"), longest=4000)

    def given(self) -> Input:
        """What was typed, for the service."""
        typed = {name: field.data for name, field in self._fields.items() if name != "version"}
        return Input(version=self.version.data, extra=typed | {"cost_vnd": self.cost_vnd.amount})
