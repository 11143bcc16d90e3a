"""The closed lists of an outbound delegation, in the words of its papers."""

from typing import Final

from portal.activities import words
from portal.identity.words import FIELDS_OF_WORK
from portal.web.i18n import LazyText, lazy

Choices = tuple[tuple[str, LazyText], ...]

FIELDS: Final[Choices] = tuple(FIELDS_OF_WORK.items())
ROLES: Final[Choices] = tuple(words.ROLES.items())
FUNDING: Final[Choices] = tuple(words.FUNDING.items())
ORGANISERS: Final[Choices] = (
    ("agency", lazy("The agency itself")),
    ("enterprise", lazy("An enterprise")),
)
RANKS: Final[Choices] = (
    ("province-leader", lazy("Leader of the province")),
    ("province-deputy", lazy("Deputy leader of the province")),
    ("department", lazy("Leader of a department, district or commune, or lower")),
)
CONFIDENTIAL_PAPERS: Final[Choices] = (
    ("none", lazy("None are carried")),
    ("permitted", lazy("Carried, with written permission")),
    ("unpermitted", lazy("Carried, without written permission yet")),
)
CLASSIFIED: Final[Choices] = (
    ("none", lazy("No state secrets")),
    ("mat", lazy("Mật (secret, third level)")),
    ("toi-mat", lazy("Tối mật (secret, second level)")),
    ("tuyet-mat", lazy("Tuyệt mật (secret, highest level)")),
)
TOPICS: Final[Choices] = tuple(words.TOPICS.items())
BODIES: Final[dict[str, LazyText]] = {
    "focal": lazy("Department of Foreign Affairs"),
    "police": lazy("Provincial Police"),
}


def label_of(choices: Choices, code: str | None) -> str:
    """The words for `code` in the reader's language; nothing for nothing."""
    return next((str(label) for value, label in choices if value == code), code or "")
