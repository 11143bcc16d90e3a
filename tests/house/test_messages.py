"""Every word that the portal can show has its Vietnamese, and the catalogues hold nothing else."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.web import i18n
from tests.support.messages import CATALOGUES, Msgid, as_po, entries, literals, uses


def test_every_message_has_its_vietnamese() -> None:
    known = entries()
    missing: dict[Msgid, str] = {}
    for use in uses():
        if use.msgid not in known:
            missing.setdefault(use.msgid, use.place)
    assert not missing, "\n\nAdd to portal/web/translations/vi/<room>.po:\n\n" + "\n".join(
        as_po(msgid, place) for msgid, place in missing.items()
    )


def test_no_catalogue_holds_a_message_that_nobody_shows() -> None:
    shown = {use.msgid for use in uses()} | literals()
    unused = {
        f"{', '.join(files)}: {msgid}"
        for msgid, files in entries().items()
        if msgid not in shown and (msgid if isinstance(msgid, str) else msgid[0]) not in _wtforms()
    }
    assert not unused, "take these entries out:\n" + "\n".join(sorted(unused))


def _wtforms() -> str:
    spec = find_spec("wtforms")
    assert spec is not None
    assert spec.origin
    return "\n".join(path.read_text("utf-8") for path in Path(spec.origin).parent.rglob("*.py"))


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.po")), ids=lambda path: path.name)
def test_no_entry_is_fuzzy_obsolete_or_empty(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert not catalogue.obsolete, "take obsolete entries out"
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, f"{message.id!r} is fuzzy"
            strings = message.string if isinstance(message.id, tuple) else [message.string]
            assert all(strings), f"{message.id!r} has no Vietnamese"


def test_the_words_are_those_of_the_papers() -> None:
    """No apology, no exclamation mark, no "error" in what people read."""
    for path in CATALOGUES.glob("*.po"):
        text = path.read_text("utf-8")
        for word in ("Lỗi", "không hợp lệ", "Xin lỗi"):
            assert word not in text, f"{path.name} says {word!r}"
        with path.open("rb") as file:
            assert not [m.id for m in read_po(file) if m.id and "!" in str(m.string)], path.name


def test_two_catalogues_that_contradict_each_other_stop_the_start(tmp_path: Path) -> None:
    for name, text in (("a", "Duyệt"), ("b", "Chấp thuận")):
        (tmp_path / f"{name}.po").write_text(f'msgid "Approve"\nmsgstr "{text}"\n', "utf-8")
    with pytest.raises(i18n.CatalogueError, match="another file"):
        i18n.read_catalogue(tmp_path)


def test_a_translation_that_loses_a_placeholder_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text('msgid "due %(when)s"\nmsgstr "hạn"\n', "utf-8")
    with pytest.raises(i18n.CatalogueError, match="placeholders"):
        i18n.read_catalogue(tmp_path)
