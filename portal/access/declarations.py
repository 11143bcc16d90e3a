"""What a view says about who may call it: data on the function, for guard and matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from portal.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE: Final = "portal_access"


class Kind(StrEnum):
    """How a view is protected."""

    ALL = "all"
    ANY = "any"
    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Access:
    """One view's declaration."""

    kind: Kind
    permissions: frozenset[Permission] = frozenset()
    reason: str = ""

    def admits(self, held: frozenset[str]) -> bool:
        """Whether a caller of the declared kind who holds these permissions may call the view."""
        if self.kind in (Kind.ALL, Kind.PROGRAM):
            return self.permissions <= held
        return self.kind is not Kind.ANY or not self.permissions.isdisjoint(held)

    def missing(self, held: frozenset[str]) -> Permission:
        """The first permission, by name, that would have been needed. Only after a refusal."""
        return min(self.permissions - held)

    def __str__(self) -> str:
        names = sorted(self.permissions)
        match self.kind:
            case Kind.PUBLIC:
                return f"public: {self.reason}"
            case Kind.SIGNED_IN:
                return "signed in"
            case Kind.PROGRAM:
                return f"token: {' and '.join(names)}"
            case Kind.ANY:
                return " or ".join(names)
            case Kind.ALL:
                return " and ".join(names)


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Only for people who hold every one of `permissions`."""
    return _declare(Access(Kind.ALL, _some(permissions)))


def requires_any(*permissions: Permission) -> Callable[[View], View]:
    """Only for people who hold at least one of `permissions`."""
    return _declare(Access(Kind.ANY, _some(permissions)))


def by_token(*permissions: Permission) -> Callable[[View], View]:
    """Only for other systems that bring a tenant's token; never for a browser and its cookie."""
    return _declare(Access(Kind.PROGRAM, _some(permissions)))


def signed_in(view: View) -> View:
    """For everybody who is signed in, whatever their roles: their own settings, for example."""
    return _declare(Access(Kind.SIGNED_IN))(view)


def public(reason: str) -> Callable[[View], View]:
    """For everybody, signed in or not; `reason` says why that is right and stands in the matrix."""
    if not reason.strip():
        raise TypeError("public() needs the reason why everybody may see this.")
    return _declare(Access(Kind.PUBLIC, reason=reason))


def access_of(view: Callable[..., Any]) -> Access | None:
    """What `view` declares, None when nothing."""
    access: Access | None = getattr(view, _ATTRIBUTE, None)
    return access


def _some(permissions: tuple[Permission, ...]) -> frozenset[Permission]:
    if not permissions or not all(isinstance(one, Permission) for one in permissions):
        raise TypeError("Name at least one Permission, as in requires(Permission.PLAN_VIEW).")
    return frozenset(permissions)


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if access_of(view) is not None:
            raise TypeError(f"{view.__qualname__} declares its access twice.")
        setattr(view, _ATTRIBUTE, access)
        return view

    return mark
