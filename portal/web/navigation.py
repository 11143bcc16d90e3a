"""The left rail: its places in their order. A room links its page; one sees what one may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, current_app, request, url_for
from flask.sansio.app import App

from portal.core.context import Actor, current_actor
from portal.web.i18n import LazyText, lazy

_EXTENSION: Final = "portal_navigation"


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    label: LazyText
    icon: str


#: In the order of the rail; the first four stand in the bottom bar of a phone.
PLACES: Final = (
    Place("tasks", lazy("To do"), "checklist"),
    Place("plans", lazy("Plans"), "list-details"),
    Place("activities", lazy("Foreign-affairs activities"), "plane-departure"),
    Place("exchange", lazy("Information exchange"), "messages"),
    Place("calendar", lazy("Calendar"), "calendar"),
    Place("people", lazy("People"), "users"),
    Place("regulations", lazy("Regulations"), "scale"),
    Place("statistics", lazy("Statistics"), "chart-bar"),
    Place("oversight", lazy("Oversight"), "eye"),
    Place("audit", lazy("Audit log"), "history"),
    Place("administration", lazy("Administration"), "settings"),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the rail as the template shows it."""

    key: str
    label: LazyText
    icon: str
    url: str
    current: bool


@dataclass(slots=True)
class _Links:
    places: dict[str, tuple[str, frozenset[str]]]
    addresses: dict[tuple[str, str], str]
    bell: tuple[str, Callable[[], int]] | None = None
    search: str | None = None
    covers: dict[str, str] = field(default_factory=dict)
    personal: list[tuple[str, LazyText, frozenset[str]]] = field(default_factory=list)


def _links(app: App) -> _Links:
    found: _Links = app.extensions.setdefault(_EXTENSION, _Links({}, {}))
    return found


def link(bp: Blueprint, key: str, endpoint: str, *any_of: str, covers: str | None = None) -> None:
    """Put ``endpoint`` at the rail's place ``key`` for whoever has one of the permissions (none
    named: everybody). ``covers``: pages under this address belong to the place too.
    """
    if key not in {place.key for place in PLACES}:
        raise ValueError(f"no place {key!r} in the rail; see PLACES")
    bp.record_once(
        lambda state: _links(state.app).places.update({key: (endpoint, frozenset(any_of))})
    )
    if covers:
        bp.record_once(lambda state: _links(state.app).covers.update({key: covers}))


def link_person(bp: Blueprint, endpoint: str, label: LazyText, *any_of: str) -> None:
    """Put ``endpoint`` into the menu under the person's name, for whoever has a permission."""
    entry = (endpoint, label, frozenset(any_of))
    bp.record_once(lambda state: _links(state.app).personal.append(entry))


def person_links(actor: Actor) -> list[dict[str, str]]:
    """What rooms have put into the menu under this person's name."""
    return [
        {"url": _address(endpoint), "label": str(label)}
        for endpoint, label, any_of in _links(current_app).personal
        if _may(actor, any_of)
    ]


def link_search(bp: Blueprint, endpoint: str) -> None:
    """The page that answers the search box: GET with ``q``."""
    bp.record_once(lambda state: setattr(_links(state.app), "search", endpoint))


def link_bell(bp: Blueprint, endpoint: str, count: Callable[[], int]) -> None:
    """The page behind the bell, and what counts the unread (asked once a full page)."""
    bp.record_once(lambda state: setattr(_links(state.app), "bell", (endpoint, count)))


def menu(actor: Actor) -> list[MenuItem]:
    """The rail of this person; the item whose address is the longest prefix of the current one is
    current.
    """
    known = _links(current_app)
    links = known.places
    items = [
        (place, _address(links[place.key][0]))
        for place in PLACES
        if place.key in links and _may(actor, links[place.key][1])
    ]
    here = max((url for _, url in items if _inside(url)), key=len, default=None)
    if here is None:
        covered = {key for key, url in known.covers.items() if _inside(url)}
        here = next((url for place, url in items if place.key in covered), None)
    return [MenuItem(place.key, place.label, place.icon, url, url == here) for place, url in items]


def _address(endpoint: str) -> str:
    """The address of a page without parameters, built once."""
    known = _links(current_app).addresses
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]


def _may(actor: Actor, any_of: frozenset[str]) -> bool:
    return not any_of or not any_of.isdisjoint(actor.permissions)


def _inside(url: str) -> bool:
    path = request.path
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def frame() -> dict[str, Any]:
    """What layout.html needs on every page: ``actor``, ``menu``, ``search_url``, ``bell``."""
    actor = current_actor()
    if actor is None:
        return {"actor": None, "menu": [], "search_url": None, "bell": None}
    links = _links(current_app)
    return {
        "actor": actor,
        "menu": menu(actor),
        "search_url": _address(links.search) if links.search else None,
        "bell": (_address(links.bell[0]), links.bell[1]) if links.bell else None,
    }
