"""A file is what its content says; what runs, hides or swells is refused with the reason."""

from pathlib import Path

import pytest

from portal.core.errors import FieldErrors
from portal.documents import content, names
from tests.support import files

GOOD = {
    "pdf": files.PDF,
    "png": files.PNG,
    "jpg": files.JPEG,
    "jpeg": files.JPEG,
    "docx": files.docx(),
    "xlsx": files.xlsx(),
    "odt": files.odf(),
    "ods": files.odf("spreadsheet"),
    "txt": "\ufeffChương trình làm việc\r\n\tngày 1\n".encode() * 9000,
}


def look(folder: Path, data: bytes, extension: str) -> str:
    path = folder / "x"
    path.write_bytes(data)
    return content.media_type(path, extension, field="upload")


@pytest.mark.parametrize("extension", GOOD)
def test_an_honest_file_is_taken(tmp_path, extension):
    assert look(tmp_path, GOOD[extension], extension) == content.MEDIA_TYPES[extension]


@pytest.mark.parametrize("claimed", GOOD)
@pytest.mark.parametrize("actual", [*GOOD, "exe", "html"])
def test_a_file_that_lies_about_its_type_is_refused(tmp_path, claimed, actual):
    others = {"exe": b"MZ\x90\x00" + bytes(100), "html": b"<script>alert(1)</script>\x00"}
    data = {**GOOD, **others}[actual]
    same = {claimed, actual} in ({"jpg", "jpeg"}, {claimed})
    if same or (claimed == "txt" and actual == "pdf"):  # this PDF is readable text indeed
        return
    with pytest.raises(FieldErrors) as refused:
        look(tmp_path, data, claimed)
    assert refused.value.errors.keys() == {"upload"}


@pytest.mark.parametrize(
    ("data", "extension", "why"),
    [
        (files.docm(), "docx", content.MACROS),
        (files.docx({"word/vbaProject.bin": b"x"}), "docx", content.MACROS),
        (files.docx({"word/activeX/activeX1.xml": b"x"}), "docx", content.MACROS),
        (files.docx(kind="application/x.macroEnabled.main+xml"), "docx", content.MACROS),
        (files.archive({"Basic/a.xml": "x", "mimetype": "x"}), "odt", content.MACROS),
        (files.docx(), "docm", content.OTHER_TYPE),
        (b"", "exe", content.OTHER_TYPE),
        (b"<svg/>", "svg", content.OTHER_TYPE),
        (files.OLE, "docx", content.LOCKED),
        (files.OLE, "doc", content.OTHER_TYPE),
        (files.with_password(files.docx()), "docx", content.LOCKED),
        (files.odf(manifest="<x><encryption-data/></x>"), "odt", content.LOCKED),
        (files.docx({"word/a.xml": bytes(5_000_000)}), "docx", content.SWOLLEN),
        (files.docx({f"word/{n}": b"" for n in range(6000)}), "docx", content.SWOLLEN),
        (files.docx({"../../etc/passwd": b"x"}), "docx", content.BROKEN),
        (files.docx({"/etc/passwd": b"x"}), "docx", content.BROKEN),
        (files.docx()[:-30], "docx", content.BROKEN),
        (files.xlsx(), "docx", content.LIES),
        (files.archive({"a": "b"}), "docx", content.LIES),
        (files.archive({"word/document.xml": "b"}), "docx", content.LIES),
        (files.odf("spreadsheet"), "odt", content.LIES),
        (files.PDF[:30], "pdf", content.BROKEN),
        (b"junk" + files.PDF, "pdf", content.LIES),
        (b"a\0b", "txt", content.NOT_TEXT),
        ("Việt Nam".encode("utf-16"), "txt", content.NOT_TEXT),
        (b"caf\xe9", "txt", content.NOT_TEXT),
    ],
)
def test_a_dangerous_or_broken_file_is_refused_with_its_reason(tmp_path, data, extension, why):
    with pytest.raises(FieldErrors) as refused:
        look(tmp_path, data, extension)
    assert refused.value.errors == {"upload": why}


def test_a_member_that_unpacks_to_more_than_it_declares_is_never_read_whole(tmp_path):
    bomb = files.archive({"mimetype": b"a" * 5_000_000, "content.xml": "x" * 900_000})
    with pytest.raises(FieldErrors):
        look(tmp_path, bomb, "odt")


@pytest.mark.parametrize("size", [1, 2, 3, 65535, 65536, 65537, 65538, 131071])
def test_text_is_read_in_blocks_without_cutting_a_letter(tmp_path, size):
    text = ("ế" * (size // 3) + "a" * (size % 3)).encode()
    assert look(tmp_path, text, "txt") == content.TEXT
    with pytest.raises(FieldErrors):
        look(tmp_path, text + b"\xe1\xba", "txt")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Thư mời.PDF", ("Thư mời.PDF", "pdf")),
        ("Thu\u031b mo\u031b\u0300i.pdf", ("Thư mời.pdf", "pdf")),
        ("  a   b .docx", ("a b .docx", "docx")),
        ("=cmd|'c calc'.xlsx", ("=cmd|'c calc'.xlsx", "xlsx")),
        ("a.tar.pdf", ("a.tar.pdf", "pdf")),
    ],
)
def test_a_name_is_kept_as_people_write_it(raw, kept):
    assert names.checked(raw, field="upload") == kept


@pytest.mark.parametrize(
    "raw",
    [
        "", "pdf", ".pdf", "..pdf", ". .pdf", "a.", "../a.pdf", "a/b.pdf", "C:\\a.pdf", "a\0.pdf",
        "a\n.pdf", "a\x7f.pdf", "gpj\u202e.pdf", "\ud800.pdf", "x" * 200 + ".pdf",
        "ế" * 120 + ".pdf",
    ],
)  # fmt: skip
def test_a_name_with_a_folder_or_an_unprintable_character_is_refused(raw):
    with pytest.raises(FieldErrors) as refused:
        names.checked(raw, field="upload")
    assert refused.value.errors.keys() == {"upload"}
