"""What other rooms use of identity, beside its queries and types."""

from __future__ import annotations

from portal.identity.accounts import create_account, grant
from portal.identity.offices import signs_for
from portal.identity.passwords import hash_password
from portal.identity.people import PersonFacts, create_person, may_manage
from portal.identity.queries import holders, people_by_id, search_people
from portal.identity.sessions import forget_ended_sessions
from portal.identity.travel import is_abroad, set_trip_limit, trip_summary

__all__ = [
    "PersonFacts",
    "create_account",
    "create_person",
    "forget_ended_sessions",
    "grant",
    "hash_password",
    "holders",
    "is_abroad",
    "may_manage",
    "people_by_id",
    "search_people",
    "set_trip_limit",
    "signs_for",
    "trip_summary",
]
