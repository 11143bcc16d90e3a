"""What a page offers: its forms as a browser would fill them, its links, its token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]*)"')
_CONTROLS: Final = frozenset({"input", "select", "textarea", "button"})


@dataclass(slots=True)
class Field:
    """A named control and the values that a person could choose."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    required: bool = False


@dataclass(slots=True)
class Form:
    """A form of a page."""

    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, str, tuple[str, ...]]:
        """Forms of one shape are the same form about another thing."""
        names = sorted({re.sub(r"\d+", "0", one.name) for one in self.fields})
        return shape_of(self.action), self.method, tuple(names)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.named: dict[str, Form] = {}
        self.select: Field | None = None
        self.text: Field | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        for name in ("href", "hx-get"):
            if name in given and given[name].startswith("/"):
                self.links.append(given[name])
        if tag == "form":
            kind = given.get("enctype", "")
            method = given.get("method", "get").upper()
            self.form = Form(given.get("action", ""), method, kind.startswith("multipart"))
            self.forms.append(self.form)
            self.named[given.get("id", "")] = self.form
        elif tag == "option" and self.select is not None:
            self.select.choices.append(given.get("value", ""))
            if "selected" in given:
                self.select.value = given.get("value", "")
        elif tag in _CONTROLS and given.get("name") and "disabled" not in given:
            form = self.named.get(given["form"]) if "form" in given else self.form
            if form is not None:
                self._control(form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", tag)
        made = Field(given["name"], kind, given.get("value", ""), required="required" in given)
        if kind in ("radio", "checkbox", "submit", "button"):
            made.choices = [made.value]
            same = next((one for one in form.fields if one.name == made.name), None)
            if same is not None and kind in ("radio", "submit", "button"):
                same.choices.append(made.value)
                return
        form.fields.append(made)
        self.select = made if tag == "select" else self.select
        self.text = made if tag == "textarea" else self.text

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None


def shape_of(address: str) -> str:
    """An address without its keys and values: what kind of page it leads to."""
    path, _, query = address.partition("?")
    names = sorted({pair.partition("=")[0] for pair in query.split("&")})
    return re.sub(r"\d+", "0", path) + "?" + "&".join(names)


def read(text: str) -> tuple[list[Form], list[str]]:
    """The forms and the links of a page or fragment."""
    reader = _Reader()
    reader.feed(text)
    return reader.forms, reader.links
