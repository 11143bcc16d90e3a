"""The form stays quick: a constant number of statements, however much there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.extensions import db
from tests.integration.outbound_draft.conftest import DAY, Form
from tests.support.province import Province

MOST_ON_THE_PAGE = 10


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "after_cursor_execute", note)


def test_the_page_asks_the_same_few_questions_whatever_there_is(
    app: Flask, begin: Callable[..., Form], province: Province
) -> None:
    form = begin()
    with statements(app) as small:
        form.open()
    for n in range(30):
        person = province.person("hoi-an", f"Lãnh đạo {n}", key_leader=True)
        province.member(form.id, "hoi-an", person)
        trip = province.activity(
            "hoi-an", state="approved", submitted_on=DAY, starts_on="2026-05-04", ends_on=DAY
        )
        province.member(trip, "hoi-an", person)
        province.plan_item("hoi-an", 2026, f"P{n}")
    with statements(app) as large:
        form.open()
    assert len(large) == len(small)
    assert len(large) <= MOST_ON_THE_PAGE, "\n\n".join(large)


def test_a_save_while_typing_asks_few_questions(
    app: Flask, begin: Callable[..., Form], province: Province
) -> None:
    form = begin()
    form.put(purpose="giao lưu", departs="14/12/2026", returns="18/12/2026")
    with statements(app) as seen:
        assert form.autosave().status_code == 200
    assert len(seen) <= 15, "\n\n".join(seen)
