"""One Jinja environment a language, with constant translations folded when a template is compiled.

``_("Waiting for me")`` in a template costs nothing at request time: it is text in the compiled
template. Macros of ``templates/components`` are reached as ``ui.<macro>`` from every template and
every block, without imports.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from portal.web import i18n
from portal.web.filters import filters_for
from portal.web.states import STATES
from portal.web.static import static_url

COMPONENTS: Final = Path(__file__).parent / "templates" / "components"
_EXTENSION: Final = "portal_environments"
#: Macros whose text depends on their arguments alone: worked out once for each.
PURE: Final = frozenset({"icon", "state", "overdue_mark", "badge", "finding_counts", "due"})
#: No eval, no scripts from fragments, no private pages in the browser's storage; refusals are
#: swapped as pages of ours.
HTMX_CONFIG: Final = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "422", "swap": True},
            {"code": "...", "swap": True, "error": True},
        ],
    }
)


class LocaleEnvironment(Environment):
    """A Flask environment that speaks one language."""

    catalogue: i18n.Catalogue
    components: Components

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        folded = FoldConstants(self.catalogue, self.components).visit(source)
        return super()._generate(folded, *args, **kwargs)


class FoldConstants(NodeTransformer):
    """Work out at compile time what no request can change.

    ``_("…")``, ``static_url("…")`` and ``ui.icon("…")`` become text; of ``_("…%(n)s", n=x)`` only
    the filling-in is left.
    """

    def __init__(self, catalogue: i18n.Catalogue, ui: Components) -> None:
        self.catalogue = catalogue
        self.ui = ui

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        constants = _constants(node)
        if constants is None:
            return node
        match node.node:
            case nodes.Name(name="_" | "gettext") if len(constants) == 1:
                return self._message(node, constants[0])
            case nodes.Name(name="static_url") if not node.kwargs and not current_app.debug:
                return nodes.Const(static_url(*constants), lineno=node.lineno)
            case nodes.Getattr(node=nodes.Name(name="ui"), attr=str(name)) if (
                name in PURE and not node.kwargs
            ):
                return nodes.Const(getattr(self.ui, name)(*constants), lineno=node.lineno)
        return node

    def _message(self, node: nodes.Call, msgid: str) -> nodes.Node:
        translated = nodes.Const(self.catalogue.gettext(msgid), lineno=node.lineno)
        if not node.kwargs:
            return translated
        fill = nodes.Name("_fill", "load", lineno=node.lineno)
        return nodes.Call(fill, [translated], node.kwargs, None, None, lineno=node.lineno)


def _constants(call: nodes.Call) -> list[Any] | None:
    """The positional arguments when all are constants and nothing is unpacked, else None."""
    if call.dyn_args is not None or call.dyn_kwargs is not None:
        return None
    values = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
    return values if len(values) == len(call.args) else None


def _fill(text: str, /, **values: Any) -> Markup | str:
    """Fill a translated message; as soon as one value is markup, the others are escaped."""
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(text) % values  # noqa: S704 - the catalogue is ours
    return text % values


class Components:
    """``ui``: every macro of ``templates/components/*.html`` by its name."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files = macro_files()

    def __getattr__(self, name: str) -> Any:
        try:
            file = self._files[name]
        except KeyError:
            raise AttributeError(f"no component macro {name!r} in {COMPONENTS}") from None
        macro = getattr(self._environment.get_template(f"components/{file}").module, name)
        if name in PURE:
            # typed: text and markup of the same letters are not escaped alike.
            macro = lru_cache(maxsize=4096, typed=True)(macro)
        if not self._environment.auto_reload:
            setattr(self, name, macro)
        return macro


def macro_files() -> dict[str, str]:
    """Macro name → file of ``templates/components``; a name used twice stops the start."""
    found: dict[str, str] = {}
    for path in sorted(COMPONENTS.glob("*.html")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith(("{% macro ", "{%- macro ")):
                name = line.split("macro ", 1)[1].split("(", 1)[0]
                if name.startswith("_"):
                    continue
                if found.setdefault(name, path.name) != path.name:
                    raise ValueError(f"macro {name} is in {found[name]} and in {path.name}")
    return found


def environment() -> Environment:
    """The environment of the current language, made at its first use."""
    code = i18n.locale()
    environments: dict[str, Environment] = current_app.extensions[_EXTENSION]
    found = environments.get(code)
    if found is None:
        found = environments.setdefault(code, _make(current_app, code))
    return found


def _make(app: Flask, code: str) -> Environment:
    plain = app.jinja_env
    strict = {"undefined": StrictUndefined} if app.debug or app.testing else {}
    made = LocaleEnvironment(
        app, trim_blocks=True, lstrip_blocks=True, **strict, **app.jinja_options
    )
    made.catalogue = i18n.catalogue(code)
    made.components = Components(made)
    made.autoescape = plain.autoescape
    made.auto_reload = plain.auto_reload
    made.globals.update(plain.globals)
    made.filters.update(plain.filters)
    made.tests.update(plain.tests)
    made.filters.update(filters_for(code))
    made.globals.update(
        _=made.catalogue.gettext,
        gettext=made.catalogue.gettext,
        ngettext=made.catalogue.ngettext,
        _fill=_fill,
        static_url=static_url,
        locale=code,
        ui=made.components,
        states=STATES,
        htmx_config=HTMX_CONFIG,
        has_endpoint=app.view_functions.__contains__,
    )
    return made


def render(template: str, context: dict[str, Any], block: str | None = None) -> str:
    """Render a template, or one named block of it, in the current language."""
    from jinja2_fragments import render_block

    chosen = environment()
    current_app.update_template_context(context)
    if block is not None:
        return render_block(chosen, template, block, **context)
    return chosen.get_template(template).render(context)


def init_app(app: Flask) -> None:
    """Prepare the environments; the first page of each language compiles them."""
    app.extensions[_EXTENSION] = {}
