"""What every form shares: cleaned text, Vietnamese dates, countries, messages in two languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, StopValidation, ValidationError

from portal.web import i18n
from portal.web.countries import HOME, countries
from portal.web.i18n import LazyText, gettext, lazy
from portal.web.text import clean, forbidden

FIRST_DAY: Final = dt.date(2000, 1, 1)
LAST_DAY: Final = dt.date(2099, 12, 31)
_VIETNAMESE_DATE: Final = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
Text = str | LazyText
CHOOSE: Final = lazy("Choose")


class BaseForm(FlaskForm):
    """A form of the portal. ``CSRFProtect`` guards every POST, so the form carries no token field
    of its own.
    """

    class Meta(FlaskForm.Meta):
        csrf = False
        #: WTForms' own messages pass through our catalogue.
        locales: Sequence[str] = ()

        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a browser sent, be it nothing; FlaskForm would decode JSON too, of any depth."""
            if isinstance(formdata, MultiDict) or not form.is_submitted():
                return super().wrap_formdata(form, formdata)
            return CombinedMultiDict((request.files, request.form))

    def add_errors(self, errors: Mapping[str, str]) -> None:
        """Put a service's ``FieldErrors`` at its fields; an unknown name goes to the head of the
        form.
        """
        for name, message in errors.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(gettext(message))
            else:
                field.errors = [*field.errors, gettext(message)]

    def mark_required(self, *names: str) -> None:
        """Show these fields as required; the service that takes the form checks them."""
        for name in names:
            self[name].flags.required = True

    def all_errors(self) -> list[tuple[str | None, str]]:
        """(id of the field or None, message) for the error summary, in the order of the form."""
        found: list[tuple[str | None, str]] = [(None, str(text)) for text in self.form_errors]
        for field in self:
            found += [(field.id, f"{field.label.text}: {text}") for text in _flat(field.errors)]
        return found


def _flat(errors: Any) -> Iterable[str]:
    """Messages of a field; nested forms and lists give theirs one by one."""
    if isinstance(errors, Mapping):
        errors = errors.values()
    for error in errors:
        if isinstance(error, (Mapping, list, tuple)):
            yield from _flat(error)
        else:
            yield str(error)


class _Translations:
    """What WTForms asks of a translation object."""

    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        # WTForms fills %(min)d and %(max)d itself.
        return i18n.catalogue(i18n.locale()).form_of(one, many, n)


class Required(InputRequired):
    """The field must be filled; says so in plain words and marks the label."""

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or lazy("Fill in this field."))
        self.field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is None or field.data is False or field.data in ("", [], ()):
            # What could not be read has said so already.
            raise StopValidation("" if field.process_errors else str(self.message))


class _CleanText:
    """Refuses what must not be stored and what is too long."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.field_flags = {"maxlength": longest}

    def __call__(self, form: Any, field: Field) -> None:
        text = field.data or ""
        if forbidden(text):
            raise ValidationError(
                gettext(
                    "This text contains a character that cannot be printed. Type it again here."
                )
            )
        if len(text) > self.longest:
            raise ValidationError(
                gettext(
                    "At most %(most)s characters; this text has %(length)s.",
                    most=self.longest,
                    length=len(text),
                )
            )


class NumberField(IntegerField):
    """A whole number. What is none is told so once, not also in which limits it should lie."""

    def pre_validate(self, form: Any) -> None:
        if self.process_errors and any(str(text).strip() for text in self.raw_data or ()):
            raise StopValidation


class TextField(StringField):
    """One line of text: NFC, single spaces, at most ``longest`` characters."""

    def __init__(
        self, label: Text, validators: Sequence[Any] = (), *, longest: int = 300, **kwargs: Any
    ) -> None:
        super().__init__(label, [*validators, _CleanText(longest)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean(valuelist[0])


class LongTextField(TextAreaField):
    """Several lines of text, at most ``longest`` characters; ``rows`` of the box."""

    def __init__(
        self,
        label: Text,
        validators: Sequence[Any] = (),
        *,
        longest: int = 10_000,
        rows: int = 4,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, [*validators, _CleanText(longest)], **kwargs)
        self.rows = rows

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = clean(valuelist[0], lines=True)


def parse_date(text: str) -> dt.date:
    """dd/mm/yyyy (also with . or -) or yyyy-mm-dd, from 2000 to 2099; else ValueError with a
    message to show.
    """
    text = text.strip()
    if match := _VIETNAMESE_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        raise ValueError(gettext("Write the date as day/month/year, for example 05/09/2026."))
    try:
        value = dt.date(year, month, day)
    except ValueError:
        raise ValueError(
            gettext("There is no day %(text)s. Check the day and the month.", text=text)
        ) from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(gettext("The year must be from 2000 to 2099."))
    return value


class DayField(DateField):
    """A day: shown and typed as dd/mm/yyyy, ISO accepted. What cannot be read stays in the box."""

    def __init__(self, label: Text, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, format="%d/%m/%Y", **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = parse_date(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%d/%m/%Y}" if self.data else ""


def options(pairs: Iterable[Any]) -> list[SelectChoice]:
    """(value, label) pairs as WTForms wants them."""
    return [pair if isinstance(pair, SelectChoice) else SelectChoice(*pair) for pair in pairs]


class _PairChoices(SelectField):
    """Takes its choices as (value, label) pairs, at once or later: ``form.item.choices = …``."""

    def __init__(
        self,
        label: Text,
        validators: Sequence[Any] = (),
        *,
        choices: Iterable[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=options(choices), **kwargs)

    @property
    def choices(self) -> list[SelectChoice]:
        found: list[SelectChoice] = self._choices
        return found

    @choices.setter
    def choices(self, pairs: Iterable[Any]) -> None:
        self._choices = options(pairs)


class ChoiceField(_PairChoices):
    """One of a list; ``empty`` is the text of the first, unselected choice (None: none)."""

    data: Any

    def __init__(
        self,
        label: Text,
        validators: Sequence[Any] = (),
        *,
        empty: Text | None = CHOOSE,
        **kwargs: Any,
    ) -> None:
        self.empty = empty
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if self.empty is not None and valuelist[:1] == [""]:
            self.data = None
        else:
            super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None or self.empty is None:
            super().pre_validate(form)


class RadioChoiceField(ChoiceField):
    """One of a few, all in sight."""


class ChecksField(_PairChoices, SelectMultipleField):
    """Several of a few, each with its check mark."""


class CountriesField(_PairChoices, SelectMultipleField):
    """Countries as ISO 3166 alpha-2 codes, named in the person's language.

    ``abroad``: where somebody travels to, so that Việt Nam is no choice.
    """

    #: With JavaScript a box to type in, of this field and of those made from it.
    picker = True

    def __init__(
        self, label: Text, validators: Sequence[Any] = (), *, abroad: bool = False, **kwargs: Any
    ) -> None:
        self.abroad = abroad
        pairs = [pair for pair in countries() if not abroad or pair[0] != HOME]
        super().__init__(label, validators, choices=pairs, **kwargs)

    @property
    def known(self) -> list[str]:
        """The codes of the list among those that were chosen."""
        codes = {choice.value for choice in self.choices}
        return [code for code in self.data or () if code in codes]

    def pre_validate(self, form: Any) -> None:
        if self.abroad and HOME in self.data:
            raise ValidationError(
                gettext("Việt Nam is not abroad: choose the countries that they travel to.")
            )
        if len(self.known) < len(self.data):
            raise ValidationError(gettext("Choose countries from the list."))
