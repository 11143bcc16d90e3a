"""Finds every message that the portal can show: calls in Python and in templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment

from portal.web.i18n import catalogue_files

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
CATALOGUES = PORTAL / "web" / "translations" / "vi"

#: Calls whose first argument is a message: our functions, and refusals (the web room translates).
MARKERS = {
    *("_", "gettext", "lazy", "refuse"),
    *("NotFound", "Denied", "Conflict", "Unavailable", "ReplayError"),
}

Msgid = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Use:
    """Where a message stands."""

    msgid: Msgid
    place: str


def uses() -> list[Use]:
    """Every message of the portal with its first places."""
    found = [use for path in sorted(PORTAL.rglob("*.py")) for use in _in_python(path)]
    found += [
        use for path in sorted(PORTAL.rglob("templates/**/*.html")) for use in _in_template(path)
    ]
    return found


def literals() -> set[str]:
    """Every string constant in Python: a message that is kept in a constant is used too."""
    return {
        node.value
        for path in PORTAL.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _in_python(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [arg.value for arg in node.args if _is_text(arg)]
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        if name == "ngettext" and len(texts) >= 2:
            yield Use((texts[0], texts[1]), place)
        elif name in MARKERS and node.args and _is_text(node.args[0]):
            yield Use(texts[0], place)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _in_template(path: Path) -> Iterator[Use]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for line, function, message in environment.extract_translations(path.read_text("utf-8")):
        place = f"{path.relative_to(ROOT)}:{line}"
        if function == "ngettext" and isinstance(message, tuple):
            yield Use((str(message[0]), str(message[1])), place)
        elif isinstance(message, str):
            yield Use(message, place)
        elif isinstance(message, tuple) and message and isinstance(message[0], str):
            yield Use(message[0], place)


def entries(domain: str | None = None) -> dict[Msgid, list[str]]:
    """Every entry of the Vietnamese catalogues → the files that hold it; a domain stands apart, as
    the portal reads it.
    """
    found: dict[Msgid, list[str]] = {}
    for path in catalogue_files(CATALOGUES, domain):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    found.setdefault(message.id, []).append(path.name)
    return found


def as_po(msgid: Msgid, place: str) -> str:
    """An entry ready to paste."""
    quote = lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'  # noqa: E731
    if isinstance(msgid, tuple):
        one, many = map(quote, msgid)
        return f'#: {place}\nmsgid {one}\nmsgid_plural {many}\nmsgstr[0] ""\n'
    return f'#: {place}\nmsgid {quote(msgid)}\nmsgstr ""\n'
