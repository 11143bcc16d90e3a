"""One Jinja environment a language, with constant translations folded when a template is compiled.

``_("Waiting for me")`` in a template costs nothing at request time: it is text in the compiled
template. Macros of ``templates/components`` are reached as ``ui.<macro>`` from every template and
every block, without imports.
"""

from __future__ import annotations

import json
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

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(FoldConstants(self.catalogue).visit(source), *args, **kwargs)


class FoldConstants(NodeTransformer):
    """Replace ``_("…")`` and ``static_url("…")`` by their values; ``_("…%(n)s", n=x)`` keeps only
    the filling-in.
    """

    def __init__(self, catalogue: i18n.Catalogue) -> None:
        self.catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or not _one_constant(node):
            return node
        text = node.args[0].value  # type: ignore[attr-defined] # _one_constant saw a Const
        if node.node.name in ("_", "gettext"):
            translated = nodes.Const(self.catalogue.gettext(text), lineno=node.lineno)
            if not node.kwargs:
                return translated
            fill = nodes.Name("_fill", "load", lineno=node.lineno)
            return nodes.Call(fill, [translated], node.kwargs, None, None, lineno=node.lineno)
        if node.node.name == "static_url" and not current_app.debug:
            return nodes.Const(static_url(text), lineno=node.lineno)
        return node


def _one_constant(call: nodes.Call) -> bool:
    return (
        len(call.args) == 1
        and isinstance(call.args[0], nodes.Const)
        and isinstance(call.args[0].value, str)
        and call.dyn_args is None
        and call.dyn_kwargs is None
    )


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
        ui=Components(made),
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
