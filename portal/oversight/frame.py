"""What the pages of the oversight share: their place in the rail, their tabs, their addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import request, url_for

from portal.access.permissions import Permission
from portal.core.context import Actor, current_actor
from portal.core.errors import Denied
from portal.oversight.types import Page, Place
from portal.web.i18n import LazyText, lazy

Row = TypeVar("Row")
_SIDES: Final = ("after", "before")
_PLACE: Final = re.compile(r"(\d{1,18})(s?)")
_TABS: Final[tuple[tuple[LazyText, str, Permission], ...]] = (
    (lazy("Exceptions"), "oversight.exceptions_page", Permission.WAIVER_VIEW),
    (lazy("Late and above the limit"), "oversight.trips", Permission.WAIVER_VIEW),
    (lazy("Signals"), "signals.index", Permission.SIGNAL_VIEW),
    (lazy("Inspector's pack"), "packs.ask", Permission.AUDIT_EXPORT),
)


def acting() -> Actor:
    """The signed-in person; the guard has let nobody else through."""
    actor = current_actor()
    if actor is None:
        raise Denied
    return actor


def tabs() -> list[dict[str, Any]]:
    """The pages of the oversight that this person may open."""
    actor = acting()
    return [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint, permission in _TABS
        if actor.may(permission)
    ]


def read_place() -> Place | None:
    """The place in a list from `after=` or `before=`; nonsense means the first page."""
    for name, forwards in (("after", True), ("before", False)):
        match = _PLACE.fullmatch(request.args.get(name, ""))
        if match:
            return Place(int(match[1]), bool(match[2]), forwards)
    return None


def page_here(read: Callable[[Place | None], Page[Row]]) -> Page[Row]:
    """The page that the address names; where nothing stands any more, the first one."""
    place = read_place()
    page = read(place)
    return page if page.rows or place is None else read(None)


def page_url(endpoint: str, place: Place | None) -> str | None:
    """The address of the neighbouring page that begins at `place`, with the same filters."""
    if place is None:
        return None
    kept: dict[str, Any] = {
        key: value for key, value in request.args.items() if value and key not in _SIDES
    }
    kept["after" if place.forwards else "before"] = f"{place.id}{'s' if place.settled else ''}"
    return url_for(endpoint, **kept)
