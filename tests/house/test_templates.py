"""House rules that the text of a template must keep, before any page is loaded."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from portal.web.rendering import macro_files
from tests.support.messages import PORTAL, ROOT

TEMPLATES = sorted(PORTAL.rglob("templates/**/*.html"))
NAMES = {
    path.relative_to(_root).as_posix()
    for path in TEMPLATES
    for _root in [next(p for p in path.parents if p.name == "templates")]
}
FORBIDDEN = {
    r"\|\s*safe\b": "|safe shows text unescaped",
    r"\bautoescape\b": "escaping is never switched off",
    r"<script(?![^>]*\bsrc=)": "scripts are files of static/js",
    r"<style\b": "styles are files of static/css",
    r"\sstyle\s*=": "styles are classes of portal.css",
    r"\son[a-z]+\s*=": "listeners are in static/js/portal.js",
    r"\shx-on": "htmx may not evaluate text",
    r"javascript:": "no script in an address",
    r"\bhx-(?:put|patch|delete)\b": "only GET and POST, so that it works without JavaScript",
    r"https?://(?!www\.w3\.org)": "nothing is fetched from elsewhere",
    r"\{%-?\s*trans\b": 'write {{ _("…") }}',
}


def parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text("utf-8"))


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.relative_to(PORTAL).as_posix())
def template(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_template_holds_nothing_that_the_browser_or_the_reader_must_not_get(
    template: Path,
) -> None:
    for number, line in enumerate(template.read_text("utf-8").splitlines(), start=1):
        for pattern, reason in FORBIDDEN.items():
            assert not re.search(pattern, line), f"{template.name}:{number}: {reason}"


def test_every_template_that_is_named_exists(template: Path) -> None:
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in parsed(template).find_all(kinds):
        for name in (
            node.template.find_all(nodes.Const)
            if not isinstance(node.template, nodes.Const)
            else [node.template]
        ):
            assert name.value in NAMES, f"{template.name}:{node.lineno}: no template {name.value}"


def test_no_imported_macro_is_left_unused(template: Path) -> None:
    tree = parsed(template)
    used = {node.name for node in tree.find_all(nodes.Name)}
    for node in tree.find_all(nodes.FromImport):
        for name in node.names:
            alias = name[1] if isinstance(name, tuple) else name
            assert alias in used, f"{template.name}:{node.lineno}: {alias} is not used"


def test_every_component_that_is_called_exists(template: Path) -> None:
    known = macro_files()
    for node in parsed(template).find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "ui":
            assert node.attr in known, f"{template.name}:{node.lineno}: no component {node.attr}"


def test_every_component_says_what_it_takes() -> None:
    for name, file in macro_files().items():
        text = (PORTAL / "web" / "templates" / "components" / file).read_text("utf-8")
        assert re.search(rf"\{{#\s*{name}\(", text), f"{file}: no comment begins with {name}(…)"


def test_every_component_is_shown_somewhere() -> None:
    text = "".join(path.read_text("utf-8") for path in TEMPLATES)
    idle = [name for name in macro_files() if f"ui.{name}(" not in text]
    assert not idle, f"nobody calls these components: {idle}"


def test_no_view_renders_past_the_languages() -> None:
    """flask.render_template would always speak one language; render_page chooses."""
    for path in PORTAL.rglob("*.py"):
        assert "render_template" not in path.read_text("utf-8"), path.relative_to(ROOT)


def test_the_template_linter_is_content() -> None:
    command = [sys.executable, "-m", "djlint", "portal", "--lint", "--quiet"]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stdout
