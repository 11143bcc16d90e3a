"""The forms of the register."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import NumberRange

from portal.compliance import own_versions
from portal.compliance.labels import PARAMETERS
from portal.register import words
from portal.web.forms import (
    BaseForm,
    ChoiceField,
    DayField,
    LongTextField,
    NumberField,
    Required,
    TextField,
)
from portal.web.i18n import lazy

ENACTED: Final = ("province", "party", "pm-decision", "decree", "law")
_RANGE: Final = lazy("Type a whole number from 1 to 10000.")


class RuleFilter(BaseForm):
    """Words and kind of activity."""

    q = TextField(lazy("Words"), longest=200)
    family = ChoiceField(
        lazy("Concerns"), empty=lazy("Everything"), choices=list(words.FAMILIES.items())
    )


class CheckForm(BaseForm):
    """What was compared with what."""

    remark = LongTextField(
        lazy("What was compared"),
        [Required()],
        description=lazy("Which text was read, where, and whether anything differs."),
        longest=1000,
    )


class VersionForm(BaseForm):
    """A version of the province's own; the numbers of the rule are added by `version_form`."""

    number = TextField(lazy("Number of the document"), [Required()], longest=100)
    title_vi = TextField(lazy("Title in Vietnamese"), [Required()], longest=500)
    title_en = TextField(lazy("Title in English"), [Required()], longest=500)
    dated = DayField(lazy("Date of the document"), [Required()])
    level = ChoiceField(
        lazy("Kind of document"), [Required()], choices=[(k, words.LEVELS[k]) for k in ENACTED]
    )
    clause = TextField(lazy("Clause"), [Required()], longest=300)
    address = TextField(
        lazy("Where the text can be read"),
        [Required()],
        description=lazy("An address beginning with https://, or the file number in the archive."),
        longest=500,
    )
    valid_from = DayField(lazy("In force from"), [Required()])
    revision = HiddenField(default="1")


def version_form(params: Iterable[str], **values: Any) -> VersionForm:
    """The form with a field for each number of the rule, at its head."""
    fields = {
        f"param_{name}": NumberField(PARAMETERS[name], [Required(), NumberRange(1, 10_000, _RANGE)])
        for name in params
    }
    form: VersionForm = type("RuleVersionForm", (VersionForm,), fields)(**values)
    return form


def given(form: VersionForm) -> own_versions.Given:
    """What was typed, for the service."""
    valid_from, dated = form.valid_from.data, form.dated.data
    if valid_from is None or dated is None:
        raise ValueError("the form was not validated")
    numbers = {f.name.removeprefix("param_"): f.data for f in form if f.name.startswith("param_")}
    return own_versions.Given(
        valid_from=valid_from,
        params=numbers,
        number=form.number.data,
        title_vi=form.title_vi.data,
        title_en=form.title_en.data,
        dated=dated,
        level=form.level.data,
        address=form.address.data,
        clause=form.clause.data,
    )


class RefusalForm(BaseForm):
    """Why a proposed version is not published."""

    reason = LongTextField(lazy("Reason"), [Required()], longest=1000)


class ImportForm(BaseForm):
    """A file of versions as the export writes it."""

    file = FileField(lazy("File of versions"), [Required()])
