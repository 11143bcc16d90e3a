"""How ids are called in a sentence: stored verdicts hold ids, pages show names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Names:
    """Display names by id, titles included ("bà Trần Thị Bình"); what is not listed shows
    its id.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    guests: Mapping[int, str] = field(default_factory=dict)

    def person(self, id_: str) -> str:
        return self.people.get(id_, id_)

    def agency(self, id_: str) -> str:
        return self.agencies.get(id_, id_)

    def activity(self, id_: str) -> str:
        return self.activities.get(id_, id_)

    def item(self, id_: str) -> str:
        return self.items.get(id_, id_)


NO_NAMES = Names()
