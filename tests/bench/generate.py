"""Fills an empty, migrated database with a province of any size, by COPY as a superuser.

    python -m tests.bench.generate postgresql://…/scratch --activities 1000000 --tenants 1000

The rows are drawn from a seeded generator, so that two runs on the same day are alike: people and
accounts of every agency, plans of every year, delegations of five and a half years in the states
that fit their dates, with members, timeline, tasks and quota slots. Constraints are checked as
ever; foreign keys are trusted, and secondary indexes are built when the rows are there.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import psycopg
from psycopg import sql

from portal.core import clock
from portal.web.text import fold, name_sort_key
from tests.bench import words

BATCH: Final = 5_000
DAYS: Final = 2_000
"""Proposals of this many days; the newest trips lie ahead of today."""
NULL: Final = r"\N"
OPEN: Final = {
    "in-review": (("review", "activity:review", "own"),),
    "returned": (("correct", "activity:propose", "own"),),
    "completed": (("report", "activity:report", "own"),),
    "submitted": (("receive", "appraisal:receive", "focal"),),
    "in-appraisal": (("appraise", "appraisal:write", "focal"),),
    "appraised": (
        ("decide", "decision:decide", "chair"),
        ("record-decision", "decision:record", "chair"),
    ),
    "reported": (("close", "activity:close", "focal"),),
}
"""What waits for whom while a file is in a state."""
PATH: Final = (
    ("send-for-review", "draft", "in-review", "propose"),
    ("submit", "in-review", "submitted", "submit"),
    ("receive", "submitted", "in-appraisal", None),
    ("appraise", "in-appraisal", "in-appraisal", "appraise"),
    ("sign-appraisal", "in-appraisal", "appraised", "sign-appraisal"),
    ("approve", "appraised", "approved", "decide"),
    ("report", "completed", "reported", "report"),
    ("close", "reported", "closed", "close"),
)
STEPS_TAKEN: Final = {
    "draft": 0, "in-review": 1, "submitted": 2, "in-appraisal": 3, "returned": 3, "appraised": 5,
    "rejected": 5, "approved": 6, "under-way": 6, "completed": 6, "cancelled": 6, "reported": 7,
    "closed": 8, "withdrawn": 2,
}  # fmt: skip
UNDECIDED: Final = (
    "draft", "draft", "in-review", "submitted", "in-appraisal", "returned", "appraised",
)  # fmt: skip
DECIDED: Final = frozenset({"approved", "under-way", "completed", "reported", "closed"})
PERSON_WORDS: Final = """
    INSERT INTO person_word (person_id, word)
    SELECT DISTINCT id, word FROM person, unnest(string_to_array(search_key, ' ')) word
"""
"""What the trigger of migration 0010 writes; triggers rest while rows are copied."""
SEARCH_WORDS: Final = """
    INSERT INTO activity_search (activity_id, words, countries)
    SELECT id, to_tsvector('pg_catalog.simple', search_key), countries FROM activity
"""
"""What the trigger of migration 0030 writes; these search keys hold no punctuation."""
CAPACITIES: Final = ("focal", "police", "chair", "committee", "inspectorate", "administration")
OFFICES: Final = {
    "focal": ("focal-officer", "focal-head"),
    "police": ("police-officer", "police-head"),
    "chair": ("chair", "chair-officer"),
    "committee": ("standing-committee",),
    "inspectorate": ("inspector",),
    "administration": ("administrator",),
}
COMMON_OFFICES: Final = ("head", "deputy-head", "reviewer", "officer", "clerk", "viewer")
TABLES: Final = {
    "tenant": "id code kind name_vi name_en search_key valid_from internal_review",
    "tenant_capacity": "tenant_id capacity valid_from",
    "person": "id tenant_id full_name honorific sort_key search_key position key_leader managed_by"
    " sensitive_post active",
    "user_account": "id username name password_hash person_id active locale created_at",
    "membership": "tenant_id user_id role fields valid_from created_at",
    "plan": "id tenant_id year status decision_no decision_date",
    "plan_item": "id tenant_id plan_id code kind origin title countries month",
    "activity": "id tenant_id kind title search_key state version field plan_item_id starts_on"
    " ends_on countries lead_person_id urgent after_the_fact referred authority police_involved"
    " blocks warnings holder_tenant_id holder_since due_on submitted_on decided_on reported_on"
    " passports_returned_on closed_on created_by updated_at created_at",
    "outbound": "activity_id tenant_id purpose host_partner content invitation_from necessity"
    " funding cost_vnd organiser leader_rank important_event secret_documents secret_permission"
    " answers",
    "delegation_member": "tenant_id activity_id person_id role position went",
    "step": "tenant_id activity_id at action from_state to_state user_id person_id actor_name"
    " actor_tenant_id data",
    "task": "tenant_id activity_id kind permission desk_tenant_id opened_at opened_by due_on"
    " closed_at outcome",
    "quota_use": "rule subject_id period slot limit activity_id",
}


@dataclass(slots=True)
class Tenant:
    """An agency and its rows' numbers, which follow from its own."""

    id: int
    people: range
    users: range
    items: dict[int, range] = field(default_factory=dict)
    """Plan items by year."""


class Province:
    """Draws rows; `buffers` holds them until they are copied."""

    def __init__(
        self, tenants: int, people: int, *, seed: int, skew: float, password_hash: str
    ) -> None:
        self.random = random.Random(seed)
        self.today = clock.today()
        self.password_hash = password_hash
        self.skew = skew
        self.first_day = self.today - timedelta(days=DAYS - 60)
        self.buffers: dict[str, list[str]] = defaultdict(list)
        self.desks = {name: number for number, name in enumerate(CAPACITIES, start=1)}
        self.slots: dict[tuple[str, int, int], int] = defaultdict(int)
        self.tenants = [self._tenant(number, people) for number in range(1, tenants + 1)]

    def put(self, table: str, *values: object) -> None:
        self.buffers[table].append("\t".join(_text(value) for value in values))

    def _tenant(self, number: int, people: int) -> Tenant:
        kinds, places = words.KINDS, words.PLACES
        name = f"{kinds[number % len(kinds)]} {places[number % len(places)]} {number}"
        capacity = CAPACITIES[number - 1] if number <= len(CAPACITIES) else None
        kind = {"focal": "focal", "police": "police", "chair": "chair-office"}.get(
            capacity or "", ("department", "district")[number % 2]
        )
        self.put("tenant", number, f"T{number:05}", kind, name, f"Agency {number}", fold(name),
                 date(2000, 1, 1), True)  # fmt: skip
        if capacity:
            self.put("tenant_capacity", number, capacity, date(2000, 1, 1))
        first = (number - 1) * people + 1
        tenant = Tenant(number, range(first, first + people), range(first, first + people))
        offices = OFFICES.get(capacity or "", ()) + COMMON_OFFICES
        for place, person in enumerate(tenant.people):
            office = offices[place] if place < len(offices) else "officer"
            self._person(tenant, person, place, office)
        for year in range(self.first_day.year, self.today.year + 2):
            self._plan(tenant, year)
        return tenant

    def _person(self, tenant: Tenant, person: int, place: int, office: str) -> None:
        draw = self.random
        name = " ".join(map(draw.choice, (words.FAMILY, words.MIDDLE, words.GIVEN)))
        position = words.POSITIONS[min(place, len(words.POSITIONS) - 1)]
        self.put("person", person, tenant.id, name, "ông" if person % 2 else "bà",
                 name_sort_key(name), fold(name), position, place < 4,
                 "standing-committee" if place == 0 else "agency", False, True)  # fmt: skip
        self.put("user_account", person, f"u{person}", name, self.password_hash, person, True, "vi",
                 self.today)  # fmt: skip
        self.put("membership", tenant.id, person, office, "{}", date(2000, 1, 1), self.today)

    def _plan(self, tenant: Tenant, year: int) -> None:
        plan = tenant.id * 100 + year - 2000
        items = range(plan * 20, plan * 20 + 12)
        tenant.items[year] = items
        approved = year <= self.today.year
        self.put("plan", plan, tenant.id, year, "approved" if approved else "draft",
                 f"{plan % 4000}/QĐ-UBND" if approved else None,
                 date(year - 1, 12, 20) if approved else None)  # fmt: skip
        for month, item in enumerate(items, start=1):
            self.put("plan_item", item, tenant.id, plan, f"P{month}", "outbound",
                     "supplement" if month == 12 else "original", f"Đoàn ra tháng {month}", "{}",
                     month)  # fmt: skip

    def activity(self, number: int, of: int) -> None:
        """The activity `number` of `of`, with everything that hangs on it."""
        draw = self.random
        tenant = self.tenants[int(draw.random() ** self.skew * len(self.tenants))]
        created = self.first_day + timedelta(days=(DAYS - 60) * number // of)
        starts = created + timedelta(days=draw.randint(10, 75))
        ends = starts + timedelta(days=draw.randint(2, 9))
        state = self._state(starts, ends, created)
        submitted = created + timedelta(days=5) if STEPS_TAKEN[state] >= 2 else None
        item = draw.choice(tenant.items[starts.year]) if draw.random() < 0.85 else None
        country = draw.choice(words.WEIGHTED_COUNTRIES)
        countries = [country] if draw.random() < 0.8 else [country, draw.choice(words.RARE)]
        topic, occasion = draw.choice(words.TOPICS), draw.choice(words.OCCASIONS)
        title = f"{topic} tại {words.COUNTRIES[country]} {occasion}"
        members = draw.sample(tenant.people, draw.choice((1, 2, 3, 3, 4, 5)))
        tasks = OPEN.get(state, ())
        due = self.today + timedelta(days=draw.randint(-6, 9)) if tasks else None
        desk = self.desks.get(tasks[0][2], tenant.id) if tasks else None
        late_decision = created + timedelta(days=9) if STEPS_TAKEN[state] >= 5 else None
        reported = ends + timedelta(days=8) if state in ("reported", "closed") else None
        self.put("activity", number, tenant.id, "outbound", title, fold(title), state,
                 STEPS_TAKEN[state] + 1, words.FIELDS[number % len(words.FIELDS)], item, starts,
                 ends, "{" + ",".join(countries) + "}", members[0], number % 40 == 0,
                 number % 90 == 0, False, "chair" if submitted else None,
                 submitted is not None and number % 5 == 0,
                 1 if draw.random() < 0.05 else 0, draw.choice((0, 0, 0, 1, 2)), desk,
                 created if desk else None, due, submitted, late_decision, reported, reported,
                 reported if state == "closed" else None, tenant.users[5], created,
                 created)  # fmt: skip
        self.put("outbound", number, tenant.id, words.PURPOSE, "", words.PURPOSE, "", "", "state",
                 draw.randint(2, 60) * 10_000_000, "agency", "department", False, False, False,
                 "{}")  # fmt: skip
        went = True if reported else None
        for place, person in enumerate(members):
            self.put("delegation_member", tenant.id, number, person, "head" if place == 0 else
                     "member", place, went)  # fmt: skip
        self._history(tenant, number, state, created, due)
        if state in DECIDED:
            if item is None:
                self._slot("outbound.supplement-quota", tenant.id, starts.year, number)
            self._slot("outbound.leader-trips", members[0], starts.year, number)

    def _state(self, starts: date, ends: date, created: date) -> str:
        draw = self.random.random()
        if draw < 0.09:
            return ("rejected", "withdrawn", "cancelled")[int(draw * 33)]
        if starts > self.today:
            age = (self.today - created).days
            if age > 14 and draw < 0.85:
                return "approved"
            return self.random.choice(UNDECIDED)
        if ends >= self.today:
            return "under-way"
        if draw < 0.13:
            return "draft"
        recent = (self.today - ends).days < 15
        return self.random.choice(("completed", "reported")) if recent else "closed"

    def _history(
        self, tenant: Tenant, number: int, state: str, since: date, due: date | None
    ) -> None:
        for place, (action, before, after, duty) in enumerate(PATH[: STEPS_TAKEN[state]]):
            at = since + timedelta(days=2 * place)
            user = tenant.users[place % 6]
            data = f'{{"duty": "{duty}"}}' if duty else "{}"
            self.put("step", tenant.id, number, at, action, before, after, user, user,
                     words.FAMILY[place] + " " + words.GIVEN[place], tenant.id, data)  # fmt: skip
        for kind, permission, desk in OPEN.get(state, ()):
            self.put("task", tenant.id, number, kind, permission, self.desks.get(desk, tenant.id),
                     since, "Trần Thị Bình", due, None, None)  # fmt: skip
        if state in ("in-appraisal", "appraised") and number % 5 == 0:
            closed = None if state == "in-appraisal" else self.today
            self.put("task", tenant.id, number, "give-opinion", "opinion:give",
                     self.desks["police"], since, "Trần Thị Bình", due, closed,
                     closed and "give-opinion")  # fmt: skip
        elif STEPS_TAKEN[state] >= 6:
            self.put("task", tenant.id, number, "decide", "decision:decide", self.desks["chair"],
                     since, "Trần Thị Bình", since, since + timedelta(days=2),
                     "approve")  # fmt: skip

    def _slot(self, rule: str, subject: int, year: int, activity: int) -> None:
        slot = self.slots[rule, subject, year] + 1
        if slot <= 2:
            self.slots[rule, subject, year] = slot
            self.put("quota_use", rule, subject, year, slot, 2, activity)

    def flush(self, connection: psycopg.Connection, others: dict[str, dict[str, str]]) -> None:
        """Copy what has been drawn; `others` are required columns that mean nothing here."""
        for table, columns in TABLES.items():
            rows = self.buffers.pop(table, None)
            if rows:
                more = others.get(table, {})
                names = sql.SQL(", ").join(map(sql.Identifier, [*columns.split(), *more]))
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                end = "".join(f"\t{value}" for value in more.values()) + "\n"
                with connection.cursor().copy(statement) as copy:
                    copy.write(end.join(rows) + end)


def _text(value: object) -> str:
    return NULL if value is None else str(value)


def generate(
    url: str,
    activities: int,
    *,
    tenants: int = 400,
    people: int = 50,
    seed: int = 2024,
    skew: float = 1.3,
    password_hash: str = "!",
) -> float:
    """Fill the empty database at `url` (a superuser's); returns the seconds it took.

    Tenants 1 to 6 are the focal point, the police, the chair's office, the standing committee, the
    inspectorate and the administration; each agency's people number `people`, and user n of them
    is called u<n>. With `skew` 1 all agencies have about as many files, above it the first ones
    have more. Identity counters are moved on, so that the portal can write afterwards.
    """
    started = time.perf_counter()
    province = Province(tenants, people, seed=seed, skew=skew, password_hash=password_hash)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        others = _other_columns(connection)
        with without_indexes(connection, *TABLES, "person_word", "activity_search"):
            for number in range(1, activities + 1):
                province.activity(number, activities)
                if number % BATCH == 0:
                    province.flush(connection, others)
            province.flush(connection, others)
            connection.execute(PERSON_WORDS)
            connection.execute(SEARCH_WORDS)
        for table, columns in TABLES.items():
            if columns.startswith("id "):
                _move_counter(connection, table)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return time.perf_counter() - started


def _other_columns(connection: psycopg.Connection) -> dict[str, dict[str, str]]:
    """Table → required column not named in TABLES → an empty value of its type."""
    empty = {"boolean": "f", "text": "", "jsonb": "{}", "ARRAY": "{}"}
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_name = ANY(%s) AND is_nullable = 'NO' AND column_default IS NULL"
        " AND is_identity = 'NO' AND is_generated = 'NEVER'",
        (list(TABLES),),
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for table, column, kind in rows:
        if column not in TABLES[table].split():
            found[table][column] = empty.get(kind, "0")
    return found


@contextmanager
def without_indexes(connection: psycopg.Connection, *tables: str) -> Iterator[None]:
    """Secondary indexes of these tables are built again when the block has filled them."""
    rows = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        (list(tables),),
    ).fetchall()
    for name, _ in rows:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in rows:
        connection.execute(sql.SQL(definition))


def _move_counter(connection: psycopg.Connection, table: str) -> None:
    connection.execute(
        sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
            sql.Literal(table), sql.Identifier(table)
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill a scratch database for measurements.")
    parser.add_argument("url", help="a superuser's address of an empty, migrated database")
    parser.add_argument("--activities", type=int, default=10_000)
    parser.add_argument("--tenants", type=int, default=400)
    given = parser.parse_args()
    seconds = generate(given.url, given.activities, tenants=given.tenants)
    print(f"{given.activities} activities of {given.tenants} tenants in {seconds:.1f} s")


if __name__ == "__main__":
    main()
