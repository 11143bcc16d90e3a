"""What nobody should send: values, whole bodies, files and headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.support.files import JPEG, OLE, PDF, PNG, archive, docm, docx, with_password, xlsx

MARKUP: Final = '<xsscanary onload=alert(1)>"><script>alert(1)</script>'
"""Must never stand unescaped on a page."""
RAW_MARKUP: Final = b"<xsscanary"
PRODUCT: Final = b"1787569"
"""1337 × 1337: what a template would make of SUMS."""
SUMS: Final = "{{1337*1337}}${1337*1337}<%= 1337*1337 %>#{1337*1337}"

NUMBERS: Final = (
    "0", "-1", "1", "2", "-2147483649", "32768", "65536", "2147483648", "4294967296",
    str(2**63 - 1), str(2**63), str(-(2**63) - 1), str(10**40), "9" * 5000, "1.5", "1e309", "NaN",
    "-Infinity", "0x10", "1_000", "٣٤", "²", "½", "１２", "1 000", "+1", "--1", " 7 ", "true",
)  # fmt: skip
DAYS: Final = (
    "31/02/2026", "29/02/2026", "01/01/1900", "31/12/9999", "01/01/10000", "00/00/0000",
    "1/1/2026", "2026-13-01", "0001-01-01", "32/01/2026", "07/09/2026", "06/09/2026",
    "16/11/2026", "20/11/2026", "01/01/2099", "31/12/2099", "yesterday", "٠١/٠١/٢٠٢٦", "2026-09",
    "9999-12", "0000-00", "2026-09-07T00:00:00Z", "07.09.2026", "-1/-1/-1",
)  # fmt: skip
TEXTS: Final = (
    "", " ", "\t\r\n", MARKUP, SUMS, "javascript:alert(1)", "=cmd|'/C calc'!A0", "@SUM(1+9)*cmd",
    "+1-1", "'; DROP TABLE activity; --", "' OR '1'='1", "1) UNION SELECT null--", "%s %d %n",
    "%(x)s %(name)s %%", "%", "{0} {x!r}", "\\", "\\x00", "a\0b", "\x01\x02\x07\x1b[31m", "\x7f\x85",
    "\u202eabc\u202c", "\u200b\u200d\ufeff", "a\u0301\u0302\u0303" * 50, "\ud800", "\udfff\ud800",
    "\uffff\ufffe", "🇻🇳👨‍👩‍👧‍👦", "Ｆｕｌｌ", "ǅ ß ı İ", "đ Đ ă â ê ô ơ ư", "../../../etc/passwd",
    "/etc/passwd\0.pdf", "C:\\CON", "http://169.254.169.254/", "//evil.example/", "null", "None",
    "undefined", "[]", "{}", '{"$ne": 1}', "__class__", "__proto__", "csrf_token", "VN,LA", "XX", "ZZ",
    "LA", "la", "a, b & c | !d:* <-> 'e'", "*", "_", "%25", "\r\nSet-Cookie: a=b", "\u2028", "on",
)  # fmt: skip
LONG: Final = ("x" * 100_000, "đ" * 50_000, "<b>" * 30_000, "a " * 50_000, "\u0301" * 20_000)
BYTES: Final = (
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf0\x28\x8c\xbc",
    b"%",
    b"%zz",
    b"\x00",
)

TYPES: Final = (
    "application/json", "application/xml", "text/plain", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300,
    "application/x-www-form-urlencoded; charset=utf-16", "text/html;;;", "\xff", "",
)  # fmt: skip
BODIES: Final = (
    b"", b"{", b'{"csrf_token": "x", "version": {"a": [1]}}', b"[" * 5000, b"<!DOCTYPE x SYSTEM 'y'>",
    b"<a>&x;</a>", b"\xff" * 100, b"a=%ff%fe&b=%", b"&&&===", b"=" * 2000, b"a=1&" * 3000,
    b"--x\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"a.pdf\"\r\n\r\n%PDF",
    b"--\r\n", b"x" * 3_000_000,
)  # fmt: skip
METHODS: Final = (
    "GET",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "PATCH",
    "DELETE",
    "TRACE",
    "PROPFIND",
    "X",
)
HEADERS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("HX-Request", ("true", "false", "x")),
    ("HX-Target", ("results", "main", "x" * 5000, "\xff", "<b>")),
    ("HX-Current-URL", ("http://localhost/people", "http://[::1", "javascript:1", "\xe9", "/" * 999)),
    ("HX-Boosted", ("true",)),
    ("HX-Trigger-Name", ("q",)),
    ("Host", ("evil.example", "localhost:99999", "a b", "", "[::1", "x" * 300, "localhost/x")),
    ("X-Forwarded-For", ("1.2.3.4", "x" * 1000, "' OR 1=1", "::1, 10.0.0.1")),
    ("X-Forwarded-Host", ("evil.example",)),
    ("X-Forwarded-Proto", ("https", "javascript")),
    ("X-Forwarded-Prefix", ("/evil", "//evil.example")),
    ("Range", ("bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,2-3", "x=1", "bytes=" + "9" * 400)),
    ("If-None-Match", ("*", '"x"', 'W/"', "x" * 5000)),
    ("If-Modified-Since", ("Mon, 07 Sep 2026 00:00:00 GMT", "x", "Mon, 99 Xxx 9999")),
    ("If-Range", ('"x"', "x")),
    ("Accept", ("application/json", "text/html;q=x", "*/*;" * 500, "\xff", "image/png")),
    ("Accept-Language", ("en", "vi", "xx-YY;q=9", "\xff", "a," * 2000)),
    ("Accept-Encoding", ("gzip", "br;q=x", "identity;q=0, *;q=0")),
    ("Cookie", ("portal_8000=x; x", "=;=;", "\xff=\xfe", "x" * 8000)),
    ("Origin", ("http://evil.example", "null", "http://localhost", "\xff")),
    ("Referer", ("http://localhost/", "http://evil.example/", "x" * 5000, "http://[", "\xff")),
    ("Sec-Fetch-Site", ("same-origin", "cross-site", "none", "x")),
    ("User-Agent", ("", "x" * 10_000, "\xff\x01", MARKUP)),
    ("Authorization", ("Basic \xff", "Bearer x", "Digest")),
    ("Content-Encoding", ("gzip", "x")),
    ("X-HTTP-Method-Override", ("DELETE",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it is sent: its name, the type that it claims and its bytes."""

    name: str
    claims: str
    data: bytes


FILES: Final = (
    Sent("Thư mời.pdf", "application/pdf", PDF),
    Sent("ảnh.png", "image/png", PNG),
    Sent("công văn.docx", "application/octet-stream", docx()),
    Sent("dự toán.xlsx", "text/plain", xlsx()),
    Sent("a.pdf", "application/pdf", PNG),
    Sent("a.png", "image/png", MARKUP.encode()),
    Sent("a.jpg", "image/jpeg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    Sent("a.docx", "application/pdf", docm()),
    Sent("a.docx", "x", with_password(docx())),
    Sent("a.xlsx", "x", archive({"bomb": b"\0" * 30_000_000})),
    Sent("a.doc", "application/msword", OLE),
    Sent("a.exe", "application/pdf", b"MZ" + bytes(100)),
    Sent("a.pdf", "application/pdf", b""),
    Sent("", "", b"x"),
    Sent("../../../etc/passwd.pdf", "application/pdf", PDF),
    Sent("a\0.pdf", "application/pdf", PDF),
    Sent("\u202efdp.exe.pdf", "application/pdf", PDF),
    Sent("x" * 5000 + ".pdf", "application/pdf", PDF),
    Sent(MARKUP + ".pdf", "text/html", PDF),
    Sent("a\r\nX: y.pdf", "application/pdf", PDF),
    Sent(".pdf", "application/pdf", PDF),
    Sent("\ud800.pdf", "application/pdf", PDF),
    Sent("con.pdf", "\xff", JPEG),
)


def value(random: Random, name: str = "") -> bytes:
    """Something for a field of this name; often at least of its kind."""
    dice = random.random()
    if dice < 0.02:
        return encoded(random.choice(LONG))
    if dice < 0.07:
        return random.choice(BYTES)
    kind: Sequence[str] = TEXTS
    if dice < 0.75:
        kind = _of_kind(name)
    elif dice < 0.85:
        kind = NUMBERS
    elif dice < 0.92:
        kind = DAYS
    return encoded(random.choice(kind))


def _of_kind(name: str) -> Sequence[str]:
    if any(part in name for part in ("date", "_on", "since", "until", "departs", "returns", "day")):
        return DAYS
    if any(part in name for part in ("id", "version", "year", "member", "went", "cost", "after")):
        return NUMBERS
    return TEXTS


def encoded(text: str) -> bytes:
    """Bytes of a text, also of one that is none (lone surrogates)."""
    return text.encode("utf-8", "surrogatepass")
