"""Words, numbers and days in both languages; translations that cost nothing at request time."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from jinja2 import UndefinedError
from markupsafe import Markup

from portal.core.context import acting_as
from portal.web import filters, i18n
from portal.web.i18n import gettext, lazy, ngettext, use_locale
from portal.web.rendering import environment
from portal.web.states import OVERDUE, STATES
from tests.support.web_room import OFFICER

MOMENT = dt.datetime(2026, 9, 5, 7, 5, tzinfo=dt.UTC)  # 14:05 in Việt Nam


def test_without_a_request_the_language_is_vietnamese() -> None:
    assert gettext("Draft") == "Đang soạn"


def test_a_lazy_word_speaks_the_language_of_the_moment() -> None:
    word = lazy("Draft")
    with use_locale("en"):
        assert str(word) == "Draft"
    assert f"{word}" == "Đang soạn"


def test_an_unknown_message_is_its_own_translation() -> None:
    assert gettext("Nobody wrote this %(n)s", n=3) == "Nobody wrote this 3"


def test_a_percent_sign_without_values_is_text() -> None:
    assert gettext("100 %") == "100 %"


def test_the_acting_persons_language_is_spoken() -> None:
    with acting_as(replace(OFFICER, locale="en")):
        assert i18n.locale() == "en"
    with acting_as(replace(OFFICER, locale="fr")):
        assert i18n.locale() == "vi"


@pytest.mark.parametrize(("n", "words"), [(1, "1 working day"), (2, "2 working days")])
def test_english_counts_in_two_forms_and_vietnamese_in_one(n: int, words: str) -> None:
    with use_locale("en"):
        assert ngettext("%(n)s working day", "%(n)s working days", n) == words
    assert ngettext("%(n)s working day", "%(n)s working days", n) == f"{n} ngày làm việc"


def test_every_state_has_its_word_in_both_languages() -> None:
    for state in [*STATES.values(), OVERDUE]:
        vietnamese = str(state.label)
        with use_locale("en"):
            assert str(state.label) != vietnamese


def test_no_two_states_look_alike() -> None:
    looks = [(state.css, state.icon) for state in STATES.values()]
    assert len(set(looks)) == len(looks)


def test_days_and_hours_are_those_of_viet_nam() -> None:
    assert filters.datetime(MOMENT) == "05/09/2026 14:05"
    assert filters.date(dt.datetime(2026, 12, 31, 18, tzinfo=dt.UTC)) == "01/01/2027"
    assert filters.time(MOMENT) == "14:05"
    assert filters.date(None) == filters.time(None) == filters.datetime(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-12-12", "2026-12-16", "12–16/12/2026"),
        ("2026-11-28", "2026-12-02", "28/11–02/12/2026"),
        ("2026-12-30", "2027-01-03", "30/12/2026–03/01/2027"),
        ("2026-12-12", "2026-12-12", "12/12/2026"),
    ],
)
def test_a_period_is_as_short_as_it_stays_clear(start: str, end: str, text: str) -> None:
    assert filters.period(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == text


def render(app: Flask, source: str, **values: object) -> str:
    return environment().from_string(source).render(**values)


@pytest.mark.parametrize(
    ("source", "vietnamese", "english"),
    [
        ("{{ 1234.5|number }}", "1.234,5", "1,234.5"),
        ("{{ 12500000|money }}", "12.500.000 đồng", "12,500,000 VND"),
        ("{{ amount|money('USD') }}", "1.200,50 USD", "1,200.50 USD"),
        ("{{ 1240000|file_size }}", "1,2 MB", "1.2 MB"),
        ("{{ 400|file_size }}", "1 KB", "1 KB"),
        ("{{ none|number }}", "", ""),
        ("{{ 2|working_days }}", "2 ngày làm việc", "2 working days"),
        ("{{ 2|due_words }}", "còn 2 ngày làm việc", "2 working days left"),
        ("{{ 0|due_words }}", "hôm nay", "today"),
        ("{{ 0|due_words(moment) }}", "hôm nay, trước 14:05", "today by 14:05"),
        ("{{ -1|due_words }}", "quá 1 ngày làm việc", "1 working day overdue"),
    ],
)
def test_numbers_and_waits_are_written_in_each_language(
    app: Flask, source: str, vietnamese: str, english: str
) -> None:
    with app.test_request_context("/"):
        for code, text in (("vi", vietnamese), ("en", english)):
            with use_locale(code):
                shown = render(app, source, moment=MOMENT, amount=Decimal("1200.50"))
                assert shown == text


def test_a_constant_translation_is_folded_into_the_compiled_template(app: Flask) -> None:
    with app.test_request_context("/"), use_locale("vi"):
        code = environment().compile('<b>{{ _("Draft") }}</b>', raw=True)
    assert "<b>Đang soạn</b>" in code
    assert "gettext" not in code


def test_a_translation_with_values_keeps_only_the_filling_in(app: Flask) -> None:
    with app.test_request_context("/"), use_locale("vi"):
        code = environment().compile('{{ _("due %(when)s", when=x) }}', raw=True)
        assert "hạn %(when)s" in code
        shown = render(app, '{{ _("due %(when)s", when=x) }}', x="<i>")
        assert shown == "hạn &lt;i&gt;"
        shown = render(app, '{{ _("due %(when)s", when=x) }}', x=Markup("<i>5</i>"))
        assert shown == "hạn <i>5</i>"


def test_a_message_that_is_not_constant_is_translated_at_request_time(app: Flask) -> None:
    with app.test_request_context("/"), use_locale("vi"):
        assert render(app, "{{ _(word) }}", word="Draft") == "Đang soạn"


def test_folding_escapes_what_a_translation_holds(app: Flask) -> None:
    with app.test_request_context("/"), use_locale("vi"):
        assert environment().from_string('{{ _("<b>&") }}').render() == "&lt;b&gt;&amp;"


def test_a_mistyped_name_fails_in_tests_instead_of_showing_nothing(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(UndefinedError):
        render(app, "{{ nobody }}")


def test_a_component_that_does_not_exist_is_named(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(UndefinedError, match="'buton'"):
        render(app, '{{ ui.buton("x") }}')
