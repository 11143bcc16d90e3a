"""The police are asked, once, beside or after the focal point, and answer with reasons."""

import pytest

from portal.core.errors import Conflict, FieldErrors, NotFound
from tests.integration.activities.conftest import DAY, Path


def test_the_police_are_asked_when_the_programme_names_defence(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("defence",))
    path.to_appraisal()
    with pytest.raises(Conflict):
        path.take("focal_officer", "appraise", note="x", recommendation="approve")
    path.take("focal_officer", "ask-opinion")
    assert ("give-opinion", "cong-an-tinh") in path.open_tasks()
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")


def test_the_police_see_the_file_only_once_they_are_asked(path: Path) -> None:
    path.to_appraisal()
    with pytest.raises(NotFound):
        path.take("police", "give-opinion", opinion="agree")


def test_an_objection_says_what_it_objects_to(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion")
    with pytest.raises(FieldErrors):
        path.take("police", "give-opinion", opinion="object")
    path.take("police", "give-opinion", opinion="object", note="Địa bàn phức tạp.")


def test_an_urgent_file_asks_the_police_beside_the_focal_point(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("security",))
    path.province.connection.execute(
        "UPDATE activity SET urgent = true, urgent_reason = 'Đoàn đi gấp' WHERE id = %s", [path.id]
    )
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    path.take("head", "submit")
    assert path.open_tasks() == {("receive", "so-ngoai-vu"), ("give-opinion", "cong-an-tinh")}
    path.take("police", "give-opinion", opinion="agree")


def resubmit(path: Path) -> None:
    path.take("officer", "send-for-review")
    path.take("reviewer", "endorse")
    path.take("head", "submit")


def test_a_question_to_the_police_survives_a_return_and_is_answered_once(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("defence",))
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion")
    path.take("focal_officer", "return", reason="Thiếu chương trình chi tiết.")
    assert path.open_tasks() == {("correct", "hoi-an")}
    resubmit(path)
    assert ("give-opinion", "cong-an-tinh") in path.open_tasks()
    path.take("focal_officer", "receive")
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")
    assert path.open_tasks() == {("sign-appraisal", "so-ngoai-vu")}


def test_an_urgent_file_that_was_returned_asks_the_police_one_question(path: Path) -> None:
    path.province.programme(path.id, "hoi-an", topics=("security",))
    path.province.connection.execute(
        "UPDATE activity SET urgent = true, urgent_reason = 'Đoàn đi gấp' WHERE id = %s", [path.id]
    )
    path.to_appraisal()
    path.take("focal_officer", "return", reason="Thiếu chương trình chi tiết.")
    resubmit(path)
    asked = path.province.connection.execute(
        "SELECT count(*) FROM opinion WHERE activity_id = %s", [path.id]
    ).fetchone()
    assert asked == (1,)
    path.take("focal_officer", "receive")
    path.take("police", "give-opinion", opinion="agree")
    path.take("focal_officer", "appraise", note="x", recommendation="approve")


def test_an_opinion_received_on_paper_leaves_its_number_and_date_only(path: Path) -> None:
    path.to_appraisal()
    path.take("focal_officer", "ask-opinion", note="Xin ý kiến.")
    path.take(
        "focal_officer",
        "record-opinion",
        note="nội dung",
        document_no="15/CAT-PA01",
        document_date=DAY,
    )
    kept = path.province.connection.execute(
        "SELECT answer, text, document_no, document_date FROM opinion WHERE activity_id = %s",
        [path.id],
    ).fetchall()
    assert kept == [("received-on-paper", None, "15/CAT-PA01", DAY)]
    assert path.open_tasks() == {("appraise", "so-ngoai-vu")}
