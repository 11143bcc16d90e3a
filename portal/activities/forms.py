"""What a step of a file can ask for. A step shows the fields that its row of the table needs."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.activities.types import Input
from portal.activities.words import ON_PAPER, OPINIONS, RECOMMENDATIONS
from portal.web.forms import (
    BaseForm,
    ChecksField,
    CountriesField,
    DayField,
    LongTextField,
    TextField,
    options,
)
from portal.web.i18n import lazy


class VersionField(IntegerField):
    """The version of the file that the page shows."""

    widget = HiddenInput()


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
    cost_vnd = IntegerField(lazy("Real cost to the state budget (đồng)"), [Optional()])
    over_limit_reason = LongTextField(lazy("Why the trip went above a yearly limit"), longest=4000)

    def given(self) -> Input:
        """What was typed, for the service."""
        return Input(
            version=self.version.data,
            extra={name: field.data for name, field in self._fields.items() if name != "version"},
        )
