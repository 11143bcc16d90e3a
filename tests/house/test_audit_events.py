"""Every audit event that the code writes is declared, and nothing else is."""

import ast
from importlib import import_module

from portal.audit.events import known
from portal.desks.audit_words import event_name
from tests.support.messages import PORTAL

#: Named by an expression, from these tables.
COMPUTED = ("activity.", "amendment.")
WRITERS = {"record", "_record"}


def written() -> set[str]:
    """Names given as plain text to the functions that write the log."""
    found = set()
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in WRITERS and isinstance(first, ast.Constant) and "." in str(first.value):
                found.add(first.value)
    return found | {"access.refused", "demo.loaded"}


def declared() -> set[str]:
    for path in PORTAL.rglob("*.py"):
        if "declare({" in path.read_text("utf-8") and path.parent.name != "audit":
            import_module(".".join(path.relative_to(PORTAL.parent).with_suffix("").parts))
    return {name for name in known() if not name.startswith("test.")}


def test_every_event_that_is_written_is_declared() -> None:
    assert written() - declared() == set()


def test_every_declared_event_is_written_somewhere() -> None:
    plain = {name for name in declared() if not name.startswith(COMPUTED)}
    assert plain - written() == set()


def test_every_event_has_words_for_the_inspector() -> None:
    silent = {name for name in declared() if event_name(name) == name}
    assert silent == set()
