"""The changes that would cure a finding, as buttons and links of the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from portal.compliance.cures import Cure, cures
from portal.compliance.facts import Case
from portal.compliance.findings import Finding, Judgement
from portal.compliance.names import Names
from portal.compliance.regulations import Regulations
from portal.web.i18n import gettext, locale

Button = dict[str, str]

_FIELDS: Final[Mapping[str, str]] = {
    "members": "people_query",
    "programme": "programme-rows",
    "inviter": "invitation_from",
    "dated": "invitation_date",
    "document": "upload",
    "start": "departs",
    "end": "returns",
}
"""Where a missing fact is entered, if its field is called otherwise."""

_BUTTONS: Final[Mapping[str, Callable[[str], str]]] = {
    "leave-on-or-after": lambda day: f"departs:{day}",
    "leave-on-or-before": lambda day: f"departs:{day}",
    "return-on-or-before": lambda day: f"returns:{day}",
    "link-plan-item": lambda key: f"plan-item:{key[1:]}",
    "unlink-plan-item": lambda _none: "plan-item:",
    "leave-secrets-at-home": lambda _none: "no-secrets:",
}
_SEVERAL: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "remove-member": lambda keys: "remove-member:" + ",".join(key[1:] for key in keys),
    "drop-country": lambda codes: "remove-country:" + ",".join(codes),
}
"""Buttons that take several at once."""


def remedies(
    case: Case, judgement: Judgement, names: Names, law: Regulations
) -> dict[int, list[Button]]:
    """For each finding of `judgement`, by its place, what the form offers against it."""
    places = {_key(finding): place for place, finding in enumerate(judgement.findings)}
    found: dict[int, list[Button]] = {}
    for cure in cures(case, judgement, law):
        button = _button(cure, names)
        if button is not None:
            found.setdefault(places[_key(cure.finding)], []).append(button)
    return found


def _key(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.subject


def _button(cure: Cure, names: Names) -> Button | None:
    text = cure.text_en(names) if locale() == "en" else cure.text_vi(names)
    if cure.action == "fill-in":
        field = _FIELDS.get(cure.target[0], cure.target[0])
        return None if field == "submitted" else {"label": text, "url": f"#{field}"}
    if cure.action in _SEVERAL:
        return {"label": text, "name": "do", "value": _SEVERAL[cure.action](cure.target)}
    act = _BUTTONS.get(cure.action)
    if act is None:
        return None
    target = cure.target[0] if cure.target else ""
    button = {"label": text, "name": "do", "value": act(target)}
    if cure.action == "link-plan-item":
        button["fold"] = gettext("Choose a plan item")
    return button
