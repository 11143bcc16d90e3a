"""The register shows every case of the law as a sentence in both languages."""

import pytest

from portal.compliance.cases import load_file
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.web.i18n import catalogue_files, dgettext, read_catalogue, use_locale
from tests.support.messages import CATALOGUES, as_po, entries

WHERE = "portal/web/translations/vi/cases.po"


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """Name of each case → its file."""
    files = sorted((DEFAULT_FOLDER / "cases").rglob("*.yaml"))
    return {case.name: file.name for file in files for case in load_file(file)}


def test_every_case_has_its_vietnamese_sentence(names: dict[str, str]) -> None:
    known = entries("cases")
    missing = [as_po(name, file) for name, file in names.items() if name not in known]
    assert not missing, f"\n\nAdd to {WHERE}, in the words of the papers:\n\n" + "\n".join(missing)


def test_no_sentence_is_left_of_a_case_that_is_gone(names: dict[str, str]) -> None:
    gone = sorted(str(msgid) for msgid in entries("cases") if msgid not in names)
    assert not gone, f"no case has these names: rename them or take them out of {WHERE}:\n" + (
        "\n".join(gone)
    )


def test_each_case_says_something_of_its_own_in_a_whole_sentence() -> None:
    sentences = list(read_catalogue(CATALOGUES, "cases").singular.values())
    odd = [s for s in sentences if not (s[0].isupper() and s.endswith("."))]
    assert not odd, "begin with a capital, end with a full stop:\n" + "\n".join(odd)
    assert len(sentences) == len(set(sentences)), "two cases say the same"


def test_a_case_is_said_in_the_language_of_the_reader(names: dict[str, str]) -> None:
    name = next(iter(names))
    with use_locale("vi"):
        assert dgettext("cases", name) == read_catalogue(CATALOGUES, "cases").singular[name]
    with use_locale("en"):
        assert dgettext("cases", name) == name


def test_the_start_does_not_read_them() -> None:
    assert "cases.po" not in {path.name for path in catalogue_files(CATALOGUES)}
