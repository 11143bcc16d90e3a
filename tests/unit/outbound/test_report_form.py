"""The trip report reads money as people write it, as the draft does."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.activities.forms import ReportForm


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("12.000.000", 12_000_000), ("12000000", 12_000_000), ("", None)],
)
def test_the_real_cost_is_read_with_and_without_thousands(
    app: Flask, typed: str, amount: int | None
) -> None:
    with app.test_request_context("/", method="POST"):
        form = ReportForm(MultiDict({"cost_vnd": typed}))
        form.went.choices = []
        assert form.cost_vnd.validate(form), form.cost_vnd.errors
        assert form.given().extra["cost_vnd"] == amount


def test_the_planned_cost_stands_there_in_groups_of_three(app: Flask) -> None:
    with app.test_request_context("/"):
        assert ReportForm(cost_vnd=204_000_000).cost_vnd.data == "204.000.000"
