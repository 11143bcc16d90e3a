"""How dates, numbers and waits are written in both languages: dd/mm/yyyy, 14:05, 1.234,5."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from portal.core.clock import local
from portal.core.countries import country_names
from portal.web import i18n
from portal.web.i18n import Catalogue

#: Vietnamese writes 1.234,5 and English 1,234.5.
_TO_VIETNAMESE: Final = str.maketrans(",.", ".,")


def date(value: dt.date | dt.datetime | None) -> str:
    """dd/mm/yyyy; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = local(value)
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def time(value: dt.datetime | dt.time | None) -> str:
    """14:05; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = local(value)
    return f"{value.hour:02}:{value.minute:02}"


def datetime(value: dt.datetime | None) -> str:
    """dd/mm/yyyy 14:05; nothing for None."""
    return "" if value is None else f"{date(value)} {time(value)}"


def period(start: dt.date | None, end: dt.date | None) -> str:
    """12–16/12/2026, 28/11–02/12/2026, 30/12/2026–03/01/2027: as short as it stays clear."""
    if start is None or end is None or start == end:
        return date(start or end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day:02}–{date(end)}"
    if start.year == end.year:
        return f"{start.day:02}/{start.month:02}–{date(end)}"
    return f"{date(start)}–{date(end)}"


def countries(codes: Iterable[str], *, names: Mapping[str, str]) -> str:
    """Lào, Thái Lan: ISO 3166 codes by their names; an unknown code stays as it is."""
    return ", ".join(names.get(country, country) for country in codes)


def post_at(position: str | None, agency: str | None) -> str:
    """Văn thư · UBND thành phố Hội An, but Phó Chủ tịch UBND thành phố Hội An: said once."""
    parts = [part for part in (position, agency) if part]
    if len(parts) == 2 and parts[1].casefold() in parts[0].casefold():
        del parts[1]
    return " · ".join(parts)


def number(value: float | Decimal | None, decimals: int | None = None, *, code: str) -> str:
    """1.234,5 (vi) or 1,234.5 (en); ``decimals`` fixes the places, else all of the value."""
    if value is None:
        return ""
    places = "" if decimals is None else f".{decimals}f"
    text = format(Decimal(str(value)) if isinstance(value, float) else value, f",{places}")
    return text.translate(_TO_VIETNAMESE) if code == "vi" else text


def money(value: float | Decimal | None, currency: str = "VND", *, code: str) -> str:
    """12.500.000 đồng; other currencies keep their ISO code: 1.200 USD."""
    if value is None:
        return ""
    unit = "đồng" if currency == "VND" and code == "vi" else currency
    return f"{number(value, code=code)} {unit}"


def file_size(size: int | None, *, code: str) -> str:
    """1,2 MB, 340 KB: decimal units as file managers show."""
    if size is None:
        return ""
    if size < 1_000_000:
        return f"{number(max(1, round(size / 1000)), code=code)} KB"
    return f"{number(size / 1_000_000, 1, code=code)} MB"


def working_days(n: int, *, words: Catalogue) -> str:
    """2 ngày làm việc."""
    return words.ngettext("%(n)s working day", "%(n)s working days", n)


def due_words(days_left: int | None, at: dt.datetime | None = None, *, words: Catalogue) -> str:
    """còn 2 ngày làm việc, hôm nay trước 16:30, quá 1 ngày làm việc; ``days_left`` counts working
    days.
    """
    if days_left is None:
        return ""
    if days_left < 0:
        return words.ngettext("%(n)s working day overdue", "%(n)s working days overdue", -days_left)
    if days_left == 0:
        return words.gettext("today by %(time)s", time=time(at)) if at else words.gettext("today")
    return words.ngettext("%(n)s working day left", "%(n)s working days left", days_left)


def filters_for(code: str) -> dict[str, Callable[..., Any]]:
    """The template filters of one language."""
    words = i18n.catalogue(code)
    return {
        "date": date,
        "period": period,
        "countries": partial(countries, names=country_names(code)),
        "post_at": post_at,
        "time": time,
        "datetime": datetime,
        "number": partial(number, code=code),
        "money": partial(money, code=code),
        "file_size": partial(file_size, code=code),
        "working_days": partial(working_days, words=words),
        "due_words": partial(due_words, words=words),
    }
