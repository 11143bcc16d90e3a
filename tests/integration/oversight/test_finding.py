"""What the sweep finds is kept once; what was settled stays settled until a file joins."""

from __future__ import annotations

from flask import Flask

from portal.core import clock
from portal.oversight.signals import find_signals
from tests.support.province import Province


def a_trip(province: Province, person: int) -> int:
    day = clock.today()
    file = province.activity(
        "hoi-an", state="approved", submitted_on=day, starts_on=day, ends_on=day
    )
    province.member(file, "hoi-an", person)
    return file


def kept(province: Province) -> list[tuple[list[int], bool]]:
    rows = province.connection.execute(
        "SELECT facts->'files', settled_at IS NOT NULL FROM signal"
        " WHERE kind = 'split-trip' ORDER BY id"
    )
    return [(files, settled) for files, settled in rows]


def test_a_settled_signal_stays_settled_until_another_file_joins(
    app: Flask, province: Province
) -> None:
    person = province.person("hoi-an", "Lý Văn Tâm")
    first, second = a_trip(province, person), a_trip(province, person)
    with app.app_context():
        assert find_signals() > 0
        assert find_signals() == 0
    assert kept(province) == [([first, second], False)]
    province.connection.execute("UPDATE signal SET settled_at = now(), reason = 'đã rõ'")
    with app.app_context():
        assert find_signals() == 0
    third = a_trip(province, person)
    with app.app_context():
        find_signals()
        assert find_signals() == 0
    assert kept(province) == [([first, second], True), ([first, second, third], False)]
