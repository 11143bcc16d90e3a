"""Reads one activity of a case file, proposal or history, of any of the five kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from portal.compliance import facts
from portal.compliance.facts import AnyActivity, Guest, Invitation, Member, Opinion, ProgrammeItem
from portal.compliance.reader import Fields, Path, as_country, as_flag, as_text, wrong
from portal.compliance.strict_yaml import MalformedError, dotted

COMMON: Final = ("id", "kind", "agency", "plan_item", "stage", "classified", "submitted")

Reader = Callable[[Fields], AnyActivity]


def read_activity(value: object, path: Path, *, history: bool) -> AnyActivity:
    """One proposal (`history=False`) or one entry of the history, which must carry a status."""
    kind = _kind_of(value, path)
    keys, read = _KINDS[kind]
    extra = ("status",) if history else ()
    fields = Fields(value, path, (*COMMON, *extra, *keys), "a mapping")
    return read(fields)


def _kind_of(value: object, path: Path) -> facts.Kind:
    if not isinstance(value, dict):
        raise wrong(path, "a mapping", value)
    only_kind = Fields({"kind": value.get("kind")}, path, ("kind",), "a mapping")
    return only_kind.required_choice("kind", facts.KINDS)


def _common(fields: Fields) -> dict[str, Any]:
    status = None
    if fields.has("status") or fields.path[0] == "history":
        status = fields.required_choice("status", get_args(facts.Status))
    return {
        "id": fields.id("id"),
        "agency": fields.id("agency"),
        "status": status,
        "plan_item": fields.text("plan_item"),
        "stage": fields.choice("stage", get_args(facts.Stage)) or "submission",
        "classified": fields.choice("classified", get_args(facts.Classified)) or "none",
        "submitted": fields.day("submitted"),
    }


def _outbound(fields: Fields) -> AnyActivity:
    members = fields.each("members", _member)
    _nobody_twice(members, fields.at("members"))
    return facts.Outbound(
        **_common(fields),
        reported=fields.day("reported"),
        departs=fields.day("departs"),
        returns=fields.day("returns"),
        countries=fields.each("countries", as_country),
        members=members,
        purpose=fields.stated("purpose"),
        host_partner=fields.stated("host_partner"),
        content=fields.stated("content"),
        programme=fields.each("programme", _programme_item),
        invitation=_invitation(fields),
        necessity=fields.stated("necessity"),
        funding=fields.choice("funding", get_args(facts.Funding)),
        organiser=fields.choice("organiser", get_args(facts.Organiser)),
        leader_rank=fields.choice("leader_rank", get_args(facts.LeaderRank)),
        important_event=fields.flag("important_event"),
        secret_documents=_secret_documents(fields),
        passports_returned=fields.day("passports_returned"),
    )


def _member(value: object, path: Path) -> Member:
    fields = Fields(value, path, ("person", "role", "relative_of"), "a mapping with person")
    return Member(
        person=fields.id("person"),
        role=fields.choice("role", get_args(facts.Role)) or "member",
        relative_of=fields.text("relative_of"),
    )


def _nobody_twice(members: tuple[Member, ...], path: Path) -> None:
    seen: set[str] = set()
    for number, member in enumerate(members):
        if member.person in seen:
            key = dotted((*path, number, "person"))
            raise MalformedError(key, "expected each person once in a delegation")
        seen.add(member.person)


def _programme_item(value: object, path: Path) -> ProgrammeItem:
    fields = Fields(value, path, ("date", "item", "topics"), "a mapping with date, item, topics")
    fields.text("item")
    return ProgrammeItem(on=fields.day("date"), topics=fields.each("topics", as_text))


def _invitation(fields: Fields) -> Invitation | None:
    if not fields.has("invitation"):
        return None
    what = "a mapping with from, date, document"
    inner = Fields(
        fields.raw("invitation"), fields.at("invitation"), ("from", "date", "document"), what
    )
    return Invitation(
        inviter=inner.stated("from"), dated=inner.day("date"), document=inner.flag("document")
    )


def _secret_documents(fields: Fields) -> facts.SecretDocuments:
    value, path = fields.raw("secret_documents"), fields.at("secret_documents")
    if isinstance(value, dict):
        inner = Fields(value, path, ("permission",), "a mapping with permission")
        return "permitted" if inner.flag("permission") else "without-permission"
    if value is None or value is False:
        return "none"
    if value is True:
        return "without-permission"
    raise wrong(path, "true, false or a mapping with permission", value)


def _inbound(fields: Fields) -> AnyActivity:
    return facts.Inbound(
        **_common(fields),
        reported=fields.day("reported"),
        arrives=fields.day("arrives"),
        leaves=fields.day("leaves"),
        guests=fields.each("guests", _guest),
        press_permit=fields.flag("press_permit"),
        received_by=fields.choice("received_by", get_args(facts.ReceivedBy)),
        areas=fields.choices("areas", get_args(facts.Area)),
        police_notified=fields.day("police_notified"),
    )


_GUEST: Final = ("name", "title", "nationality", "passport_no", "press")


def _guest(value: object, path: Path) -> Guest:
    fields = Fields(value, path, _GUEST, "a mapping with " + ", ".join(_GUEST))
    known = {key: fields.stated(key) for key in _GUEST[:4]}
    return Guest(**known, press=fields.flag("press"))


def _opinion(value: object, path: Path) -> Opinion:
    return _read_opinion(value, path, ("from", "asked", "received"))


def _opinion_or_objection(value: object, path: Path) -> Opinion:
    return _read_opinion(value, path, ("from", "asked", "received", "objection"))


def _read_opinion(value: object, path: Path, keys: tuple[str, ...]) -> Opinion:
    fields = Fields(value, path, keys, "a mapping with " + ", ".join(keys))
    return Opinion(
        body=fields.id("from"),
        asked=fields.day("asked"),
        received=fields.day("received"),
        objection=fields.flag("objection"),
    )


def _conference(fields: Fields) -> AnyActivity:
    return facts.Conference(
        **_common(fields),
        reported=fields.day("reported"),
        starts=fields.day("starts"),
        ends=fields.day("ends"),
        organiser_origin=fields.choice("organiser_origin", get_args(facts.OrganiserOrigin)),
        foreign_participants=fields.maybe_flag("foreign_participants"),
        foreign_funding=fields.maybe_flag("foreign_funding"),
        press_conference=fields.flag("press_conference"),
        highest_foreign_rank=fields.choice("highest_foreign_rank", get_args(facts.ForeignRank)),
        topics=fields.each("topics", as_text),
        documents=fields.choices("documents", get_args(facts.ConferenceDocument)),
        opinions=fields.each("opinions", _opinion),
    )


def _project(fields: Fields) -> AnyActivity:
    return facts.Project(
        **_common(fields),
        type=fields.choice("type", get_args(facts.ProjectType)) or "grant-aid",
        starts=fields.day("starts"),
        ends=fields.day("ends"),
        donor=_donor(fields),
        topics=fields.each("topics", as_text),
        documents=fields.choices("documents", get_args(facts.ProjectDocument)),
        screening=_screening(fields),
        dossier_complete=fields.day("dossier_complete"),
        appraised=fields.day("appraised"),
        opinions=fields.each("opinions", _opinion),
    )


def _donor(fields: Fields) -> facts.Donor | None:
    if not fields.has("donor"):
        return None
    keys = ("kind", "registered")
    inner = Fields(fields.raw("donor"), fields.at("donor"), keys, "a mapping with kind, registered")
    return facts.Donor(
        kind=inner.choice("kind", get_args(facts.DonorKind)), registered=inner.flag("registered")
    )


def _screening(fields: Fields) -> dict[str, bool]:
    if not fields.has("screening"):
        return {}
    path, questions = fields.at("screening"), facts.SCREENING_QUESTIONS
    inner = Fields(fields.raw("screening"), path, questions, "a mapping of six answers")
    return {
        question: as_flag(inner.raw(question), inner.at(question))
        for question in questions
        if inner.has(question)
    }


def _agreement(fields: Fields) -> AnyActivity:
    return facts.Agreement(
        **_common(fields),
        reported=fields.day("reported"),
        signatory=fields.choice("signatory", get_args(facts.Signatory)),
        signing=fields.day("signing"),
        procedure=fields.choice("procedure", get_args(facts.Procedure)) or "standard",
        topics=fields.each("topics", as_text),
        documents=fields.choices("documents", get_args(facts.AgreementDocument)),
        non_binding_clause=fields.flag("non_binding_clause"),
        opinions=fields.each("opinions", _opinion_or_objection),
    )


_KINDS: Final[dict[facts.Kind, tuple[tuple[str, ...], Reader]]] = {
    "outbound": (
        (
            *("departs", "returns", "countries", "members", "purpose", "host_partner", "content"),
            *("programme", "invitation", "necessity", "funding", "organiser", "leader_rank"),
            *("important_event", "secret_documents", "passports_returned", "reported"),
        ),
        _outbound,
    ),
    "inbound": (
        (
            *("arrives", "leaves", "guests", "press_permit", "received_by", "areas"),
            *("police_notified", "reported"),
        ),
        _inbound,
    ),
    "conference": (
        (
            *("starts", "ends", "organiser_origin", "foreign_participants", "foreign_funding"),
            *("press_conference", "highest_foreign_rank", "topics", "documents", "opinions"),
            "reported",
        ),
        _conference,
    ),
    "project": (
        (
            *("type", "starts", "ends", "donor", "topics", "documents", "screening"),
            *("dossier_complete", "appraised", "opinions"),
        ),
        _project,
    ),
    "agreement": (
        (
            *("signatory", "signing", "procedure", "topics", "documents", "non_binding_clause"),
            *("opinions", "reported"),
        ),
        _agreement,
    ),
}
