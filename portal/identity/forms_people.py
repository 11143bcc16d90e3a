"""The forms about people, stand-ins, accounts and roles."""

from __future__ import annotations

from dataclasses import replace

from wtforms import BooleanField
from wtforms.validators import Optional

from portal.access.roles import Role
from portal.identity.people import PersonFacts
from portal.identity.types import ManagedBy
from portal.identity.words import FIELDS_OF_WORK, MANAGED_BY
from portal.web.forms import BaseForm, ChecksField, ChoiceField, DayField, Required, TextField
from portal.web.i18n import lazy, locale


class PeopleFilterForm(BaseForm):
    """Which people the list shows."""

    q = TextField(lazy("Name"), longest=100)
    whose = ChoiceField(
        lazy("Agency"),
        choices=[("own", lazy("my agency")), ("all", lazy("all agencies"))],
        empty=None,
        default="own",
    )
    key_leaders = BooleanField(lazy("Key leaders only"))


class ColleagueForm(BaseForm):
    """A colleague as whoever drafts may enter them: nothing on which a limit hangs."""

    full_name = TextField(lazy("Full name"), [Required()], longest=120)
    honorific = ChoiceField(
        lazy("Form of address"), choices=[("ông", "ông"), ("bà", "bà")], empty=None, default="ông"
    )
    position = TextField(lazy("Position"), longest=200)

    def facts(self) -> PersonFacts:
        return PersonFacts(
            full_name=self.full_name.data or "",
            honorific=self.honorific.data or "ông",
            position=self.position.data or "",
        )


class PersonForm(ColleagueForm):
    """What an agency writes about one of its people."""

    key_leader = BooleanField(lazy("Key leader (the yearly limit of trips applies)"))
    managed_by = ChoiceField(
        lazy("Managed by"),
        choices=list(MANAGED_BY.items()),
        empty=None,
        default=ManagedBy.AGENCY.value,
    )
    sensitive_post = BooleanField(lazy("Holds a post that the police are asked about"))
    active = BooleanField(lazy("Works here at present"), default=True)

    def facts(self) -> PersonFacts:
        return replace(
            super().facts(),
            key_leader=bool(self.key_leader.data),
            managed_by=self.managed_by.data or ManagedBy.AGENCY.value,
            sensitive_post=bool(self.sensitive_post.data),
            active=bool(self.active.data),
        )


class StandInForm(BaseForm):
    """Who stands in, by which document, from when to when."""

    membership_ids = ChecksField(
        lazy("Roles to entrust"), [Required(lazy("Choose at least one role."))], coerce=int
    )
    user_id = ChoiceField(lazy("Stand-in"), [Required()], coerce=int)
    document_no = TextField(lazy("Number of the document"), [Required()], longest=80)
    document_date = DayField(lazy("Date of the document"), [Required()])
    valid_from = DayField(lazy("First day"), [Required()])
    valid_to = DayField(lazy("Last day"), [Required()])


class AccountFilterForm(BaseForm):
    """Which accounts the list shows."""

    q = TextField(lazy("User name or name"), longest=100)
    agency = ChoiceField(lazy("Agency"), [Optional()], coerce=int, empty=lazy("All agencies"))


class AccountForm(BaseForm):
    """A new account."""

    username = TextField(lazy("User name"), [Required()], longest=40)
    name = TextField(lazy("Full name"), [Required()], longest=120)


class GrantForm(BaseForm):
    """A role to give."""

    tenant_id = ChoiceField(lazy("Agency"), [Required()], coerce=int)
    role = ChoiceField(lazy("Role"), [Required()])
    fields_of_work = ChecksField(
        lazy("Fields of work (deputies only)"), choices=list(FIELDS_OF_WORK.items())
    )
    valid_from = DayField(lazy("First day"), [Optional()])
    valid_to = DayField(lazy("Last day"), [Optional()])


def role_choices() -> list[tuple[str, str]]:
    """Every role in the reader's language."""
    vietnamese = locale() == "vi"
    return [(role.value, role.vi if vietnamese else role.en) for role in Role]
