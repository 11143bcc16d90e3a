"""What was typed into a form, in the words of that form: for pages that show it without the form.

The labels come from the form class of the view's own room that knows most of the posted names. A
room whose forms are more than fields (rows of people, of days) tells its own story.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms import BooleanField, Field, SelectFieldBase

from portal.web.forms import BaseForm
from portal.web.i18n import gettext

Told = list[tuple[str, str]]
"""(label, what was typed) in the order of the form."""
Teller = Callable[[MultiDict[str, str]], Told]

#: What a page carries for itself has no spaces; what a person wrote and no form knows mostly has.
_CARRIED: Final = re.compile(r"[\w.:/-]{0,60}")
_tellers: Final[dict[str, Teller]] = {}


def told_by(blueprint: Blueprint, teller: Teller) -> None:
    """Let a room say itself what was typed into its forms."""
    _tellers[blueprint.name] = teller


def told(url: str, fields: Sequence[tuple[str, str]]) -> Told:
    """What ``fields``, posted to ``url``, say in the words of the reader's language."""
    values: MultiDict[str, str] = MultiDict(fields)
    endpoint = _endpoint_of(url)
    teller = _tellers.get(endpoint.rpartition(".")[0])
    if teller is not None:
        return teller(values)
    form = _form_of(endpoint, values)
    return [pair for name in values for pair in _told(name, values.getlist(name), form)]


def _endpoint_of(url: str) -> str:
    adapter = current_app.create_url_adapter(request)
    try:
        matched = adapter.match(urlsplit(url).path, method="POST") if adapter else ("", {})
    except (HTTPException, RequestRedirect):
        return ""
    return str(matched[0])


def _form_of(endpoint: str, values: MultiDict[str, str]) -> BaseForm | None:
    """The form of the view's room that knows most of these names, filled with them."""
    view = current_app.view_functions.get(endpoint)
    room = view.__module__.rpartition(".")[0] if view else ""
    best = max(
        (kind for kind in _kinds(BaseForm) if kind.__module__.rpartition(".")[0] == room),
        key=lambda kind: sum(hasattr(kind, name) for name in values),
        default=None,
    )
    return None if best is None else best(formdata=values)


def _kinds(base: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _told(name: str, texts: Sequence[str], form: BaseForm | None) -> Told:
    field: Field | None = form._fields.get(name) if form is not None else None
    if field is None:
        written = [text for text in texts if not _CARRIED.fullmatch(text)]
        return [(gettext("Also written"), text) for text in written]
    if "Hidden" in type(field.widget).__name__:
        return []
    return [(str(field.label.text), ", ".join(_said(field, text) for text in texts) or "–")]


def _said(field: Any, text: str) -> str:
    """A choice by its label: its code says nothing to a person."""
    if isinstance(field, BooleanField):
        return gettext("Yes")
    if isinstance(field, SelectFieldBase):
        labels = {str(value): str(label) for value, label, *_rest in field.iter_choices()}
        return labels.get(text) or (gettext("chosen") if text else "–")
    return text or "–"
