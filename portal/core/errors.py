"""Refusals that a person is told about. The web room turns each into a page; none is ever a 500.

Messages are English msgids with named parameters; the web room translates them.
"""

from collections.abc import Mapping
from typing import Any


class PortalError(Exception):
    """Base of every refusal: a translatable message and its parameters."""

    status = 400

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NotFound(PortalError):
    """The thing does not exist, or the person may not know that it does."""

    status = 404

    def __init__(
        self, message: str = "There is no such page, or it is not shared with you."
    ) -> None:
        super().__init__(message)


class Denied(PortalError):
    """The person may know of the thing but not do this to it."""

    status = 403

    def __init__(
        self,
        message: str = "You may not do this.",
        *,
        permission: str | None = None,
        **params: Any,
    ) -> None:
        super().__init__(message, **params)
        self.permission = permission


class Conflict(PortalError):
    """Somebody was faster, or the file is not in a state that allows the step."""

    status = 409


class Altered(PortalError):
    """A record that is kept for ever can no longer be read: somebody changed it by hand."""

    status = 410


class FieldErrors(PortalError):
    """Input that cannot be taken: one message for each field that is wrong."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Some fields need your attention.")
        self.errors = dict(errors)


class Blocked(PortalError):
    """The law stops the step; `findings` says which rules and why."""

    status = 422

    def __init__(self, findings: tuple[Any, ...]) -> None:
        super().__init__("The regulations do not allow this step yet")
        self.findings = findings


class Unavailable(PortalError):
    """Something the portal needs does not answer just now."""

    status = 503
